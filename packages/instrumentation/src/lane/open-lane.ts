import { systemClock } from '../clock.ts';
import { faults } from '../faults.ts';
import type { ResourceAttributes } from '../resource.ts';
import type { Settings } from '../settings.ts';
import { OtlpSender } from './otlp-sender.ts';
import { SketchLane } from './sketch-lane.ts';

const REQUEST_TIMEOUT_MS = 10_000;

/** A lane on the real clock, to the endpoint of the settings. */
export function openLane(settings: Settings, resource: () => ResourceAttributes): SketchLane {
  return new SketchLane({
    ...settings,
    sender: new OtlpSender({ ...settings, timeoutMs: REQUEST_TIMEOUT_MS }),
    clock: systemClock,
    random: Math.random,
    faults,
    resource,
  });
}
