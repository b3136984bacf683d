import { quantileSorted } from 'simple-statistics';
import { binomialCumulative } from './binomial.ts';
import type { Interval } from './interval.ts';

/**
 * Between two order statistics, whatever the distribution: as many values as a binomial draw lie below the quantile
 * (David and Nagaraja, Order Statistics, 2003, section 7.1). With too few values an end is open.
 */
export function quantileInterval(sorted: Float64Array, quantile: number, confidence: number): Interval {
  const count = sorted.length;
  const halfLevel = (1 - confidence) / 2;
  const isBelow = (rank: number) => binomialCumulative(rank - 1, count, quantile) <= halfLevel;
  const isAbove = (rank: number) => 1 - binomialCumulative(rank - 1, count, quantile) <= halfLevel;
  const lowerRank = firstRank(count, (rank) => !isBelow(rank)) - 1;
  const upperRank = firstRank(count, isAbove);
  return {
    value: quantileSorted([...sorted], quantile),
    lower: sorted[lowerRank - 1] ?? Number.NEGATIVE_INFINITY,
    upper: sorted[upperRank - 1] ?? Number.POSITIVE_INFINITY,
  };
}

/** How many values an upper end of that quantile takes. */
export function valuesNeeded(quantile: number, confidence: number): number {
  return Math.ceil(Math.log((1 - confidence) / 2) / Math.log(quantile));
}

/** The first rank from 1 that has come to be so; one past the last where none has. */
function firstRank(count: number, isReached: (rank: number) => boolean): number {
  let [low, high] = [1, count + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isReached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
