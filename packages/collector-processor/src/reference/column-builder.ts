import type { FeatureReference } from '@driftline/sketches';
import type { RowChunk } from '../files/data-file.ts';
import type { ReadAs } from '../files/column-reading.ts';

/** Learns the reference of one column in two passes over its rows. */
export interface ColumnBuilder {
  readonly name: string;
  readonly readAs: ReadAs;
  /** First pass: what the buckets need to know. */
  look(rows: RowChunk): void;
  /** Second pass: one counter for the whole and one for each segment, all on the same buckets. */
  counter(): ColumnCount;
}

/** Exact counts of some of a column's rows. */
export interface ColumnCount {
  /** `timeChunks` has the chunk of each row, -1 where its time is missing. */
  count(rows: RowChunk, timeChunks: readonly number[]): void;
  /** `rows` is all that were counted: those without a value are missing. */
  build(rows: number): BuiltColumn;
}

export interface NamedReference {
  readonly name: string;
  readonly reference: FeatureReference;
}

export interface BuiltColumn extends NamedReference {
  readonly chunks: ChunkTables;
}

/** A column's counts by time chunk. */
export interface ChunkTables {
  /** Counts on the reference's buckets or categories, a row for each chunk; an embedding has a table for each projection. */
  readonly values: readonly (readonly ArrayLike<number>[])[];
  /** Rows with and without a usable value. */
  readonly usable: readonly ArrayLike<number>[];
}

/** A row of counts for each time chunk. */
export class ChunkTable {
  readonly #width: number;
  readonly #rows: Uint32Array[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  record(chunk: number, bucket: number): void {
    if (chunk < 0) return;
    while (this.#rows.length <= chunk) this.#rows.push(new Uint32Array(this.#width));
    const row = this.#rows[chunk];
    if (row !== undefined) row[bucket] = (row[bucket] ?? 0) + 1;
  }

  get rows(): readonly Uint32Array[] {
    return this.#rows;
  }
}
