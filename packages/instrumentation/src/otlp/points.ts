import type { BucketRun, EdgeHistogram, ExponentialHistogram } from '@driftline/sketches';
import type { ExponentialHistogramPoint, HistogramPoint, KeyValue, NumberPoint } from './messages.ts';

/** What every point of one model in one period says alike. */
export interface PointTimes {
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

export interface Extremes {
  /** The least and the greatest value are raw values: off unless asked for. */
  readonly sendsExtremes: boolean;
}

export function numberPoint(
  count: number,
  attributes: readonly KeyValue[],
  { startTimeUnixNano, timeUnixNano }: PointTimes,
): NumberPoint {
  return { attributes, startTimeUnixNano, timeUnixNano, asInt: String(count) };
}

export function histogramPoint(
  histogram: EdgeHistogram,
  attributes: readonly KeyValue[],
  times: PointTimes & Extremes,
): HistogramPoint {
  return {
    ...distribution(histogram, attributes, times),
    explicitBounds: Array.from(histogram.edges.values),
    bucketCounts: Array.from(histogram.counts, String),
  };
}

export function exponentialPoint(
  histogram: ExponentialHistogram,
  attributes: readonly KeyValue[],
  times: PointTimes & Extremes,
): ExponentialHistogramPoint {
  const { scale, zeroCount, positive, negative } = histogram;
  return {
    ...distribution(histogram, attributes, times),
    scale,
    zeroCount: String(zeroCount),
    positive: bucketsOf(positive),
    negative: bucketsOf(negative),
  };
}

function distribution(
  { count, sum, min, max }: EdgeHistogram | ExponentialHistogram,
  attributes: readonly KeyValue[],
  { startTimeUnixNano, timeUnixNano, sendsExtremes }: PointTimes & Extremes,
) {
  return {
    attributes,
    startTimeUnixNano,
    timeUnixNano,
    count: String(count),
    // Sums of huge values overflow, and JSON has no infinity: OTLP lets a sum be absent.
    ...(Number.isFinite(sum) && { sum }),
    ...(sendsExtremes && Number.isFinite(min) && Number.isFinite(max) && { min, max }),
  };
}

function bucketsOf({ offset, counts }: BucketRun): ExponentialHistogramPoint['positive'] {
  return { offset, bucketCounts: Array.from(counts, String) };
}
