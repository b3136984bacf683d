// The application owns its SDK and starts it itself, whatever was registered before.
import { NodeSDK } from '@opentelemetry/sdk-node';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { score } from './score.js';

const sdk = new NodeSDK({ serviceName: 'of-the-application' });
sdk.start();
await score(await InferenceSession.create('./late-arrival.onnx'), Tensor);
await sdk.shutdown();
