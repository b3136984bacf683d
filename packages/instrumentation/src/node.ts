import { faults } from './faults.ts';
import { startNodeSdk } from './node-sdk.ts';
import { type ResourceOptions, resourceSettingsOf } from './resources/resource-settings.ts';
import { startResources } from './resources/start-resources.ts';
import type { DriftlineOptions } from './settings.ts';
import { type Companion, type Driftline, type LaneEnd, start } from './start.ts';

export type { Driftline, DriftlineStatus } from './start.ts';
export type { DriftlineOptions } from './settings.ts';
export type { ResourceOptions } from './resources/resource-settings.ts';

export interface NodeDriftlineOptions extends DriftlineOptions {
  /** The machine beside the model: host, process, container, GPU. All unless said otherwise. */
  readonly resources?: ResourceOptions | false;
}

/**
 * As `startDriftline` of the core, with metrics of the machine. Where no tracer provider is registered and
 * `@opentelemetry/sdk-node` is installed, it also starts that SDK, configured by the `OTEL_*` variables, with
 * `@opentelemetry/instrumentation-host-metrics` where that is installed.
 */
export function startDriftline(options: NodeDriftlineOptions = {}): Driftline {
  return start(options, (lane) => startCompanions(options, lane));
}

function startCompanions({ service, resources }: NodeDriftlineOptions, lane: LaneEnd): readonly Companion[] {
  const settings = resourceSettingsOf(resources, (message) => faults.count({ stage: 'settings', message }));
  const sdk = startNodeSdk({ service, metricGroups: settings.hostMetricGroups });
  const machine = startResources(settings, lane);
  return sdk === undefined ? [machine] : [sdk, machine];
}
