/** Finds the bucket of a value among sorted edges: the first edge that is not below the value, or one past the last. */
export interface EdgeSearch {
  /** x may be infinite, not NaN. */
  bucketOf(x: number): number;
}

export function edgeSearch(edges: Float64Array, first = 0, end = edges.length): EdgeSearch {
  const range = edges[end - 1]! - edges[first]!;
  const isDivisible = Number.isFinite(range) && Number.isFinite((end - first) / range);
  return isDivisible ? new GuideTable(edges, first, end) : new BinarySearch(edges, first, end);
}

const cellsPerEdge = 4;
/** A cell with more edges than this has a finer table of its own, so that skewed edges stay cheap. */
const crowded = 4;

/**
 * The range of the edges cut into cells of equal width; each cell knows the first edge that may be meant.
 * An edge in an earlier cell than x is below x, however the products are rounded: rounding keeps order.
 */
class GuideTable implements EdgeSearch {
  readonly #edges: Float64Array;
  readonly #first: number;
  readonly #end: number;
  readonly #low: number;
  readonly #high: number;
  readonly #cellsPerUnit: number;
  /** The first candidate edge, or the complement of an index into `finer`. */
  readonly #cells: Int32Array;
  readonly #finer: EdgeSearch[] = [];

  constructor(edges: Float64Array, first: number, end: number) {
    this.#edges = edges;
    this.#first = first;
    this.#end = end;
    this.#low = edges[first]!;
    this.#high = edges[end - 1]!;
    const cells = (end - first) * cellsPerEdge;
    this.#cellsPerUnit = end - first > 1 ? cells / (this.#high - this.#low) : 0;
    this.#cells = new Int32Array(cells + 1);
    this.#fill();
  }

  bucketOf(x: number): number {
    if (x <= this.#low) return this.#first;
    if (x > this.#high) return this.#end;
    const candidate = this.#cells[this.#cellOf(x)]!;
    if (candidate < 0) return this.#finer[~candidate]!.bucketOf(x);
    let bucket = candidate;
    while (x > this.#edges[bucket]!) bucket++;
    return bucket;
  }

  #cellOf(x: number): number {
    return ((x - this.#low) * this.#cellsPerUnit) | 0;
  }

  #fill(): void {
    let start = this.#first;
    for (let cell = 0; cell < this.#cells.length; cell++) {
      let end = start;
      while (end < this.#end && this.#cellOf(this.#edges[end]!) === cell) end++;
      this.#cells[cell] = end - start > crowded ? ~(this.#finer.push(edgeSearch(this.#edges, start, end)) - 1) : start;
      start = end;
    }
  }
}

/** For ranges that overflow, or whose cells would be narrower than doubles can tell apart. */
class BinarySearch implements EdgeSearch {
  readonly #edges: Float64Array;
  readonly #first: number;
  readonly #end: number;

  constructor(edges: Float64Array, first: number, end: number) {
    this.#edges = edges;
    this.#first = first;
    this.#end = end;
  }

  bucketOf(x: number): number {
    let low = this.#first;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (x > this.#edges[middle]!) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
