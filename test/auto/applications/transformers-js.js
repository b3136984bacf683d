// A service that knows nothing of Driftline, nor of OpenTelemetry.
import * as transformers from '@huggingface/transformers';
import { judge } from './review-sentiment.js';

await judge(transformers, process.argv[2]);
