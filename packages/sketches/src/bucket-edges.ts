import { EdgeSearch } from './edge-search.ts';

/**
 * Boundaries between buckets: finite, strictly increasing, at least one. Bucket i holds `(values[i-1], values[i]]`,
 * so n edges make n + 1 buckets: edges 1, 2 put 1 into bucket 0, 1.5 and 2 into bucket 1, 2.1 into bucket 2.
 */
export class BucketEdges {
  readonly values: Float64Array;
  readonly #search: EdgeSearch;

  /** Throws a RangeError that names the first edge at fault. */
  static of(values: ArrayLike<number>): BucketEdges {
    return new BucketEdges(validated(Float64Array.from(values, withoutNegativeZero)));
  }

  private constructor(values: Float64Array) {
    this.values = values;
    this.#search = new EdgeSearch(values);
  }

  /** Not for NaN, which belongs in no bucket. */
  bucketOf(x: number): number {
    return this.#search.bucketOf(x);
  }

  equals(other: BucketEdges): boolean {
    return (
      this === other ||
      (this.values.length === other.values.length && this.values.every((edge, i) => edge === other.values[i]))
    );
  }
}

const withoutNegativeZero = (edge: number): number => edge + 0;

function validated(edges: Float64Array): Float64Array {
  if (edges.length === 0) throw new RangeError('edges: none given; a histogram needs at least one finite edge');
  edges.forEach((edge, i) => {
    if (!Number.isFinite(edge)) throw new RangeError(`edges[${i}] is ${edge}; edges must be finite`);
    if (i > 0 && edge <= edges[i - 1]!) {
      throw new RangeError(`edges[${i}] is ${edge}, not above ${edges[i - 1]}; sort the edges and drop repeated ones`);
    }
  });
  return edges;
}
