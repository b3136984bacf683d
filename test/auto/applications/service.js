// A service as users have it: it knows nothing of Driftline, nor of OpenTelemetry.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { score } from './score.js';

await score(await InferenceSession.create('./late-arrival.onnx'), Tensor);
