import type { DriftState } from '../../measurement.ts';

/** What is remembered of a feature between windows. */
export interface DriftMemory {
  readonly state: DriftState;
  /** Evaluated windows without drift since the last one with it. */
  readonly quietWindows: number;
}

const QUIET_WINDOWS_THAT_END_DRIFT = 3;

/** Drift starts at once and ends after three evaluated windows without it; a window without a verdict changes nothing. */
export function stepDriftState(memory: DriftMemory | undefined, judged: DriftState): DriftMemory {
  if (memory?.state !== 'drift' || judged === 'drift') return { state: judged, quietWindows: 0 };
  if (judged === 'insufficient_data' || judged === 'no_reference') return memory;
  const quietWindows = memory.quietWindows + 1;
  return quietWindows < QUIET_WINDOWS_THAT_END_DRIFT
    ? { state: 'drift', quietWindows }
    : { state: judged, quietWindows: 0 };
}
