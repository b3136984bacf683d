import type { CoMomentReference } from './reference-profile.ts';

/** A feature whose mean and standard deviation the co-moments were standardised by. */
interface Standardised {
  readonly name: string;
  readonly mean: number;
  readonly sd: number;
}

/**
 * Below this share of its variance a feature follows from others (R² above 0.999), and the least rounding would be far
 * away. So much is then added to the diagonal (ridge).
 */
const LEAST_SHARE = 1e-3;

/** Undefined where the profile has no correlations, or none that belong to any rows. */
export function correlationFactor(
  coMoments: CoMomentReference | undefined,
  features: readonly Standardised[],
): CorrelationFactor | undefined {
  if (coMoments === undefined || coMoments.count === 0) return undefined;
  const { count, means, sums } = coMoments;
  const places = features.map(({ name }) => coMoments.features.indexOf(name));
  const sum = (a: number, b: number): number => sums[(Math.max(a, b) * (Math.max(a, b) + 1)) / 2 + Math.min(a, b)] ?? 0;
  const deviations = places.map((place) => Math.sqrt(sum(place, place) / count));
  const correlations = places.map((a, i) =>
    places.slice(0, i + 1).map((b, j) => sum(a, b) / count / (deviations[i]! * deviations[j]!)),
  );
  const triangle = cholesky(correlations, 0) ?? cholesky(correlations, LEAST_SHARE);
  if (triangle === undefined) return undefined;
  return new CorrelationFactor(
    triangle,
    features.map(({ mean, sd }, i) => mean + sd * means[places[i]!]!),
    features.map(({ sd }, i) => sd * deviations[i]!),
  );
}

/** The Cholesky factor L of a correlation matrix R = LLᵀ: with it a squared distance zᵀR⁻¹z is two substitutions. */
export class CorrelationFactor {
  /** Of the features, in their own units. */
  readonly centres: readonly number[];
  readonly scales: readonly number[];
  /** By rows of the lower triangle. */
  readonly #triangle: Float64Array;

  constructor(triangle: Float64Array, centres: readonly number[], scales: readonly number[]) {
    this.#triangle = triangle;
    this.centres = centres;
    this.scales = scales;
  }

  /** Writes each feature's part z·(R⁻¹z), which may be negative, into `parts`; gives their sum, zᵀR⁻¹z. */
  split(z: Float64Array, parts: Float64Array): number {
    const triangle = this.#triangle;
    let squared = 0;
    for (let i = 0, k = 0; i < z.length; i++) {
      let rest = z[i]!;
      for (let j = 0; j < i; j++) rest -= triangle[k++]! * parts[j]!;
      parts[i] = rest / triangle[k++]!;
      squared += parts[i]! * parts[i]!;
    }
    for (let i = z.length - 1; i >= 0; i--) {
      const row = (i * (i + 1)) / 2;
      parts[i]! /= triangle[row + i]!;
      for (let j = 0; j < i; j++) parts[j]! -= triangle[row + j]! * parts[i]!;
    }
    for (let i = 0; i < z.length; i++) parts[i]! *= z[i]!;
    return squared;
  }
}

/** Undefined where the matrix is singular, or no matrix of correlations: a profile comes from outside. */
function cholesky(matrix: readonly (readonly number[])[], ridge: number): Float64Array | undefined {
  const triangle = new Float64Array((matrix.length * (matrix.length + 1)) / 2);
  for (let i = 0; i < matrix.length; i++) {
    const row = (i * (i + 1)) / 2;
    for (let j = 0; j <= i; j++) {
      const other = (j * (j + 1)) / 2;
      let rest = matrix[i]![j]! + (i === j ? ridge : 0);
      for (let k = 0; k < j; k++) rest -= triangle[row + k]! * triangle[other + k]!;
      if (i === j && !(rest >= LEAST_SHARE * (1 - 1e-6))) return undefined;
      triangle[row + j] = i === j ? Math.sqrt(rest) : rest / triangle[other + j]!;
    }
  }
  return triangle;
}
