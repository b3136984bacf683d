import type { UsualValue } from './patterns/security-pattern.ts';

/** Fewer callers say nothing about the others. */
const FEWEST_CALLERS = 5;
/** Later callers weigh as much as one in so many, so that what is usual may change over months. */
const MOST_REMEMBERED = 1000;

export class MeanOverCallers implements UsualValue {
  #callers = 0;
  #mean = 0;

  get mean(): number | undefined {
    return this.#callers < FEWEST_CALLERS ? undefined : this.#mean;
  }

  contribute(value: number): void {
    this.#callers++;
    this.#mean += (value - this.#mean) / Math.min(this.#callers, MOST_REMEMBERED);
  }
}
