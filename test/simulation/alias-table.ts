import type { Random } from './random.ts';

/** Draws positions in proportion to their masses, at the same cost for any number of them (Walker 1977, after Vose 1991). */
export class AliasTable {
  readonly #chances: Float64Array;
  readonly #aliases: Int32Array;

  constructor(masses: ArrayLike<number>) {
    const size = masses.length;
    this.#chances = new Float64Array(size);
    this.#aliases = new Int32Array(size);
    let total = 0;
    for (let i = 0; i < size; i++) total += masses[i] ?? 0;
    const [small, large]: [number[], number[]] = [[], []];
    for (let i = 0; i < size; i++) {
      this.#chances[i] = ((masses[i] ?? 0) / total) * size;
      this.#aliases[i] = i;
      ((this.#chances[i] ?? 0) < 1 ? small : large).push(i);
    }
    for (let less = small.pop(), more = large.pop(); less !== undefined && more !== undefined; less = small.pop()) {
      this.#aliases[less] = more;
      this.#chances[more] = (this.#chances[more] ?? 0) - (1 - (this.#chances[less] ?? 0));
      if ((this.#chances[more] ?? 0) >= 1) continue;
      small.push(more);
      more = large.pop();
    }
    // What rounding left over is 1.
    for (const rest of [...small, ...large]) if (this.#aliases[rest] === rest) this.#chances[rest] = 1;
  }

  draw(random: Random): number {
    const place = random.uniform() * this.#chances.length;
    const position = Math.floor(place);
    return place - position < (this.#chances[position] ?? 0) ? position : (this.#aliases[position] ?? 0);
  }
}
