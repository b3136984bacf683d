import { mixed, valueHash } from './value-hash.ts';

/** How many rows back a repetition is seen. */
const MEMORY = 8192;

/**
 * Has a row occurred before, with the same value of every feature? It remembers 32 bits of each of the last 8,192 rows
 * that differ: two different rows are taken for one in one of 500,000 cases.
 */
export class RepeatedRows {
  readonly #known = new Set<number>();
  readonly #order = new Uint32Array(MEMORY);
  readonly #seeds = new Map<string, number>();
  #next = 0;

  /** The row's features by name, in any order; one that is missing is as one that is not there. */
  isRepeated(row: Readonly<Record<string, unknown>>, isFeature: (name: string) => boolean): boolean {
    let hash = 0;
    for (const name in row) {
      const value = row[name];
      if (value === undefined || value === null || !isFeature(name)) continue;
      // A sum: the order of the names does not matter.
      hash = (hash + valueHash(value, this.#seedOf(name))) | 0;
    }
    return this.#isKnown(mixed(hash));
  }

  #isKnown(hash: number): boolean {
    if (this.#known.has(hash)) return true;
    if (this.#known.size >= MEMORY) this.#known.delete(this.#order[this.#next] ?? 0);
    this.#known.add(hash);
    this.#order[this.#next] = hash;
    this.#next = (this.#next + 1) % MEMORY;
    return false;
  }

  /** As many as a model has features. */
  #seedOf(name: string): number {
    const known = this.#seeds.get(name);
    if (known !== undefined) return known;
    const seed = valueHash(name);
    this.#seeds.set(name, seed);
    return seed;
  }
}
