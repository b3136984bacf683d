import gammainc from '@stdlib/math-base-special-gammainc';

/** P(X > x) for X ~ chi-squared. From the upper incomplete gamma function, so that 1e-12 does not drown in 1 - cdf. */
export function chiSquaredSurvival(x: number, degreesOfFreedom: number): number {
  return gammainc(x / 2, degreesOfFreedom / 2, true, true);
}
