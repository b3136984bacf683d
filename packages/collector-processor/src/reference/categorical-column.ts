import { categoricalReference, otherCategory } from '@driftline/sketches';
import { DataFileError } from '../files/data-file-error.ts';
import type { RowChunk } from '../files/data-file.ts';
import { type BuiltColumn, ChunkTable, type ColumnBuilder, type ColumnCount } from './column-builder.ts';

/** Beyond this many the column holds no categories, and counting them would take memory without end. */
const MOST_DIFFERENT_VALUES = 100_000;
const MOST_CATEGORIES = 100;

export class CategoricalColumn implements ColumnBuilder {
  readonly name: string;
  readonly readAs = 'text';
  readonly #counts = new Map<string, number>();

  constructor(name: string) {
    this.name = name;
  }

  look(rows: RowChunk): void {
    for (const category of rows.cells(this.name, this.readAs)) {
      if (category !== null) this.#counts.set(category, (this.#counts.get(category) ?? 0) + 1);
    }
    if (this.#counts.size <= MOST_DIFFERENT_VALUES) return;
    throw new DataFileError(
      `column ${JSON.stringify(this.name)} has more than ${MOST_DIFFERENT_VALUES} different values, so they are no categories. Leave it out: --exclude ${this.name}`,
    );
  }

  counter(): ColumnCount {
    return new CategoricalCount(this.name, this.#largest());
  }

  #largest(): string[] {
    return Object.keys(categoricalReference(this.#counts, 0, MOST_CATEGORIES).categories);
  }
}

/** Categories that are too rare in the whole are `_other` in each part of it too. */
class CategoricalCount implements ColumnCount {
  readonly #name: string;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #counts = new Map<string, number>();
  readonly #values: ChunkTable;
  readonly #usable = new ChunkTable(2);

  constructor(name: string, categories: readonly string[]) {
    this.#name = name;
    this.#positions = new Map(categories.map((category, i) => [category, i]));
    this.#values = new ChunkTable(categories.length);
  }

  count(rows: RowChunk, timeChunks: readonly number[]): void {
    rows.cells(this.#name, 'text').forEach((category, i) => this.#record(category, timeChunks[i] ?? -1));
  }

  build(rows: number): BuiltColumn {
    return {
      name: this.#name,
      reference: categoricalReference(this.#counts, rows, MOST_CATEGORIES),
      chunks: { values: [this.#values.rows], usable: this.#usable.rows },
    };
  }

  #record(category: string | null, timeChunk: number): void {
    this.#usable.record(timeChunk, category === null ? 1 : 0);
    if (category === null) return;
    const known = this.#positions.has(category) ? category : otherCategory;
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + 1);
    const position = this.#positions.get(known);
    if (position !== undefined) this.#values.record(timeChunk, position);
  }
}
