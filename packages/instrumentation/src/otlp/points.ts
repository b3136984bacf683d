import { type BucketRun, type EdgeHistogram, ExponentialHistogram } from '@driftline/sketches';
import type { ExponentialHistogramPoint, HistogramPoint, KeyValue, NumberPoint } from './messages.ts';

/** What every point of one model in one period says alike. */
export interface PointTimes {
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

export interface Extremes {
  /**
   * The least and the greatest value are raw values, and so is the sum of a single row, or nearly, where one value
   * outweighs the others: off unless asked for.
   */
  readonly sendsExtremes: boolean;
}

/** The buckets of fewer rows would be as narrow as these rows lie close: one row would have its value for a bucket. */
const FEW_ROWS = 10;
/** 16 buckets from a value to its double, each 4.4 % wide. */
const COARSE_SCALE = 4;

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
  const { scale, zeroCount, positive, negative } = times.sendsExtremes ? histogram : coarseWhereFew(histogram);
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
    ...(sendsExtremes && Number.isFinite(sum) && { sum }),
    ...(sendsExtremes && Number.isFinite(min) && Number.isFinite(max) && { min, max }),
  };
}

function bucketsOf({ offset, counts }: BucketRun): ExponentialHistogramPoint['positive'] {
  return { offset, bucketCounts: Array.from(counts, String) };
}

function coarseWhereFew(histogram: ExponentialHistogram): ExponentialHistogram {
  if (histogram.count >= FEW_ROWS || histogram.scale <= COARSE_SCALE) return histogram;
  const coarse = new ExponentialHistogram({ maxBuckets: histogram.maxBuckets, maxScale: COARSE_SCALE });
  coarse.merge(histogram);
  return coarse;
}
