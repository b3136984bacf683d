import { performance } from 'node:perf_hooks';
import { systemClock } from '../clock.ts';
import { faults } from '../faults.ts';
import { OtlpSender } from '../lane/otlp-sender.ts';
import type { Companion, LaneEnd } from '../start.ts';
import type { Host } from './collectors/resource-collector.ts';
import { ResourceCopies } from './resource-copies.ts';
import { ResourceInstruments } from './resource-instruments.ts';
import { ResourceMonitor } from './resource-monitor.ts';
import type { ResourceSettings } from './resource-settings.ts';

const thisHost: Host = { platform: process.platform, root: '/', now: () => performance.now() };

const REQUEST_TIMEOUT_MS = 10_000;

/** The machine beside the model: to the application's backend through the API, a few gauges to the drift service. */
export function startResources(
  { collectors, dcgmExporter }: ResourceSettings,
  { settings, resource }: LaneEnd,
): Companion {
  const instruments = new ResourceInstruments(collectors.flatMap(({ metrics }) => metrics));
  const monitor = new ResourceMonitor({
    collectors,
    host: thisHost,
    clock: systemClock,
    faults,
    dcgmExporter,
    record: (measurement) => instruments.record(measurement),
  });
  const copies = new ResourceCopies({
    monitor,
    copied: new Set(collectors.flatMap(({ copies }) => copies)),
    sender: new OtlpSender({ ...settings, timeoutMs: REQUEST_TIMEOUT_MS }),
    resource,
    clock: systemClock,
    random: Math.random,
    faults,
    periodMs: settings.periodMs,
  });
  if (collectors.length > 0) {
    instruments.connect(monitor, systemClock);
    copies.start();
  }
  return {
    flush: async () => {},
    shutdown: async () => {
      copies.stop();
      instruments.disconnect();
      monitor.close();
    },
  };
}
