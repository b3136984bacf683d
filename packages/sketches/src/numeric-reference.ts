import { BucketEdges } from './bucket-edges.ts';
import { EdgeHistogram } from './edge-histogram.ts';
import { storedBins } from './quantile-bins.ts';
import type { ReferenceEdges } from './reference-edges.ts';
import type { NumericReference } from './reference-profile.ts';
import { RunningMoments } from './running-moments.ts';

/** The second pass over a reference's values: exact counts and moments on the edges that the first pass chose. */
export class NumericReferenceCounter {
  readonly #edges: ReferenceEdges;
  readonly #histogram: EdgeHistogram;
  readonly #moments = new RunningMoments();

  constructor(edges: ReferenceEdges) {
    this.#edges = edges;
    this.#histogram = new EdgeHistogram(BucketEdges.of(edges.edges));
  }

  /** What is not finite is not counted: it is among the missing rows. */
  record(x: number): void {
    this.#histogram.record(x);
    if (Number.isFinite(x)) this.#moments.record(x);
  }

  /** `rows` is all rows of the reference: those without a number are missing. */
  reference(rows: number): NumericReference {
    const { edges, quantileEdges, tails } = this.#edges;
    const { counts, min, max } = this.#histogram;
    const { rows: usable, mean, sd } = this.#moments;
    return {
      kind: 'numeric',
      edges,
      counts: Array.from(counts),
      bins: storedBins(counts, quantileEdges),
      quantileEdges,
      tails,
      mean,
      sd,
      min: usable > 0 ? min : 0,
      max: usable > 0 ? max : 0,
      missing: rows - usable,
    };
  }
}
