import { gammaln } from 'simple-statistics';
import { chiSquaredSurvival } from '../decision/chi-squared.ts';

/** From here on Student's t is the normal to seven digits. */
const AS_NORMAL = 1e7;
const SMALLEST = 1e-300;

/** P(|T| > |t|) for Student's t. */
export function studentTwoSided(t: number, degreesOfFreedom: number): number {
  const square = t * t;
  if (square === 0) return 1;
  if (degreesOfFreedom > AS_NORMAL) return chiSquaredSurvival(square, 1);
  const a = degreesOfFreedom / 2;
  const x = degreesOfFreedom / (degreesOfFreedom + square);
  const logFactor =
    gammaln(a + 0.5) - gammaln(a) - gammaln(0.5) - a * Math.log1p(square / degreesOfFreedom) + 0.5 * Math.log1p(-x);
  // The fraction converges fast on this side of the mean only; on the other the two halves change places.
  if (x < (a + 1) / (a + 2.5)) return (Math.exp(logFactor) * betaFraction(x, a, 0.5)) / a;
  return 1 - 2 * Math.exp(logFactor) * betaFraction(1 - x, 0.5, a);
}

/** The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < SMALLEST ? SMALLEST : value;
}
