/** One pair a row. What the numbers are depends on what the metric reads. */
export interface Pairs {
  readonly truth: Float64Array;
  readonly answer: Float64Array;
}

/**
 * - `class`: the number of the class, each its own
 * - `positive`: 1 where the class is the positive one, else 0
 * - `score`: truth as `positive`, the answer is the probability of the positive class
 * - `value`: a quantity
 */
export type Reads = 'class' | 'positive' | 'score' | 'value';

/** A way to score answers against their truth: one file, one line in `index.ts`. */
export interface Metric {
  readonly answers: string;
  readonly reads: Reads;
  readonly better: 'higher' | 'lower';
  /** Undefined where it has no value: no positive row, say. */
  compute(pairs: Pairs): number | undefined;
  /** Where each row is either right or wrong: two versions are compared by the rows on which they differ then. */
  readonly isRight?: (truth: number, answer: number) => boolean;
  /** Where it is a share of rows, these: its interval is exact then. */
  share?(pairs: Pairs): { readonly successes: number; readonly trials: number };
  readonly knownAnswers: readonly {
    readonly truth: readonly number[];
    readonly answer: readonly number[];
    readonly value: number;
    readonly source: string;
  }[];
}

export function countWhere({ truth, answer }: Pairs, holds: (truth: number, answer: number) => boolean): number {
  let count = 0;
  for (let row = 0; row < truth.length; row += 1) if (holds(truth[row] ?? 0, answer[row] ?? 0)) count += 1;
  return count;
}

export function meanOver({ truth, answer }: Pairs, term: (truth: number, answer: number) => number): number {
  let sum = 0;
  for (let row = 0; row < truth.length; row += 1) sum += term(truth[row] ?? 0, answer[row] ?? 0);
  return sum / truth.length;
}

export function shareOf({ successes, trials }: { readonly successes: number; readonly trials: number }) {
  return trials === 0 ? undefined : successes / trials;
}
