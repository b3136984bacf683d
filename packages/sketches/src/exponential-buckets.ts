/** Neighbouring buckets of an exponential histogram for one sign: what OTLP calls offset and counts. */
export class ExponentialBuckets {
  readonly #capacity: number;
  /** Allocated with the first value of this sign: most features have one. */
  #counts: Float64Array | undefined;
  #lowest = 0;
  #length = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The index of the first count. */
  get offset(): number {
    return this.#lowest;
  }

  get counts(): Float64Array {
    return this.#counts?.subarray(0, this.#length) ?? none;
  }

  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** How many halvings of the resolution make room for these indexes. */
  halvingsFor(lowest: number, highest: number): number {
    let low = this.#length > 0 ? Math.min(lowest, this.#lowest) : lowest;
    let high = this.#length > 0 ? Math.max(highest, this.#lowest + this.#length - 1) : highest;
    let halvings = 0;
    for (; high - low >= this.#capacity; halvings++) {
      low >>= 1;
      high >>= 1;
    }
    return halvings;
  }

  /** False, with nothing changed, where there is no room. */
  add(index: number, rows: number): boolean {
    const position = index - this.#lowest;
    if (position >= 0 && position < this.#length) {
      this.#counts![position]! += rows;
      return true;
    }
    return this.#widen(index) && this.add(index, rows);
  }

  /** Merges each 2^halvings neighbours into one. */
  coarsen(halvings: number): void {
    if (this.#length === 0) return;
    const counts = this.#counts!;
    const lowest = this.#lowest >> halvings;
    const length = ((this.#lowest + this.#length - 1) >> halvings) - lowest + 1;
    for (let position = 0; position < this.#length; position++) {
      const rows = counts[position]!;
      counts[position] = 0;
      counts[((this.#lowest + position) >> halvings) - lowest]! += rows;
    }
    this.#lowest = lowest;
    this.#length = length;
  }

  clear(): void {
    this.#counts?.fill(0);
    this.#lowest = 0;
    this.#length = 0;
  }

  #widen(index: number): boolean {
    const counts = (this.#counts ??= new Float64Array(this.#capacity));
    if (this.#length === 0) this.#lowest = index;
    const added = Math.max(this.#lowest - index, 0);
    const length = Math.max(this.#length + added, index - this.#lowest + 1);
    if (length > this.#capacity) return false;
    if (added > 0) {
      counts.copyWithin(added, 0, this.#length);
      counts.fill(0, 0, added);
      this.#lowest = index;
    }
    this.#length = length;
    return true;
  }
}

const none = new Float64Array(0);
