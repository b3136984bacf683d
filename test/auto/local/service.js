// A service that knows nothing of Driftline, nor of OpenTelemetry.
import * as transformers from '@huggingface/transformers';
import * as tf from '@tensorflow/tfjs';
import { score } from './late-flights.js';
import { judge } from './review-sentiment.js';

await score(tf, process.argv[2]);
await judge(transformers, process.argv[3]);
