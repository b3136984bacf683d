// The application lists our instrumentation among its own; the library was loaded before.
const { InferenceSession, Tensor } = require('onnxruntime-node');
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { OnnxRuntimeInstrumentation } = require('@driftline/instrumentation/auto');
const { startDriftline } = require('@driftline/instrumentation');

const methods = () => Object.getOwnPropertyDescriptors(InferenceSession.prototype);

async function main() {
  const { run } = methods();
  const onnxruntime = new OnnxRuntimeInstrumentation();
  const sdk = new NodeSDK({ serviceName: 'hiring-api', instrumentations: [onnxruntime] });
  sdk.start();
  const driftline = startDriftline();

  const { score } = await import('./score.js');
  const session = await InferenceSession.create('./late-arrival.onnx');
  await score(session, Tensor);
  onnxruntime.disable();
  if (methods().run.value !== run.value) throw new Error('disable() left its patch');
  await score(session, Tensor);

  await driftline.shutdown();
  await sdk.shutdown();
}

void main();
