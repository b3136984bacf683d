// The application lists our instrumentation among its own; the library was loaded before.
const { InferenceSession, Tensor } = require('onnxruntime-node');
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { OnnxRuntimeInstrumentation } = require('@driftline/instrumentation/auto');
const { startDriftline } = require('@driftline/instrumentation');

const { run } = InferenceSession.prototype;
const onnxruntime = new OnnxRuntimeInstrumentation();
const sdk = new NodeSDK({ serviceName: 'hiring-api', instrumentations: [onnxruntime] });
sdk.start();
const driftline = startDriftline();

InferenceSession.create('./late-arrival.onnx').then(async (session) => {
  const { score } = await import('./score.js');
  await score(session, Tensor);
  onnxruntime.disable();
  if (InferenceSession.prototype.run !== run) throw new Error('disable() left its patch');
  await score(session, Tensor);
  await driftline.shutdown();
  await sdk.shutdown();
});
