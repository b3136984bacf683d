import { type Bin, effectiveRows, totalOf } from './bins.ts';
import { rankScores } from './location-spread.ts';

/** A word needs a movement of three standard errors, and of a tenth of the scores' standard deviation. */
const WORTH_A_WORD = { errors: 3, effect: 0.1 };
/** A mere shift looks wider from where the reference stands, by this share of its square: 0.65 normal, 0.71 t with 3. */
const SPREAD_OF_A_SHIFT = 0.7;

/** Where the window's values lie among those of the reference, in words: "higher and wider"; undefined where neither. */
export function directionOf(buckets: readonly Bin[], phi: number): string | undefined {
  const rows = totalOf(buckets);
  const scores = rankScores(buckets.map(({ reference }) => reference / rows.reference));
  const [moved = 0, spread] = scores.map((score) =>
    buckets.reduce((sum, { current }, i) => sum + ((score[i] ?? 0) * current) / rows.current, 0),
  );
  // Two values have no spread.
  const widened = spread === undefined ? 0 : spread - SPREAD_OF_A_SHIFT * moved ** 2;
  const least = Math.max(WORTH_A_WORD.effect, WORTH_A_WORD.errors * Math.sqrt(phi / effectiveRows(rows)));
  const words: string[] = [];
  if (Math.abs(moved) >= least) words.push(moved > 0 ? 'higher' : 'lower');
  if (Math.abs(widened) >= least) words.push(widened > 0 ? 'wider' : 'narrower');
  return words.length === 0 ? undefined : words.join(' and ');
}
