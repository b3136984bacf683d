import { chiSquaredSurvival } from '../evaluate/drift/decision/chi-squared.ts';

/** One in twenty: how often an upper bound may be too low. */
const CONFIDENCE = 0.95;
/** Excesses that the shape of a tail is read from: fewer say nothing, and those further down are no tail. */
const LEAST_EXCESSES = 5;
const MOST_EXCESSES = 50;
const TAIL_SHARE = 0.2;

/** What a level rests on. */
export type Basis =
  /** History is long enough: with 95 % confidence the level is passed more rarely than that. */
  | 'bound'
  /** History is too short for that: an exponential tail through its largest peaks, at the upper bound of its scale. */
  | 'tail'
  /** Too few peaks for a tail: nothing larger was ever seen. */
  | 'largest'
  | 'nothing seen';

export interface RareLevel {
  readonly level: number;
  readonly basis: Basis;
}

/**
 * The level that peaks pass at most so often, from peaks that are independent of each other.
 *
 * Peaks over a level come like a Poisson process, so m of them in T months bound their rate by `poissonBound(m) / T`
 * (Garwood 1936): no assumption about sizes, but even none at all needs T ≥ 3 / rate. Over a shorter history excesses
 * of a high threshold are taken for exponential, the limit for all tails that are no power (Pickands 1975); their mean
 * is raised to its upper bound, since an exponential sum is gamma-distributed.
 */
export function rareLevel(
  peaks: readonly number[],
  { months, perMonth }: { readonly months: number; readonly perMonth: number },
): RareLevel {
  const sorted = peaks.toSorted((one, other) => other - one);
  const [largest] = sorted;
  if (largest === undefined) return { level: 0, basis: 'nothing seen' };
  if (poissonBound(0) <= perMonth * months) {
    let above = 0;
    while (above < sorted.length && poissonBound(above + 1) <= perMonth * months) above++;
    return { level: sorted[above] ?? 0, basis: 'bound' };
  }
  const excesses = Math.min(MOST_EXCESSES, Math.max(LEAST_EXCESSES, Math.ceil(TAIL_SHARE * sorted.length)));
  const threshold = sorted[excesses];
  if (threshold === undefined) return { level: largest, basis: 'largest' };
  const sum = sorted.slice(0, excesses).reduce((total, peak) => total + peak - threshold, 0);
  const scale = (2 * sum) / chiSquaredQuantile(1 - CONFIDENCE, 2 * excesses);
  const level = threshold + scale * Math.log(excesses / (perMonth * months));
  return { level: Math.max(largest, level), basis: 'tail' };
}

/** How many may be expected where so many came, with 95 % confidence. */
export function poissonBound(events: number): number {
  return chiSquaredQuantile(CONFIDENCE, 2 * (events + 1)) / 2;
}

/** By halving: it is asked a few times for each feature. */
function chiSquaredQuantile(share: number, degreesOfFreedom: number): number {
  let low = 0;
  let high = degreesOfFreedom + 20 * Math.sqrt(2 * degreesOfFreedom) + 20;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (1 - chiSquaredSurvival(middle, degreesOfFreedom) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
