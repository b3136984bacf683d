import type { Edges } from '../identity.ts';
import type { ExponentialBuckets, PointValue } from '../unit.ts';

/** What a histogram point says, before it is believed. */
export interface ReportedHistogram {
  readonly count: number;
  readonly sum: number;
  readonly counts: Float64Array;
  readonly edges: Edges | undefined;
}

/** Random bytes often decode as protobuf: what is inconsistent in itself is not counted. */
export function histogramValue({ count, sum, counts, edges }: ReportedHistogram): PointValue | 'invalid_histogram' {
  const isConsistent =
    edges !== undefined && counts.length === edges.values.length + 1 && total(counts) === count && isSound(count, sum);
  return isConsistent ? { kind: 'histogram', edges: edges.values, counts, sum } : 'invalid_histogram';
}

export interface ReportedExponential {
  readonly count: number;
  readonly sum: number;
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: ExponentialBuckets;
  readonly negative: ExponentialBuckets;
}

export function exponentialValue(reported: ReportedExponential): PointValue | 'invalid_histogram' {
  const { count, sum, scale, zeroCount, positive, negative } = reported;
  const isConsistent =
    Math.abs(scale) <= largestScale &&
    coversFiniteDoubles(scale, positive) &&
    coversFiniteDoubles(scale, negative) &&
    zeroCount + total(positive.counts) + total(negative.counts) === count &&
    isSound(count, sum);
  return isConsistent ? { kind: 'exponential', scale, zeroCount, positive, negative, sum } : 'invalid_histogram';
}

export function numberValue(kind: 'sum' | 'gauge', value: number, isMonotonic: boolean): PointValue | 'invalid_value' {
  return Number.isFinite(value) && !(isMonotonic && value < 0) ? { kind, value: value + 0 } : 'invalid_value';
}

/** OpenTelemetry's largest is 20; ours and the SDKs' smallest is -10. */
const largestScale = 20;
/** Ours have at most 320, the SDKs' 160. */
const mostExponentialBuckets = 2048;

const isSound = (count: number, sum: number): boolean => Number.isSafeInteger(count) && Number.isFinite(sum);

function total(counts: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  return sum;
}

/** Bucket i of scale s holds (2^(i / 2^s), 2^((i+1) / 2^s)]; doubles lie between 2^-1074 and 2^1024, give or take padding. */
function coversFiniteDoubles(scale: number, { offset, counts }: ExponentialBuckets): boolean {
  if (counts.length === 0) return true;
  const width = 2 ** -scale;
  const isWithin = (offset + 1) * width > -1100 && (offset + counts.length - 1) * width < 1100;
  return isWithin && counts.length <= mostExponentialBuckets;
}
