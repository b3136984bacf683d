import gammaln from '@stdlib/math-base-special-gammaln';

/**
 * Binomial counts: inversion where few are expected, else Hörmann, "The generation of binomial random variates" (1993),
 * algorithm BTRS. That of @stdlib/random-base-binomial 0.2.2 is off by up to half a count in its mean and 8 % in its
 * variance, for instance at 50 trials and 0.3 (400,000 draws, 96 standard errors): too much for a table of false alarms.
 */
export function binomialCount(uniform: () => number, trials: number, share: number): number {
  if (trials <= 0 || share <= 0) return 0;
  if (share >= 1) return trials;
  if (share > 0.5) return trials - binomialCount(uniform, trials, 1 - share);
  return trials * share < 10 ? byInversion(uniform, trials, share) : byRejection(uniform, trials, share);
}

function byInversion(uniform: () => number, trials: number, share: number): number {
  const odds = share / (1 - share);
  let mass = Math.exp(trials * Math.log1p(-share));
  let left = uniform();
  for (let count = 0; count < trials; count++) {
    if (left <= mass) return count;
    left -= mass;
    mass *= (odds * (trials - count)) / (count + 1);
  }
  return trials;
}

function byRejection(uniform: () => number, trials: number, share: number): number {
  const spread = Math.sqrt(trials * share * (1 - share));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * share;
  const center = trials * share + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const mode = Math.floor((trials + 1) * share);
  for (;;) {
    const u = uniform() - 0.5;
    const v = uniform();
    const us = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / us + b) * u + center);
    if (count < 0 || count > trials) continue;
    if (us >= 0.07 && v <= squeeze) return count;
    const alpha = (2.83 + 5.1 / b) * spread;
    const height = Math.log((v * alpha) / (a / (us * us) + b));
    if (height <= logRatio(count, mode, trials, share)) return count;
  }
}

/** ln of the probability of `count` over that of the mode. */
function logRatio(count: number, mode: number, trials: number, share: number): number {
  return (
    gammaln(mode + 1) +
    gammaln(trials - mode + 1) -
    gammaln(count + 1) -
    gammaln(trials - count + 1) +
    (count - mode) * Math.log(share / (1 - share))
  );
}
