import { monitorModel, startDriftline } from '@driftline/instrumentation';

/** Bundled, and run by Deno, by Bun and where nothing of Node is: 200 predictions to the endpoint, then it is done. */
export async function sendPredictions(endpoint: string): Promise<number> {
  const driftline = startDriftline({ service: 'any-runtime', endpoint });
  const predict = monitorModel({ name: 'double', version: '1', features: { n: 'numeric' } }).wrap(
    async ({ n }: { readonly n: number }) => 2 * n,
  );
  for (let n = 0; n < 200; n++) await predict({ n });
  await driftline.shutdown();
  return Object.values(driftline.status().errors).reduce((sum: number, count) => sum + (count ?? 0), 0);
}
