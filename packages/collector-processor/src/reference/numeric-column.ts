import {
  BucketEdges,
  EdgeHistogram,
  type EdgePlan,
  type NumericReference,
  NumericReferenceCounter,
  type QuantileBins,
  type ReferenceEdges,
  referenceEdges,
  ReservoirSample,
  RunningMoments,
  storedBins,
} from '@driftline/sketches';
import type { RowChunk } from '../files/data-file.ts';
import { ChunkTable, type ColumnBuilder, type ColumnCount } from './column-builder.ts';

/** A sample of the values to choose edges from. */
export interface Sampling {
  /** Up to this many values are taken all, beyond a uniform sample. */
  readonly values: number;
  readonly random: () => number;
}

export class NumericColumn implements ColumnBuilder {
  readonly name: string;
  readonly readAs = 'number';
  /** Cells with something that is no finite number. */
  noNumbers = 0;
  readonly #looking: NumericLook;

  constructor(name: string, sampling: Sampling) {
    this.name = name;
    this.#looking = new NumericLook(sampling);
  }

  /** Of all values of the first pass. */
  get moments(): { readonly mean: number; readonly sd: number } {
    return this.#looking.moments;
  }

  look(rows: RowChunk): void {
    for (const value of rows.cells(this.name, this.readAs)) {
      if (value === null) continue;
      if (!Number.isFinite(value)) this.noNumbers += 1;
      this.#looking.record(value);
    }
  }

  counter(): ColumnCount {
    const { name, readAs } = this;
    const counting = this.#looking.counter();
    return {
      count(rows, timeChunks) {
        rows.cells(name, readAs).forEach((value, i) => counting.record(value, timeChunks[i] ?? -1));
      },
      build(rows) {
        const { reference, values, usable } = counting.build(rows);
        return { name, reference, chunks: { values: [values], usable } };
      },
    };
  }
}

/** The first pass over numbers. */
export class NumericLook {
  readonly #sample: ReservoirSample;
  readonly #moments = new RunningMoments();
  #min = Infinity;
  #max = -Infinity;
  #chosen: { readonly edges: ReferenceEdges; readonly bins: QuantileBins } | undefined;

  constructor({ values, random }: Sampling) {
    this.#sample = new ReservoirSample(values, random);
  }

  record(value: number): void {
    if (!Number.isFinite(value)) return;
    this.#sample.record(value);
    this.#moments.record(value);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  get moments(): { readonly mean: number; readonly sd: number } {
    return this.#moments;
  }

  /** Nothing may be recorded after the first one: all counters are on the same edges. */
  counter(plan?: EdgePlan): NumericCount {
    this.#chosen ??= this.#choose(plan);
    return new NumericCount(this.#chosen.edges, this.#chosen.bins);
  }

  #choose(plan: EdgePlan | undefined) {
    const extremes = this.#min <= this.#max ? { min: this.#min, max: this.#max } : undefined;
    const sample = this.#sample.values;
    const edges = referenceEdges(sample, extremes, plan);
    return { edges, bins: binsOf(sample, edges) };
  }
}

/** Counted on the sample whose order statistics the edges are: on all rows its ranks are off by chance. */
function binsOf(sample: Float64Array, { edges, quantileEdges }: ReferenceEdges): QuantileBins {
  const histogram = new EdgeHistogram(BucketEdges.of(edges));
  histogram.recordAll(sample);
  return storedBins(histogram.counts, quantileEdges);
}

/** The second pass, on the edges that the first one chose. */
export class NumericCount {
  readonly #counter: NumericReferenceCounter;
  readonly #edges: BucketEdges;
  readonly #bins: QuantileBins;
  readonly #values: ChunkTable;
  readonly #usable = new ChunkTable(2);

  constructor(edges: ReferenceEdges, bins: QuantileBins) {
    this.#bins = bins;
    this.#counter = new NumericReferenceCounter(edges);
    this.#edges = BucketEdges.of(edges.edges);
    this.#values = new ChunkTable(edges.edges.length + 1);
  }

  record(value: number | null, timeChunk: number): void {
    const isUsable = value !== null && Number.isFinite(value);
    this.#usable.record(timeChunk, isUsable ? 0 : 1);
    if (!isUsable) return;
    this.#counter.record(value);
    this.#values.record(timeChunk, this.#edges.bucketOf(value));
  }

  build(rows: number) {
    const reference: NumericReference = { ...this.#counter.reference(rows), bins: this.#bins };
    return { reference, values: this.#values.rows, usable: this.#usable.rows };
  }
}
