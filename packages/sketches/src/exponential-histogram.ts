import { cumulativeShareOf, quantileOf, type BucketRange } from './bucket-ranges.ts';
import { ExponentialBuckets } from './exponential-buckets.ts';
import { coarsestScale, exponentialBucket, finestScale, lowerBoundary, upperBoundary } from './exponential-mapping.ts';

export interface ExponentialHistogramOptions {
  /** The most buckets for either sign; 320 by default. */
  readonly maxBuckets?: number | undefined;
  /** The scale to start at; 20 by default. */
  readonly maxScale?: number | undefined;
}

export interface ExponentialHistogramState extends ExponentialHistogramOptions {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: BucketRun;
  readonly negative: BucketRun;
  readonly sum: number;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly notFinite?: number | undefined;
}

/** Counts of neighbouring buckets from index `offset` on. */
export interface BucketRun {
  readonly offset: number;
  readonly counts: ArrayLike<number>;
}

/**
 * Counts values of any range and sign in bounded space, with OpenTelemetry's base-2 buckets, and halves its resolution
 * when they no longer fit. The scale is always the finest that fits, so that merging equals recording everything.
 */
export class ExponentialHistogram {
  readonly maxBuckets: number;
  readonly maxScale: number;
  readonly positive: ExponentialBuckets;
  /** Counts by magnitude: bucket i holds `[-base^(i+1), -base^i)`. */
  readonly negative: ExponentialBuckets;
  zeroCount = 0;
  sum = 0;
  /** `Infinity` while empty, `-Infinity` when the source of these counts did not tell. */
  min = Infinity;
  /** `-Infinity` while empty, `Infinity` when the source of these counts did not tell. */
  max = -Infinity;
  /** NaN and infinities, which belong in no bucket. */
  notFinite = 0;
  #scale: number;

  constructor({ maxBuckets = 320, maxScale = finestScale }: ExponentialHistogramOptions = {}) {
    this.maxBuckets = within('maxBuckets', maxBuckets, 2, 65_536);
    this.maxScale = within('maxScale', maxScale, coarsestScale, finestScale);
    this.#scale = this.maxScale;
    this.positive = new ExponentialBuckets(maxBuckets);
    this.negative = new ExponentialBuckets(maxBuckets);
  }

  /** Takes counts of any size; what does not fit into the bounds of this sketch is downscaled. */
  static from(state: ExponentialHistogramState): ExponentialHistogram {
    const histogram = new ExponentialHistogram(state);
    histogram.downscaleTo(Math.min(state.scale, histogram.scale));
    histogram.#addCounts(state);
    if (histogram.count > 0) {
      histogram.min = state.min ?? -Infinity;
      histogram.max = state.max ?? Infinity;
    }
    return histogram;
  }

  get scale(): number {
    return this.#scale;
  }

  /** Rows in buckets; what is not finite is not among them. */
  get count(): number {
    return this.zeroCount + this.positive.count + this.negative.count;
  }

  record(x: number): void {
    if (x - x !== 0) {
      this.notFinite++;
      return;
    }
    if (x === 0) this.zeroCount++;
    else this.#recordIn(x > 0 ? this.positive : this.negative, Math.abs(x));
    this.sum += x;
    // Plus 0: a negative zero is zero, whichever of the two comes first.
    if (x < this.min) this.min = x + 0;
    if (x > this.max) this.max = x + 0;
  }

  recordAll(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.record(values[i]!);
  }

  /** Takes any scale: the result has the finest that both allow. */
  merge(other: ExponentialHistogram): void {
    this.#addCounts(other);
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  /** Coarsens; the counts are then those of recording at that scale. Throws a RangeError for a finer scale. */
  downscaleTo(scale: number): void {
    if (!Number.isInteger(scale) || scale > this.#scale || scale < coarsestScale) {
      throw new RangeError(
        `scale ${scale}: a histogram of scale ${this.#scale} can be brought to ${coarsestScale} at the least, and to no finer scale`,
      );
    }
    this.#coarsen(this.#scale - scale);
  }

  clear(): void {
    this.positive.clear();
    this.negative.clear();
    this.#scale = this.maxScale;
    this.zeroCount = 0;
    this.sum = 0;
    this.min = Infinity;
    this.max = -Infinity;
    this.notFinite = 0;
  }

  /** The value that a share q of the rows does not exceed, interpolated inside its bucket; undefined while empty. */
  quantile(q: number): number | undefined {
    return quantileOf(this.#ranges(), q);
  }

  /** The share of rows at or below x, interpolated inside a bucket; undefined while empty. */
  cumulativeShare(x: number): number | undefined {
    return cumulativeShareOf(this.#ranges(), x);
  }

  #recordIn(buckets: ExponentialBuckets, magnitude: number): void {
    const index = exponentialBucket(magnitude, this.#scale);
    if (buckets.add(index, 1)) return;
    const halvings = buckets.halvingsFor(index, index);
    this.#coarsen(halvings);
    buckets.add(index >> halvings, 1);
  }

  #addCounts(other: ExponentialHistogramState): void {
    const sides = [
      { own: this.positive, added: populated(other.positive) },
      { own: this.negative, added: populated(other.negative) },
    ].filter(({ added }) => added.counts.length > 0);
    if (sides.length > 0) this.#coarsen(Math.max(0, this.#scale - other.scale));
    const halvings = sides.map(({ own, added: { offset, counts } }) => {
      const shift = other.scale - this.#scale;
      return own.halvingsFor(offset >> shift, (offset + counts.length - 1) >> shift);
    });
    this.#coarsen(Math.max(0, ...halvings));
    const shift = other.scale - this.#scale;
    for (const { own, added } of sides) {
      added.counts.forEach((rows, i) => rows > 0 && own.add((added.offset + i) >> shift, rows));
    }
    this.zeroCount += other.zeroCount;
    this.sum += other.sum;
    this.notFinite += other.notFinite ?? 0;
  }

  #coarsen(halvings: number): void {
    if (halvings === 0) return;
    this.positive.coarsen(halvings);
    this.negative.coarsen(halvings);
    this.#scale -= halvings;
  }

  #ranges(): BucketRange[] {
    return bucketRanges(this).map(({ lower, upper, count }) => ({
      lower: Math.max(lower, this.min),
      upper: Math.min(upper, this.max),
      count,
    }));
  }
}

/** The populated buckets in increasing order of their values. */
export function bucketRanges(histogram: ExponentialHistogram): BucketRange[] {
  const { scale, positive, negative, zeroCount } = histogram;
  const ranges = (buckets: ExponentialBuckets): BucketRange[] =>
    Array.from(buckets.counts, (count, i) => ({
      lower: lowerBoundary(buckets.offset + i, scale),
      upper: upperBoundary(buckets.offset + i, scale),
      count,
    }));
  return [
    ...ranges(negative)
      .toReversed()
      .map(({ lower, upper, count }) => ({ lower: -upper, upper: -lower, count })),
    { lower: 0, upper: 0, count: zeroCount },
    ...ranges(positive),
  ].filter(({ count }) => count > 0);
}

/** Without the empty buckets at both ends, which say nothing and would cost resolution. */
function populated({ offset, counts }: BucketRun): { readonly offset: number; readonly counts: readonly number[] } {
  within('offset', offset, -(2 ** 31), 2 ** 31 - 1);
  const all = Array.from(counts);
  const first = all.findIndex((count) => count > 0);
  return {
    offset: offset + first,
    counts: first < 0 ? [] : all.slice(first, all.findLastIndex((count) => count > 0) + 1),
  };
}

function within(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${option} is ${value}; a whole number from ${least} to ${most} is needed`);
}
