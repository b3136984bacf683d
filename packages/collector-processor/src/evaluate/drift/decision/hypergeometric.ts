/** An urn of `rows`, `marked` of them marked, from which `drawn` are taken without putting back. */
export interface Urn {
  readonly rows: number;
  readonly marked: number;
  readonly drawn: number;
}

/** P(at least `count` marked rows are drawn). */
export function atLeast(count: number, urn: Urn): number {
  const { rows, marked, drawn } = urn;
  const fewest = Math.max(0, drawn + marked - rows);
  if (count <= fewest) return 1;
  if (count > Math.min(marked, drawn)) return 0;
  const mean = (drawn * marked) / rows;
  return count > mean ? upperTail(count, urn) : 1 - atMost(count - 1, urn);
}

/** P(at most `count` marked rows are drawn), as the upper tail of the unmarked ones. */
export function atMost(count: number, { rows, marked, drawn }: Urn): number {
  return atLeast(drawn - count, { rows, marked: rows - marked, drawn });
}

/** Sums away from the mean, where each probability is smaller than the one before. */
function upperTail(count: number, urn: Urn): number {
  const { rows, marked, drawn } = urn;
  const last = Math.min(marked, drawn);
  let term = probability(count, urn);
  let sum = 0;
  for (let k = count; k <= last && term > sum * Number.EPSILON; k++) {
    sum += term;
    term *= ((marked - k) / (k + 1)) * ((drawn - k) / (rows - marked - drawn + k + 1));
  }
  return Math.min(1, sum);
}

/**
 * Loader, "Fast and accurate computation of binomial probabilities" (2000): a quotient of binomials by their saddle
 * points. Differences of log-factorials would cost six digits at ten million rows.
 */
function probability(count: number, { rows, marked, drawn }: Urn): number {
  const share = drawn / rows;
  return Math.exp(
    logBinomial(count, marked, share) +
      logBinomial(drawn - count, rows - marked, share) -
      logBinomial(drawn, rows, share),
  );
}

function logBinomial(k: number, trials: number, p: number): number {
  if (k === 0) return trials * Math.log1p(-p);
  if (k === trials) return trials * Math.log(p);
  return (
    stirlingError(trials) -
    stirlingError(k) -
    stirlingError(trials - k) -
    deviance(k, trials * p) -
    deviance(trials - k, trials * (1 - p)) -
    0.5 * Math.log(2 * Math.PI * k * (1 - k / trials))
  );
}

/** ln n! less Stirling's formula for it. */
function stirlingError(n: number): number {
  if (n < 16) return Math.log(factorial(n)) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI);
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

/** k·ln(k/mean) + mean - k, by a series where the terms would cancel. */
function deviance(k: number, mean: number): number {
  if (Math.abs(k - mean) >= 0.1 * (k + mean)) return k * Math.log(k / mean) + mean - k;
  const v = (k - mean) / (k + mean);
  let sum = (k - mean) * v;
  let power = 2 * k * v;
  for (let j = 1; ; j++) {
    power *= v * v;
    const next = sum + power / (2 * j + 1);
    if (next === sum) return sum;
    sum = next;
  }
}
