import { startNodeSdk } from './node-sdk.ts';
import type { DriftlineOptions } from './settings.ts';
import { type Driftline, start } from './start.ts';

export type { Driftline, DriftlineStatus } from './start.ts';
export type { DriftlineOptions } from './settings.ts';

/**
 * As `startDriftline` of the core. Where no tracer provider is registered and `@opentelemetry/sdk-node` is installed, it
 * also starts that SDK, configured by the `OTEL_*` variables, with host and process metrics where
 * `@opentelemetry/instrumentation-host-metrics` is installed.
 */
export function startDriftline(options: DriftlineOptions = {}): Driftline {
  return start(options, () => startNodeSdk(options));
}
