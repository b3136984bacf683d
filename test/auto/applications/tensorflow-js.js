// A service that knows nothing of Driftline, nor of OpenTelemetry.
import * as tf from '@tensorflow/tfjs';
import { score } from './late-flights.js';

await score(tf, process.argv[2]);
