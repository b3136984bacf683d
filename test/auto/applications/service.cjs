// The same as CommonJS.
const { InferenceSession, Tensor } = require('onnxruntime-node');

InferenceSession.create('./late-arrival.onnx').then(async (session) => {
  const { score } = await import('./score.js');
  await score(session, Tensor);
});
