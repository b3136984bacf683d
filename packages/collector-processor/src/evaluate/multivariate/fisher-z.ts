/** Columns that are copies of each other have a correlation of 1, where Fisher's z is infinite and infinitely steep. */
export const LARGEST_CORRELATION = 0.99;

export function fisherZ(correlation: number): number {
  return Math.atanh(limited(correlation));
}

export function limited(correlation: number): number {
  return Math.max(-LARGEST_CORRELATION, Math.min(LARGEST_CORRELATION, correlation));
}

/** A correlation of `rows` rows, of one day or of one chunk. */
export interface SampledCorrelation {
  readonly r: number;
  readonly rows: number;
}

/** The variance of √n·z between samples, about their common mean: 1 for normal and independent rows. Of two samples or more. */
export function scatterOfZ(samples: readonly SampledCorrelation[]): number {
  const scores = samples.map(({ r, rows }) => ({ z: fisherZ(r), weight: rows - 3 }));
  const weight = scores.reduce((sum, one) => sum + one.weight, 0);
  const mean = scores.reduce((sum, one) => sum + one.z * one.weight, 0) / weight;
  return scores.reduce((sum, one) => sum + one.weight * (one.z - mean) ** 2, 0) / (scores.length - 1);
}

/** Of each two of `features`, in the order of a lower triangle without its diagonal. */
export function ofPairs<Value>(features: number, of: (first: number, second: number) => Value): Value[] {
  return Array.from({ length: features }, (_, first) =>
    Array.from({ length: first }, (_, second) => of(first, second)),
  ).flat();
}
