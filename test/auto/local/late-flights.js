/** Three calls of the layers model, one of which fails, and one of each method of the graph model. */
export async function score(tf, url) {
  const flights = tf.tensor2d([
    [5, 1400, 2, -1, 39],
    [18, 200, 30, 40, 30],
    [8, 750, 20, 10, 50],
  ]);
  const layers = await tf.loadLayersModel(`${url}/late-flights-layers/model.json`);
  layers.predict(flights).dispose();
  layers.predictOnBatch(flights.slice([0, 0], [2, 5])).dispose();
  try {
    layers.predict(tf.zeros([1, 4]));
  } catch {}

  const graph = await tf.loadGraphModel(`${url}/late-flights-graph/model.json`);
  graph.predict(flights).dispose();
  graph.execute({ flight: flights }).dispose();
  (await graph.predictAsync(flights)).dispose();
  (await graph.executeAsync([flights])).dispose();
}
