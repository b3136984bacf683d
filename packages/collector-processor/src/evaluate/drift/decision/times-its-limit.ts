import type { FeatureMeasurement } from '../../measurement.ts';

interface Reading {
  readonly of: 'score' | 'p';
  readonly at: number;
  readonly score: number;
  readonly p?: number;
}

/** What sizes, shares and p-values have in common: 1 is at the limit, and more is farther beyond it. */
export function timesItsLimit({
  size,
  threshold,
  judgedBy,
}: Pick<FeatureMeasurement, 'size' | 'threshold' | 'judgedBy'>): number {
  return timesLimit(judgedBy?.limit ?? { of: 'score', at: threshold, score: size });
}

/** P-values by their logarithm, so that 1e-12 is farther beyond 0.05 than a score of 0.26 beyond 0.25. */
export function timesLimit({ of, at, score, p = 1 }: Reading): number {
  if (of === 'p') return Math.abs(Math.log(Math.max(p, Number.MIN_VALUE)) / Math.log(at));
  return at > 0 ? score / at : 0;
}
