// The application lists our instrumentation among its own; the library was loaded before.
const tf = require('@tensorflow/tfjs');
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { TensorFlowJsInstrumentation } = require('@driftline/instrumentation/auto');
const { startDriftline } = require('@driftline/instrumentation');

const { predict } = tf.GraphModel.prototype;
const instrumentation = new TensorFlowJsInstrumentation();
const sdk = new NodeSDK({ serviceName: 'airport', instrumentations: [instrumentation] });
sdk.start();
const driftline = startDriftline();

void import('./late-flights.js').then(async ({ score }) => {
  require('@tensorflow/tfjs');
  await score(tf, process.argv[2]);
  instrumentation.disable();
  if (tf.GraphModel.prototype.predict !== predict) throw new Error('disable() left its patch');
  await score(tf, process.argv[2]);
  await driftline.shutdown();
  await sdk.shutdown();
});
