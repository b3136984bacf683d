import { BucketEdges } from './bucket-edges.ts';
import { EdgeHistogram } from './edge-histogram.ts';
import { storedBins } from './quantile-bins.ts';
import type { ReferenceEdges } from './reference-edges.ts';
import type { NumericReference } from './reference-profile.ts';

/** The second pass over a reference's values: exact counts and moments on the edges that the first pass chose. */
export class NumericReferenceCounter {
  readonly #edges: ReferenceEdges;
  readonly #histogram: EdgeHistogram;
  #mean = 0;
  /** Sum of squared deviations from the mean, after Welford. */
  #squares = 0;
  #rows = 0;

  constructor(edges: ReferenceEdges) {
    this.#edges = edges;
    this.#histogram = new EdgeHistogram(BucketEdges.of(edges.edges));
  }

  /** What is not finite is not counted: it is among the missing rows. */
  record(x: number): void {
    this.#histogram.record(x);
    if (!Number.isFinite(x)) return;
    this.#rows++;
    const delta = x - this.#mean;
    this.#mean += delta / this.#rows;
    this.#squares += delta * (x - this.#mean);
  }

  /** `rows` is all rows of the reference: those without a number are missing. */
  reference(rows: number): NumericReference {
    const { edges, quantileEdges, tails } = this.#edges;
    const { counts, min, max } = this.#histogram;
    return {
      kind: 'numeric',
      edges,
      counts: Array.from(counts),
      bins: storedBins(counts, quantileEdges),
      quantileEdges,
      tails,
      mean: this.#mean,
      sd: this.#rows > 1 ? Math.sqrt(this.#squares / (this.#rows - 1)) : 0,
      min: this.#rows > 0 ? min : 0,
      max: this.#rows > 0 ? max : 0,
      missing: rows - this.#rows,
    };
  }
}
