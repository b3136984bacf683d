import { BucketEdges } from './bucket-edges.ts';
import { blankDistribution, type Distribution, mergeDistribution, onSameBuckets } from './distribution.ts';
import { EdgeHistogram } from './edge-histogram.ts';
import { ExponentialHistogram } from './exponential-histogram.ts';
import { gaussianDirections } from './gaussian-directions.ts';
import type { EmbeddingReference } from './reference-profile.ts';

/** The number by which the norm goes beside the projections 0, 1, ... */
export const normProjection = -1;

export interface EmbeddingSpace {
  readonly dimensions: number;
  /** Equal seeds give equal directions, in every process and language; see `gaussianDirections`. */
  readonly seed: string;
  /** 8 by default; a reference has 16. */
  readonly projections?: number | undefined;
}

/** Embeddings as the distributions of a few random projections and of their norm. */
export class EmbeddingProjections {
  readonly dimensions: number;
  readonly seed: string;
  /** One for each projection and, last, the norm. */
  readonly sketches: readonly Distribution[];
  /** Embeddings with a component that is not finite, which are in no sketch. */
  notFinite = 0;
  readonly #directions: Float64Array;
  readonly #projected: Float64Array;

  /** Without a reference: exponential buckets. */
  constructor(space: EmbeddingSpace, sketches?: readonly Distribution[], directions?: Float64Array) {
    const projections = sketches ? sketches.length - 1 : (space.projections ?? 8);
    this.dimensions = space.dimensions;
    this.seed = space.seed;
    this.sketches = sketches ?? Array.from({ length: projections + 1 }, () => new ExponentialHistogram());
    this.#directions = directions ?? gaussianDirections(space.seed, projections, space.dimensions);
    this.#projected = new Float64Array(projections + 1);
  }

  static ofReference({ dimensions, seed, projections }: EmbeddingReference): EmbeddingProjections {
    const sketches = projections.map(({ edges }) => new EdgeHistogram(BucketEdges.of(edges)));
    return new EmbeddingProjections({ dimensions, seed }, sketches);
  }

  /** Embeddings in buckets. */
  get count(): number {
    return this.sketches[0]?.count ?? 0;
  }

  record(embedding: ArrayLike<number>): 'valid' | 'not_a_number' | 'wrong_type' {
    if (embedding.length !== this.dimensions) return 'wrong_type';
    const projected = this.project(embedding);
    for (let i = 0; i < projected.length; i++) {
      if (!Number.isFinite(projected[i]!)) {
        this.notFinite++;
        return 'not_a_number';
      }
    }
    for (let i = 0; i < projected.length; i++) this.sketches[i]!.record(projected[i]!);
    return 'valid';
  }

  /** The projections and, last, the norm. The array is this sketch's own and is overwritten by the next call. */
  project(embedding: ArrayLike<number>): Float64Array {
    const norm = this.#projected.length - 1;
    let squares = 0;
    for (let d = 0; d < this.dimensions; d++) squares += embedding[d]! * embedding[d]!;
    this.#projected[norm] = Math.sqrt(squares);
    for (let p = 0, k = 0; p < norm; p++) {
      let product = 0;
      for (let d = 0; d < this.dimensions; d++) product += embedding[d]! * this.#directions[k++]!;
      this.#projected[p] = product;
    }
    return this.#projected;
  }

  canMerge(other: EmbeddingProjections): boolean {
    return (
      this.seed === other.seed &&
      this.dimensions === other.dimensions &&
      this.sketches.length === other.sketches.length &&
      this.sketches.every((sketch, i) => onSameBuckets(sketch, other.sketches[i]!))
    );
  }

  /** Throws a RangeError, and changes nothing, when the directions or the edges differ. */
  merge(other: EmbeddingProjections): void {
    if (!this.canMerge(other)) {
      throw new RangeError('embeddings with other directions or edges do not merge; build both from one profile');
    }
    this.sketches.forEach((sketch, i) => mergeDistribution(sketch, other.sketches[i]!));
    this.notFinite += other.notFinite;
  }

  clear(): void {
    for (const sketch of this.sketches) sketch.clear();
    this.notFinite = 0;
  }

  /** The same directions and edges, without rows: directions are dear to draw. */
  blank(): EmbeddingProjections {
    const sketches = this.sketches.map(blankDistribution);
    const { dimensions, seed } = this;
    return new EmbeddingProjections({ dimensions, seed }, sketches, this.#directions);
  }
}
