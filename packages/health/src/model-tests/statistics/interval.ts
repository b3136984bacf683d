import type { Measured, Verdict } from '../model-health-test.ts';

/** A two-sided confidence interval; infinite where the measurements do not settle that end. */
export interface Interval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** Sure only where the whole interval is on one side. */
export function isAtMost({ lower, upper }: Interval, limit: number): Verdict {
  return upper <= limit ? 'ok' : lower > limit ? 'failed' : 'uncertain';
}

export function isAtLeast({ lower, upper }: Interval, limit: number): Verdict {
  return lower >= limit ? 'ok' : upper < limit ? 'failed' : 'uncertain';
}

export function measured({ value, lower, upper }: Interval, unit: string, limit?: number): Measured {
  return {
    value,
    unit,
    ...(Number.isFinite(lower) && { lower }),
    ...(Number.isFinite(upper) && { upper }),
    ...(limit !== undefined && { limit }),
  };
}

/** `12.1 ms (11.8 to 12.9)` */
export function intervalText({ value, lower, upper }: Interval, show: (value: number) => string): string {
  const from = Number.isFinite(lower) ? show(lower) : '?';
  const to = Number.isFinite(upper) ? show(upper) : '?';
  return from === to && from === show(value) ? show(value) : `${show(value)} (${from} to ${to})`;
}

/** Three significant digits. */
export function inShort(value: number): string {
  return value === 0 || (Math.abs(value) >= 0.001 && Math.abs(value) < 1e6)
    ? String(Number(value.toPrecision(3)))
    : value.toExponential(1);
}

export const inMilliseconds = (ms: number): string => `${inShort(ms)} ms`;
