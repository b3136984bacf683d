import { type Bin, effectiveRows, totalOf } from './bins.ts';
import { chiSquaredSurvival } from './chi-squared.ts';

export interface LocationSpreadTest {
  readonly p: number;
  /** Positive: the window's values are higher (Wilcoxon, Mann, Whitney, with midranks). */
  readonly location: number;
  /** Positive: the window's values are wider spread (Mood). */
  readonly spread: number;
}

/** Below this squared length a score is rounding noise: two buckets have a location and no spread. */
const NO_LENGTH = 1e-8;

/** Lepage, "A combination of Wilcoxon's and Ansari-Bradley's statistics" (1971), here with Mood's spread. */
export function locationSpreadTest(buckets: readonly Bin[], phi = 1): LocationSpreadTest {
  const rows = totalOf(buckets);
  const all = rows.reference + rows.current;
  const scores = rankScores(buckets.map(({ reference, current }) => (reference + current) / all));
  const distances = buckets.map(({ reference, current }) => current / rows.current - reference / rows.reference);
  const [location, spread] = scores.map((score) => {
    let distance = 0;
    for (let i = 0; i < score.length; i++) distance += (score[i] ?? 0) * (distances[i] ?? 0);
    return Math.sqrt(effectiveRows(rows)) * distance;
  });
  return { p: pValue(location, spread, phi), location: location ?? 0, spread: spread ?? 0 };
}

/**
 * The location and the spread score of each bucket: orthogonal to each other and to 1, of length 1, under the weights
 * `shares`. A table of one bucket has none of them, one of two buckets has no spread.
 */
export function rankScores(shares: readonly number[]): readonly Float64Array[] {
  const weights = Float64Array.from(shares);
  const midranks = new Float64Array(weights.length);
  let below = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0;
    midranks[i] = 2 * (below + weight / 2) - 1;
    below += weight;
  }
  const one = new Float64Array(weights.length).fill(1);
  const location = orthogonalise(midranks, [one], weights);
  if (location === undefined) return [];
  const spread = orthogonalise(
    location.map((score, i) => score * (midranks[i] ?? 0)),
    [one, location],
    weights,
  );
  return spread === undefined ? [location] : [location, spread];
}

function orthogonalise(
  vector: Float64Array,
  basis: readonly Float64Array[],
  weights: Float64Array,
): Float64Array | undefined {
  const rest = Float64Array.from(vector);
  for (const axis of basis) {
    const projection = dot(rest, axis, weights);
    for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] ?? 0) - projection * (axis[i] ?? 0);
  }
  const squaredLength = dot(rest, rest, weights);
  if (squaredLength < NO_LENGTH) return undefined;
  const length = Math.sqrt(squaredLength);
  for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] ?? 0) / length;
  return rest;
}

function dot(a: Float64Array, b: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += (weights[i] ?? 0) * (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function pValue(location: number | undefined, spread: number | undefined, phi: number): number {
  if (location === undefined) return 1;
  if (spread === undefined) return chiSquaredSurvival(location ** 2 / phi, 1);
  return Math.exp(-(location ** 2 + spread ** 2) / (2 * phi));
}
