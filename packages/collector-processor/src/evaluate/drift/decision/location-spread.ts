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
  const [location, spread] = scores.map((score) => {
    const distance = buckets.reduce(
      (sum, { reference, current }, i) => sum + (score[i] ?? 0) * (current / rows.current - reference / rows.reference),
      0,
    );
    return Math.sqrt(effectiveRows(rows)) * distance;
  });
  return { p: pValue(location, spread, phi), location: location ?? 0, spread: spread ?? 0 };
}

/**
 * The location and the spread score of each bucket: orthogonal to each other and to 1, of length 1, under the weights
 * `shares`. A table of one bucket has none of them, one of two buckets has no spread.
 */
export function rankScores(shares: readonly number[]): readonly (readonly number[])[] {
  let below = 0;
  const midranks = shares.map((share) => {
    const midrank = 2 * (below + share / 2) - 1;
    below += share;
    return midrank;
  });
  const dot = (a: readonly number[], b: readonly number[]) =>
    shares.reduce((sum, share, i) => sum + share * (a[i] ?? 0) * (b[i] ?? 0), 0);

  const one = shares.map(() => 1);
  const location = orthogonalise(midranks, [one], dot);
  if (location === undefined) return [];
  const spread = orthogonalise(
    location.map((score, i) => score * (midranks[i] ?? 0)),
    [one, location],
    dot,
  );
  return spread === undefined ? [location] : [location, spread];
}

function orthogonalise(
  vector: readonly number[],
  basis: readonly (readonly number[])[],
  dot: (a: readonly number[], b: readonly number[]) => number,
): readonly number[] | undefined {
  const rest = basis.reduce((left, axis) => {
    const projection = dot(left, axis);
    return left.map((value, i) => value - projection * (axis[i] ?? 0));
  }, vector);
  const squaredLength = dot(rest, rest);
  return squaredLength < NO_LENGTH ? undefined : rest.map((value) => value / Math.sqrt(squaredLength));
}

function pValue(location: number | undefined, spread: number | undefined, phi: number): number {
  if (location === undefined) return 1;
  if (spread === undefined) return chiSquaredSurvival(location ** 2 / phi, 1);
  return Math.exp(-(location ** 2 + spread ** 2) / (2 * phi));
}
