import { BucketEdges } from './bucket-edges.ts';
import { cumulativeShareOf, quantileOf, type BucketRange } from './bucket-ranges.ts';

export interface EdgeHistogramState {
  readonly edges: BucketEdges | ArrayLike<number>;
  /** One more than edges. */
  readonly counts: ArrayLike<number>;
  readonly sum: number;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly notFinite?: number | undefined;
}

/**
 * Counts values between given edges. Histograms on equal edges merge exactly: counts add up.
 * Edges 0, 10 with the values -3, 0, 4, 10, 11, NaN hold counts [2, 2, 1] and one that is not finite.
 */
export class EdgeHistogram {
  readonly edges: BucketEdges;
  /** n + 1 counts for n edges; doubles, exact up to 2^53. */
  readonly counts: Float64Array;
  sum = 0;
  /** `Infinity` while empty, `-Infinity` when the source of these counts did not tell. */
  min = Infinity;
  /** `-Infinity` while empty, `Infinity` when the source of these counts did not tell. */
  max = -Infinity;
  /** NaN belongs in no bucket, and with infinities it would poison sum, min and max: counted here alone. */
  notFinite = 0;

  constructor(edges: BucketEdges) {
    this.edges = edges;
    this.counts = new Float64Array(edges.values.length + 1);
  }

  /** Throws a RangeError when the counts do not fit the edges. */
  static from({ edges, counts, sum, min, max, notFinite = 0 }: EdgeHistogramState): EdgeHistogram {
    const histogram = new EdgeHistogram(edges instanceof BucketEdges ? edges : BucketEdges.of(edges));
    if (counts.length !== histogram.counts.length) {
      throw new RangeError(
        `counts: ${counts.length} given for ${histogram.edges.values.length} edges; one more count than edges is needed`,
      );
    }
    histogram.counts.set(counts);
    histogram.sum = sum;
    if (histogram.count > 0) {
      histogram.min = min ?? -Infinity;
      histogram.max = max ?? Infinity;
    }
    histogram.notFinite = notFinite;
    return histogram;
  }

  /** Rows in buckets; what is not finite is not among them. */
  get count(): number {
    let count = 0;
    for (let i = 0; i < this.counts.length; i++) count += this.counts[i]!;
    return count;
  }

  record(x: number): void {
    if (x - x !== 0) {
      this.notFinite++;
      return;
    }
    this.counts[this.edges.bucketOf(x)]!++;
    this.sum += x;
    // Plus 0: a negative zero is zero, whichever of the two comes first.
    if (x < this.min) this.min = x + 0;
    if (x > this.max) this.max = x + 0;
  }

  recordAll(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.record(values[i]!);
  }

  /** Throws a RangeError, and changes nothing, when the edges differ. */
  merge(other: EdgeHistogram): void {
    if (!this.edges.equals(other.edges)) {
      throw new RangeError(
        `histograms on different edges do not merge (${this.edges.values.length} and ${other.edges.values.length} edges); build both from one profile`,
      );
    }
    for (let i = 0; i < this.counts.length; i++) this.counts[i]! += other.counts[i]!;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.notFinite += other.notFinite;
  }

  clear(): void {
    this.counts.fill(0);
    this.sum = 0;
    this.min = Infinity;
    this.max = -Infinity;
    this.notFinite = 0;
  }

  /** The value that a share q of the rows does not exceed, interpolated inside its bucket; undefined while empty. */
  quantile(q: number): number | undefined {
    return quantileOf(this.#ranges(), q);
  }

  /** The share of rows at or below x: exact at an edge, interpolated between two; undefined while empty. */
  cumulativeShare(x: number): number | undefined {
    return cumulativeShareOf(this.#ranges(), x);
  }

  /** An open end is closed by min or max, or else by its only edge. */
  #ranges(): BucketRange[] {
    const edges = this.edges.values;
    const least = Number.isFinite(this.min) ? this.min : edges[0]!;
    const greatest = Number.isFinite(this.max) ? this.max : edges.at(-1)!;
    const ranges: BucketRange[] = [];
    this.counts.forEach((count, bucket) => {
      if (count === 0) return;
      const lower = Math.max(edges[bucket - 1] ?? least, least);
      const upper = Math.min(edges[bucket] ?? greatest, greatest);
      ranges.push({ lower: Math.min(lower, upper), upper: Math.max(lower, upper), count });
    });
    return ranges;
  }
}
