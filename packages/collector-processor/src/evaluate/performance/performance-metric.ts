/** Predictions of one window whose truth is known, added up. */
export interface RealisedOutcomes {
  /** Rows by predicted class, then by true class. */
  readonly confusion: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Sums over the rows with a numeric prediction and truth; error = prediction - truth. */
  readonly errors: {
    readonly count: number;
    readonly sum: number;
    readonly absolute: number;
    readonly squared: number;
  };
}

/** A value with its 95 % confidence interval and the rows it rests on. */
export interface Estimate {
  readonly value: number;
  readonly lowerBound: number;
  readonly upperBound: number;
  readonly rows: number;
}

/** A way to score predictions against their truth: one file, one line in `index.ts`. */
export interface PerformanceMetric {
  readonly name: string;
  readonly answers: string;
  /** Undefined where it cannot be computed: no rows of its kind. */
  compute(outcomes: RealisedOutcomes): Estimate | undefined;
  readonly knownAnswers: readonly {
    readonly outcomes: RealisedOutcomes;
    readonly estimate: Estimate;
    readonly source: string;
  }[];
}

export const noErrors: RealisedOutcomes['errors'] = { count: 0, sum: 0, absolute: 0, squared: 0 };

/** Two-sided 95 % point of the standard normal. */
export const z95 = 1.959963984540054;
