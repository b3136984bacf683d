import { faults } from './faults.ts';
import { startNodeSdk } from './node-sdk.ts';
import { type ResourceOptions, resourceSettingsOf } from './resources/resource-settings.ts';
import { startResources } from './resources/start-resources.ts';
import type { DriftlineOptions } from './settings.ts';
import type { Companion, LaneEnd } from './start.ts';

export interface NodeDriftlineOptions extends DriftlineOptions {
  /** The machine beside the model: host, process, container, GPU. All unless said otherwise. */
  readonly resources?: ResourceOptions | false;
}

/** OpenTelemetry's SDK where there is none, then what needs one. */
export function startCompanions({ service, resources }: NodeDriftlineOptions, lane: LaneEnd): readonly Companion[] {
  const settings = resourceSettingsOf(resources, (message) => faults.count({ stage: 'settings', message }));
  const sdk = startNodeSdk({ service, metricGroups: settings.hostMetricGroups });
  const machine = startResources(settings, lane);
  return sdk === undefined ? [machine] : [sdk, machine];
}
