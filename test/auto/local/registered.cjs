// The application lists our instrumentations among its own; one of the libraries was loaded before.
const tf = require('@tensorflow/tfjs');
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { TensorFlowJsInstrumentation, TransformersJsInstrumentation } = require('@driftline/instrumentation/auto');
const { startDriftline } = require('@driftline/instrumentation');

const predict = () => Reflect.get(tf.GraphModel.prototype, 'predict');
const before = predict();
const instrumentations = [new TensorFlowJsInstrumentation(), new TransformersJsInstrumentation()];
const sdk = new NodeSDK({ serviceName: 'shop', instrumentations });
sdk.start();
const driftline = startDriftline();
const transformers = require('@huggingface/transformers');

async function ask() {
  const [{ score }, { judge }] = await Promise.all([import('./late-flights.js'), import('./review-sentiment.js')]);
  await score(tf, process.argv[2]);
  await judge(transformers, process.argv[3]);
}

void ask().then(async () => {
  for (const instrumentation of instrumentations) instrumentation.disable();
  if (predict() !== before) throw new Error('disable() left its patch');
  await ask();
  await driftline.shutdown();
  await sdk.shutdown();
});
