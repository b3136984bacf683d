import { categoricalReference, otherCategory } from '@driftline/sketches';
import { DataFileError } from '../files/data-file-error.ts';
import type { RowChunk } from '../files/data-file.ts';
import { type BuiltColumn, ChunkTable, type ColumnBuilder } from './column-builder.ts';

/** Beyond this many the column holds no categories, and counting them would take memory without end. */
const MOST_DIFFERENT_VALUES = 100_000;
const MOST_CATEGORIES = 100;

export class CategoricalColumn implements ColumnBuilder {
  readonly name: string;
  readonly readAs = 'text';
  readonly #counts = new Map<string, number>();
  #counting: CategoricalCount | undefined;

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

  count(rows: RowChunk, timeChunks: readonly number[]): void {
    this.#counting ??= new CategoricalCount(this.#largest());
    const counting = this.#counting;
    rows.cells(this.name, this.readAs).forEach((category, i) => counting.record(category, timeChunks[i] ?? -1));
  }

  build(rows: number): BuiltColumn {
    const { values, usable } = this.#counting ?? new CategoricalCount([]);
    return {
      name: this.name,
      reference: categoricalReference(this.#counts, rows, MOST_CATEGORIES),
      chunks: { values: [values.rows], usable: usable.rows },
    };
  }

  #largest(): string[] {
    return Object.keys(categoricalReference(this.#counts, 0, MOST_CATEGORIES).categories);
  }
}

class CategoricalCount {
  readonly #positions: ReadonlyMap<string, number>;
  readonly values: ChunkTable;
  readonly usable = new ChunkTable(2);

  constructor(categories: readonly string[]) {
    this.#positions = new Map(categories.map((category, i) => [category, i]));
    this.values = new ChunkTable(categories.length);
  }

  record(category: string | null, timeChunk: number): void {
    this.usable.record(timeChunk, category === null ? 1 : 0);
    if (category === null) return;
    const position = this.#positions.get(category) ?? this.#positions.get(otherCategory);
    if (position !== undefined) this.values.record(timeChunk, position);
  }
}
