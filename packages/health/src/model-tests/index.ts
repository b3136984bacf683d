import { latencyTest } from './latency.ts';
import { memoryTest } from './memory.ts';
import { performanceTest } from './performance.ts';
import { predictionTest } from './prediction.ts';
import { startupTest } from './startup.ts';

/** The registry: one line a kind of test. */
export const modelTests = [predictionTest, performanceTest, latencyTest, memoryTest, startupTest] as const;
