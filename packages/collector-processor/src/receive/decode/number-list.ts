import { DecodeError } from './decode-error.ts';

/** Collects the numbers of one repeated field in memory that is used again for the next. */
export class NumberList {
  #numbers = new Float64Array(256);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#numbers.length) this.#grow();
    this.#numbers[this.#length++] = value;
  }

  clear(): void {
    this.#length = 0;
  }

  /** A copy of what was collected; the list is empty afterwards. */
  take(): Float64Array {
    const taken = this.#numbers.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #grow(): void {
    if (this.#length >= mostNumbers) throw new DecodeError(`a point with more than ${mostNumbers} buckets`);
    const larger = new Float64Array(this.#length * 4);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}

const mostNumbers = 65_536;
