import { median, probit } from 'simple-statistics';
import type { Interval } from './interval.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The median of the slopes between all pairs of points: up to 29 % of the points may be anything. The interval is that
 * of Kendall's rank statistic, corrected for equal values (Sen, JASA 63, 1968).
 */
export function theilSen(points: readonly Point[], confidence: number): Interval {
  const slopes = points
    .flatMap((one, index) => points.slice(index + 1).map((other) => (other.y - one.y) / (other.x - one.x)))
    .toSorted((one, other) => one - other);
  const reach = probit((1 + confidence) / 2) * Math.sqrt(rankVariance(points));
  const lowerRank = Math.round((slopes.length - reach) / 2);
  const upperRank = Math.round((slopes.length + reach) / 2) + 1;
  return {
    value: median(slopes),
    lower: slopes[lowerRank - 1] ?? Number.NEGATIVE_INFINITY,
    upper: slopes[upperRank - 1] ?? Number.POSITIVE_INFINITY,
  };
}

function rankVariance(points: readonly Point[]): number {
  const equal = Map.groupBy(points, ({ y }) => y);
  return [...equal.values()].reduce((variance, { length }) => variance - varianceOf(length), varianceOf(points.length));
}

function varianceOf(count: number): number {
  return (count * (count - 1) * (2 * count + 5)) / 18;
}
