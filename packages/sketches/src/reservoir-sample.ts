/** A uniform sample of fixed size from a stream of unknown length: Li's Algorithm L (1994), which skips most rows. */
export class ReservoirSample {
  readonly #capacity: number;
  readonly #random: () => number;
  readonly #values: Float64Array;
  #seen = 0;
  #weight = 1;
  #next: number;

  /** `random` gives numbers in [0, 1), `Math.random` for instance, or a seeded one where a build must repeat. */
  constructor(capacity: number, random: () => number) {
    this.#capacity = capacity;
    this.#random = random;
    this.#values = new Float64Array(capacity);
    this.#next = capacity - 1;
    this.#skip();
  }

  get values(): Float64Array {
    return this.#values.subarray(0, Math.min(this.#seen, this.#capacity));
  }

  record(x: number): void {
    if (this.#seen < this.#capacity) this.#values[this.#seen] = x;
    else if (this.#seen === this.#next) {
      this.#values[Math.floor(this.#random() * this.#capacity)] = x;
      this.#skip();
    }
    this.#seen++;
  }

  #skip(): void {
    this.#weight *= Math.exp(Math.log(1 - this.#random()) / this.#capacity);
    this.#next += Math.floor(Math.log(1 - this.#random()) / Math.log(1 - this.#weight)) + 1;
  }
}
