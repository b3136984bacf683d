import type { DriftlineOptions } from './settings.ts';
import { type Driftline, start } from './start.ts';

/**
 * Starts the sketch lane. Providers of OpenTelemetry that the application registered are used as they are; where there
 * are none, sketches leave all the same. Node services without an SDK: see `@driftline/instrumentation/node`.
 */
export function startDriftline(options: DriftlineOptions = {}): Driftline {
  return start(options, () => []);
}
