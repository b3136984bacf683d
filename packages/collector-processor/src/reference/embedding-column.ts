import { EmbeddingProjections, projectionEdges } from '@driftline/sketches';
import type { RowChunk } from '../files/data-file.ts';
import { ChunkTable, type ColumnBuilder, type ColumnCount } from './column-builder.ts';
import { NumericLook, type Sampling } from './numeric-column.ts';

const PROJECTIONS = 16;

/** Vectors as random projections and their length. Vectors of another dimension than the first are missing values. */
export class EmbeddingColumn implements ColumnBuilder {
  readonly name: string;
  readonly readAs = 'vector';
  readonly #sampling: Sampling;
  #space: EmbeddingProjections | undefined;
  #looking: readonly NumericLook[] = [];

  constructor(name: string, sampling: Sampling) {
    this.name = name;
    this.#sampling = sampling;
  }

  look(rows: RowChunk): void {
    for (const vector of rows.cells(this.name, this.readAs)) {
      if (vector === null || vector.length === 0) continue;
      this.#space ??= this.#spaceOf(vector.length);
      this.#project(vector)?.forEach((value, i) => this.#looking[i]?.record(value));
    }
  }

  counter(): ColumnCount {
    const { name, readAs } = this;
    const dimensions = this.#space?.dimensions ?? 1;
    const counting = this.#looking.map((look) => look.counter(projectionEdges));
    const usable = new ChunkTable(2);
    const project = (vector: readonly number[]) => this.#project(vector);
    return {
      count(rows, timeChunks) {
        rows.cells(name, readAs).forEach((vector, i) => {
          const chunk = timeChunks[i] ?? -1;
          const projected = vector === null ? undefined : project(vector);
          usable.record(chunk, projected === undefined ? 1 : 0);
          projected?.forEach((value, k) => counting[k]?.record(value, chunk));
        });
      },
      build(rows) {
        const built = counting.map((projection) => projection.build(rows));
        const projections = built.map(({ reference }) => reference);
        return {
          name,
          reference: {
            kind: 'embedding',
            dimensions,
            seed: name,
            projections,
            missing: projections[0]?.missing ?? rows,
          },
          chunks: { values: built.map(({ values }) => values), usable: usable.rows },
        };
      },
    };
  }

  #spaceOf(dimensions: number): EmbeddingProjections {
    this.#looking = Array.from({ length: PROJECTIONS + 1 }, () => new NumericLook(this.#sampling));
    return new EmbeddingProjections({ dimensions, seed: this.name, projections: PROJECTIONS });
  }

  #project(vector: readonly number[]): Float64Array | undefined {
    if (vector.length !== this.#space?.dimensions) return undefined;
    const projected = this.#space.project(vector);
    return projected.every(Number.isFinite) ? projected : undefined;
  }
}
