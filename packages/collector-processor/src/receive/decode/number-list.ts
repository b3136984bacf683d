import { DecodeError } from './decode-error.ts';

/**
 * Collects the numbers of one repeated field after the other in a large block, since a typed array of its own for each
 * point would cost more than reading it.
 */
export class NumberList {
  /** Write here, from what `extend()` returns. */
  numbers = new Float64Array(blockLength);
  #start = 0;
  #end = 0;

  /** Makes room for so many more numbers and returns the index of the first. */
  extend(length: number): number {
    const first = this.#end;
    if (first + length <= this.numbers.length) {
      this.#end += length;
      return first;
    }
    const pending = this.numbers.subarray(this.#start, this.#end);
    if (pending.length + length > mostNumbers) throw new DecodeError(`a point with more than ${mostNumbers} buckets`);
    this.numbers = new Float64Array(Math.max(blockLength, 2 * (pending.length + length)));
    this.numbers.set(pending);
    this.#start = 0;
    this.#end = pending.length + length;
    return pending.length;
  }

  push(value: number): void {
    // In two steps: extending may put another block in place of the one that an assignment has already looked up.
    const index = this.extend(1);
    this.numbers[index] = value;
  }

  /** Forgets what a failed request left behind. */
  clear(): void {
    this.#end = this.#start;
  }

  /** What was collected, as a view of the block. */
  take(): Float64Array {
    const taken = this.numbers.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return taken;
  }
}

const blockLength = 8192;
const mostNumbers = 65_536;
