import { bisect, gammaln } from 'simple-statistics';
import type { Interval } from './interval.ts';

/** P(X ≤ successes) of a binomial distribution. */
export function binomialCumulative(successes: number, trials: number, probability: number): number {
  if (successes < 0) return 0;
  if (successes >= trials) return 1;
  if (probability <= 0) return 1;
  if (probability >= 1) return 0;
  return successes <= trials * probability
    ? tail(successes, trials, probability)
    : 1 - tail(trials - successes - 1, trials, 1 - probability);
}

/**
 * Clopper and Pearson (Biometrika 26, 1934): exact at every number of trials, so five right answers out of five do not
 * pass for certainty.
 */
export function proportionInterval(successes: number, trials: number, confidence: number): Interval {
  const halfLevel = (1 - confidence) / 2;
  return {
    value: successes / trials,
    lower: successes === 0 ? 0 : probabilityWhere((p) => 1 - binomialCumulative(successes - 1, trials, p) - halfLevel),
    upper: successes === trials ? 1 : probabilityWhere((p) => halfLevel - binomialCumulative(successes, trials, p)),
  };
}

/**
 * McNemar's test, exact and one-sided: how likely at least so many of the rows on which two models differ went to the
 * worse by chance alone. Rows that both get right or wrong say nothing.
 */
export function mcnemar({ lost, won }: { readonly lost: number; readonly won: number }): number {
  return lost === 0 ? 1 : binomialCumulative(won, lost + won, 0.5);
}

function probabilityWhere(difference: (probability: number) => number): number {
  return bisect(difference, 0, 1, 200, 1e-12);
}

/** P(X ≤ successes) below the mean: from the largest term down, until the rest cannot matter. */
function tail(successes: number, trials: number, probability: number): number {
  const odds = (1 - probability) / probability;
  let term = Math.exp(
    gammaln(trials + 1) -
      gammaln(successes + 1) -
      gammaln(trials - successes + 1) +
      successes * Math.log(probability) +
      (trials - successes) * Math.log1p(-probability),
  );
  let sum = 0;
  for (let count = successes; count >= 0 && term > sum * 1e-17; count -= 1) {
    sum += term;
    term *= (count / (trials - count + 1)) * odds;
  }
  return Math.min(1, sum);
}
