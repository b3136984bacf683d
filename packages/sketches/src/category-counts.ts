/** Where categories are counted that the reference does not know. */
export const unseenCategory = '_unseen';
/** Where categories over the limit are counted. */
export const otherCategory = '_other';

export interface CategoryCountsOptions {
  /** Each of these has a count of its own, from the start and whatever the limit. */
  readonly known?: Iterable<string> | undefined;
  /** How many further categories may have a count of their own; 100 by default. */
  readonly limit?: number | undefined;
  /** Fold an unknown category into `_unseen` (the default where any is known), or record it under its own name. */
  readonly unknown?: 'fold' | 'record' | undefined;
}

/**
 * Counts categories in bounded space. Known a, b with the values a, b, a, c hold a 2, b 1, _unseen 1.
 *
 * Over the limit the first names in code-unit order keep counts of their own and the rest is `_other`: unlike "first
 * come", this gives the same counts in whatever order rows are recorded and sketches merged.
 * A reference that folded its own tail into `_other` cannot tell rare from unseen: then both are `_other`, and valid.
 */
export class CategoryCounts {
  readonly known: ReadonlySet<string>;
  readonly limit: number;
  readonly unknown: 'fold' | 'record';
  readonly #tallies = new Map<string, Tally>();
  /** The names recorded beside the known ones, sorted. */
  #recorded: string[] = [];

  constructor({ known = [], limit = 100, unknown }: CategoryCountsOptions = {}) {
    this.known = new Set(known);
    this.limit = limit;
    this.unknown = unknown ?? (this.known.size > 0 ? 'fold' : 'record');
    this.clear();
  }

  record(category: string): 'valid' | 'unseen' {
    const tally = this.#tallies.get(category) ?? this.#newTally(category);
    tally.rows++;
    return tally.status;
  }

  /** Known categories, also those without rows; then further names, `_unseen` and `_other` as they occurred. */
  get counts(): ReadonlyMap<string, number> {
    return new Map(this.#tallies.entries().map(([category, { rows }]) => [category, rows]));
  }

  get count(): number {
    return this.#tallies.values().reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Adds rows of one category counted elsewhere. */
  add(category: string, rows: number): void {
    if (rows > 0) (this.#tallies.get(category) ?? this.#newTally(category)).rows += rows;
  }

  /** Adds the other's rows; what is unknown here follows the rules of this sketch. */
  merge(other: CategoryCounts): void {
    for (const [category, { rows }] of other.#tallies) this.add(category, rows);
  }

  clear(): void {
    this.#tallies.clear();
    this.#recorded = [];
    for (const category of this.known) this.#tally(category);
  }

  #newTally(category: string): Tally {
    if (category === unseenCategory || category === otherCategory) return this.#tally(category);
    if (this.unknown === 'fold') return this.#tally(this.known.has(otherCategory) ? otherCategory : unseenCategory);
    if (this.#recorded.length < this.limit) return this.#recordName(category);
    const last = this.#recorded.at(-1);
    if (last === undefined || category > last) return this.#tally(otherCategory);
    this.#foldAway(last);
    return this.#recordName(category);
  }

  #recordName(category: string): Tally {
    const place = this.#recorded.findIndex((name) => name > category);
    this.#recorded.splice(place < 0 ? this.#recorded.length : place, 0, category);
    return this.#tally(category);
  }

  #foldAway(category: string): void {
    this.#tally(otherCategory).rows += this.#tally(category).rows;
    this.#tallies.delete(category);
    this.#recorded.pop();
  }

  #tally(category: string): Tally {
    const existing = this.#tallies.get(category);
    if (existing !== undefined) return existing;
    const tally: Tally = { status: category === unseenCategory ? 'unseen' : 'valid', rows: 0 };
    this.#tallies.set(category, tally);
    return tally;
  }
}

interface Tally {
  readonly status: 'valid' | 'unseen';
  rows: number;
}
