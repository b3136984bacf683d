import type { Finding } from './checks/health-check.ts';

/** Slow is a warning: what does not answer at all fails by its timeout. */
export function responseTime(durationMs: number, slowMs: number): Finding {
  const isSlow = durationMs > slowMs;
  return {
    measurement: 'responseTime',
    status: isSlow ? 'warn' : 'pass',
    observedValue: durationMs,
    observedUnit: 'ms',
    ...(isSlow && { output: `slower than ${slowMs} ms` }),
  };
}
