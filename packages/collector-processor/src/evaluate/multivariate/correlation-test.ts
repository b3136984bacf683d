import type { Bin } from '../drift/decision/bins.ts';
import { chiSquaredSurvival } from '../drift/decision/chi-squared.ts';
import type { PairShape } from './compared-moments.ts';
import { fisherZ, limited } from './fisher-z.ts';

export interface PairTest {
  readonly reference: number;
  readonly current: number;
  readonly p: number;
  /** Change of the correlation, the noise of few rows taken off. */
  readonly size: number;
  /** Of the change. */
  readonly standardError: number;
}

/**
 * Fisher's 3, and 10 because variance and skewness are those of many rows: of two dependent columns with two values each,
 * 100 rows leave 1e-7 in one case of a million still.
 */
const FEWER_ROWS = 13;

/**
 * Did the correlation of two features change? Fisher's z with the variance that their own rows give it (1 for a normal),
 * brought back to a normal distribution where rows that are not normal leave it skewed: at p = 1e-7 it would else be wrong
 * by orders of magnitude.
 */
export function correlationTest(
  correlation: { readonly reference: number; readonly current: number },
  rows: Bin,
  { variance, phi, skewness }: PairShape,
): PairTest {
  const ofReference = 1 / Math.max(1, rows.reference - FEWER_ROWS);
  const ofCurrent = 1 / Math.max(1, rows.current - FEWER_ROWS);
  const perRow = ofReference + ofCurrent;
  const errorOfZ = Math.sqrt(variance * phi * perRow);
  const change = correlation.current - correlation.reference;
  const z = Math.abs(fisherZ(correlation.current) - fisherZ(correlation.reference)) / errorOfZ;
  // What is skewed upwards in the window is so downwards in the reference, and the one of fewer rows prevails. All of it is
  // taken, though the other takes some off: higher cumulants add up.
  const prevails = ofCurrent >= ofReference ? 1 : -1;
  const towards = skewness.sign === 'either' ? skewness.of : skewness.of * prevails * Math.sign(change);
  const straight = withoutSkewness(z, towards * Math.sqrt(phi * perRow));
  const standardError = errorOfZ * (1 - limited((correlation.current + correlation.reference) / 2) ** 2);
  return {
    ...correlation,
    p: chiSquaredSurvival(straight * straight, 1),
    size: Math.sqrt(Math.max(0, change ** 2 - standardError ** 2)),
    standardError,
  };
}

/**
 * The standard normal deviate in place of one in the heavier tail of a skewed distribution: Hall's cubic ("On the removal of
 * skewness by transformation", 1992), which rises everywhere and never above a third of 6 / skewness. So few rows can tell no more.
 */
export function withoutSkewness(z: number, skewness: number): number {
  if (skewness < 1e-6) return z;
  const bend = skewness / 6;
  return (1 - Math.max(0, 1 - bend * z) ** 3) / (3 * bend);
}
