import type { Finding } from './checks/health-check.ts';

export interface Limits {
  readonly warn: number;
  readonly fail: number;
}

/** Above a limit is past it. */
export function judged(measurement: string, observed: number, limits: Limits, observedUnit = '1'): Finding {
  const reached = observed > limits.fail ? 'fail' : observed > limits.warn ? 'warn' : undefined;
  const reading = { measurement, observedValue: observed, observedUnit };
  return reached === undefined
    ? { ...reading, status: 'pass' }
    : { ...reading, status: reached, output: `above ${limits[reached]}` };
}
