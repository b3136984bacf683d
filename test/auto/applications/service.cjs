// The same as CommonJS.
const { InferenceSession, Tensor } = require('onnxruntime-node');

async function main() {
  const { score } = await import('./score.js');
  await score(await InferenceSession.create('./late-arrival.onnx'), Tensor);
}

void main();
