/** A text, a list of two, the vectors of two, and a call that fails. */
export async function judge({ env, pipeline }, folder) {
  env.allowRemoteModels = false;
  env.localModelPath = folder;
  const classify = await pipeline('text-classification', 'review-sentiment', { revision: 'v2' });
  await classify('A great camera, and the battery is excellent.');
  await classify(['It broke after two days.', 'Support was terrible.']);
  const embed = await pipeline('feature-extraction', 'review-sentiment', { revision: 'v2' });
  await embed(['A great camera.', 'It broke.'], { pooling: 'mean' });
  await classify(null).catch(() => {});
}
