/** Of a long series only the largest are kept, with where they were. */
const KEPT = 512;

/** Windows in which something was seen, by their number; the largest of the whole series, in bounded memory. */
export class Peaks {
  #seen: { readonly window: number; readonly size: number }[] = [];
  #least = 0;

  add(window: number, size: number): void {
    if (!(size > this.#least)) return;
    this.#seen.push({ window, size });
    if (this.#seen.length < 2 * KEPT) return;
    this.#seen = this.#seen.toSorted((one, other) => other.size - one.size).slice(0, KEPT);
    this.#least = this.#seen.at(-1)?.size ?? 0;
  }

  get largest(): number {
    return Math.max(0, ...this.#seen.map(({ size }) => size));
  }

  /** One for each time that it rose and fell: no window less than `apart` away was larger. */
  independent(apart: number): readonly number[] {
    const taken: { readonly window: number; readonly size: number }[] = [];
    for (const peak of this.#seen.toSorted((one, other) => other.size - one.size || one.window - other.window)) {
      if (taken.every(({ window }) => Math.abs(window - peak.window) >= apart)) taken.push(peak);
    }
    return taken.map(({ size }) => size);
  }

  /** Windows with at least that size. */
  from(size: number): readonly number[] {
    return this.#seen.flatMap((one) => (one.size >= size ? one.window : [])).toSorted((one, other) => one - other);
  }
}
