import { highWordOf } from './double-bits.ts';

/** How many edges one cell may hold: every lookup compares with so many, because a branch guessed wrong costs more. */
const comparisons = 3;
/** Cells reach this many powers of two beyond the bulk; farther edges share the last ones. */
const mostOctaves = 32;

/**
 * Finds the bucket of a value among sorted edges by a guide table: the value's cell names the first edge that may be
 * meant. Around the densest edges cells are equally wide, and farther out they double in width with the distance, so
 * that a narrow bulk and far tails both have few edges in a cell; the cell is read off the distance's leading bits.
 * An edge in an earlier cell than x is below x: rounding keeps order, and so do the bits of positive doubles.
 */
export class EdgeSearch {
  /** Followed by infinities, so that comparisons may read past the end. */
  readonly #edges: Float64Array;
  readonly #middle: number;
  /** Half the width of the bulk, where cells are equally wide. */
  readonly #bulk: number;
  readonly #shift: number;
  readonly #nearest: number;
  readonly #steps: number;
  /** The first candidate; its complement where a cell has too many. */
  readonly #cells: Int32Array;

  constructor(edges: Float64Array) {
    this.#edges = new Float64Array(edges.length + comparisons).fill(Infinity);
    this.#edges.set(edges);
    this.#middle = densestOf(edges);
    const distances = edges.map((edge) => Math.abs(edge - this.#middle)).toSorted();
    this.#bulk = distances[distances.length >> 2]!;
    const bitsPerOctave = Math.max(3, 30 - Math.clz32(edges.length));
    this.#shift = 20 - bitsPerOctave;
    this.#nearest = highWordOf(this.#bulk) >> this.#shift;
    const farthest = highWordOf(distances.at(-1)! + this.#bulk) >> this.#shift;
    this.#steps = Math.min(farthest - this.#nearest + 1, mostOctaves << bitsPerOctave);
    this.#cells = new Int32Array(2 * this.#steps + 1);
    this.#fill(edges);
  }

  bucketOf(x: number): number {
    const edges = this.#edges;
    const first = this.#cells[this.#cellOf(x)]!;
    if (first < 0) return this.#searchFrom(~first, x);
    return first + Number(x > edges[first]!) + Number(x > edges[first + 1]!) + Number(x > edges[first + 2]!);
  }

  #cellOf(x: number): number {
    const distance = x - this.#middle;
    const bits = highWordOf(Math.abs(distance) + this.#bulk) >> this.#shift;
    const steps = Math.min(bits - this.#nearest, this.#steps);
    return this.#steps + steps - 2 * steps * Number(distance < 0);
  }

  #fill(edges: Float64Array): void {
    let start = 0;
    for (let cell = 0; cell < this.#cells.length; cell++) {
      let end = start;
      while (end < edges.length && this.#cellOf(edges[end]!) === cell) end++;
      this.#cells[cell] = end - start > comparisons ? ~start : start;
      start = end;
    }
  }

  #searchFrom(first: number, x: number): number {
    let low = first;
    let high = this.#edges.length - comparisons;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (x > this.#edges[middle]!) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The middle of the narrowest eighth of the edges. */
function densestOf(edges: Float64Array): number {
  const span = edges.length >> 3;
  let start = 0;
  for (let i = 1; i + span < edges.length; i++) {
    if (edges[i + span]! - edges[i]! < edges[start + span]! - edges[start]!) start = i;
  }
  return edges[start + (span >> 1)]!;
}
