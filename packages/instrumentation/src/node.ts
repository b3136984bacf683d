import { type NodeDriftlineOptions, startCompanions } from './node-companions.ts';
import { type Driftline, start } from './start.ts';

export type { Driftline, DriftlineStatus } from './start.ts';
export type { DriftlineOptions } from './settings.ts';
export type { NodeDriftlineOptions } from './node-companions.ts';
export type { ResourceOptions } from './resources/resource-settings.ts';

/**
 * As `startDriftline` of the core, with metrics of the machine. Where no tracer provider is registered and
 * `@opentelemetry/sdk-node` is installed, it also starts that SDK, configured by the `OTEL_*` variables, with
 * `@opentelemetry/instrumentation-host-metrics` where that is installed.
 */
export function startDriftline(options: NodeDriftlineOptions = {}): Driftline {
  return start(options, (lane) => startCompanions(options, lane));
}
