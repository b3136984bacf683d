import { categoricalReference, otherCategory } from '@driftline/sketches';
import { DataFileError } from '../files/data-file-error.ts';
import type { RowChunk } from '../files/data-file.ts';
import { type BuiltColumn, ChunkTable, type ColumnBuilder, type ColumnCount } from './column-builder.ts';

/** Beyond this many the column holds no categories, and counting them would take memory without end. */
const MOST_DIFFERENT_VALUES = 100_000;
export const MOST_CATEGORIES = 100;

export class CategoricalColumn implements ColumnBuilder {
  readonly name: string;
  readonly readAs = 'text';
  readonly #order: readonly string[] | undefined;
  readonly #counts = new Map<string, number>();

  /** `order` makes it ordinal: categories from the lowest to the highest. */
  constructor(name: string, order?: readonly string[]) {
    this.name = name;
    this.#order = order;
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

  /** What the rows say against the declared order. */
  *notices(): Generator<string> {
    if (this.#order === undefined) return;
    const column = `column ${JSON.stringify(this.name)}`;
    const withoutRows = this.#order.filter((category) => !this.#counts.has(category));
    if (withoutRows.length > 0) yield `${column}: no row has ${listed(withoutRows)} of its order.`;
    const outside = this.#outsideOrder();
    if (outside.length === 0) return;
    const rows = outside.reduce((sum, [, rowsOfOne]) => sum + rowsOfOne, 0);
    yield `${column}: ${rows} rows have ${listed(outside.map(([category]) => category))}, without a place in its order. They are counted as categories beside it.`;
  }

  counter(): ColumnCount {
    const outside = this.#outsideOrder();
    if (outside.length > 0 && outside.length === this.#counts.size) {
      throw new DataFileError(
        `column ${JSON.stringify(this.name)}: none of its values is in the order ${listed(this.#order ?? [])}; it has ${listed(outside.map(([category]) => category))}. Write them as they stand in the file.`,
      );
    }
    const { categories } = categoricalReference(this.#counts, 0, { limit: MOST_CATEGORIES, order: this.#order });
    const order = this.#order ?? [];
    const others = Object.keys(categories).filter((category) => !order.includes(category));
    return new CategoricalCount(this.name, [...order, ...others], this.#order);
  }

  /** The largest first. */
  #outsideOrder(): readonly (readonly [category: string, rows: number])[] {
    const order = this.#order;
    if (order === undefined) return [];
    return [...this.#counts].filter(([category]) => !order.includes(category)).toSorted(([, a], [, b]) => b - a);
  }
}

function listed(categories: readonly string[]): string {
  const first = categories.slice(0, 5).map((category) => JSON.stringify(category));
  return categories.length > first.length
    ? `${first.join(', ')} and ${categories.length - first.length} more`
    : first.join(', ');
}

/** Categories that are too rare in the whole are `_other` in each part of it too. */
class CategoricalCount implements ColumnCount {
  readonly #name: string;
  readonly #order: readonly string[] | undefined;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #counts = new Map<string, number>();
  readonly #values: ChunkTable;
  readonly #usable = new ChunkTable(2);

  constructor(name: string, categories: readonly string[], order: readonly string[] | undefined) {
    this.#name = name;
    this.#order = order;
    this.#positions = new Map(categories.map((category, i) => [category, i]));
    this.#values = new ChunkTable(categories.length);
  }

  count(rows: RowChunk, timeChunks: readonly number[]): void {
    rows.cells(this.#name, 'text').forEach((category, i) => this.#record(category, timeChunks[i] ?? -1));
  }

  build(rows: number): BuiltColumn {
    return {
      name: this.#name,
      reference: categoricalReference(this.#counts, rows, { limit: MOST_CATEGORIES, order: this.#order }),
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
