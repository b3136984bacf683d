import type { BucketedValues, ScoreBounds } from '../drift-method.ts';
import { clippedBuckets } from './clipped-values.ts';
import { crossings } from './cumulative-shares.ts';

/** ∫ |F - G| over the reference's 0.1 %-99.9 % range, in the unit of the values; rows lie evenly in their buckets. */
export function transport(values: BucketedValues): number {
  return overWidths(values, ({ before, after }) => meanDistanceFromZero(before, after));
}

export function transportBounds(values: BucketedValues): ScoreBounds {
  return { lower: overWidths(values, ({ least }) => least), upper: overWidths(values, ({ most }) => most) };
}

/** Sums what `of` says of each bucket, times its width inside the range. */
export function overWidths(
  values: BucketedValues,
  of: (crossing: ReturnType<typeof crossings>[number]) => number,
): number {
  const widths = clippedBuckets(values);
  return crossings(values).reduce((sum, crossing, i) => {
    const { start = 0, end = 0 } = widths[i] ?? {};
    return end > start ? sum + (end - start) * of(crossing) : sum;
  }, 0);
}

/** The mean of |x| while x runs evenly from `start` to `end`. */
function meanDistanceFromZero(start: number, end: number): number {
  if (start * end >= 0) return Math.abs(start + end) / 2;
  return (start * start + end * end) / (2 * (Math.abs(start) + Math.abs(end)));
}
