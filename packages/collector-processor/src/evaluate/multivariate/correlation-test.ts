import gammainc from '@stdlib/math-base-special-gammainc';
import type { Bin } from '../drift/decision/bins.ts';
import { chiSquaredSurvival } from '../drift/decision/chi-squared.ts';
import type { PairShape } from './compared-moments.ts';

export interface PairTest {
  readonly reference: number;
  readonly current: number;
  readonly p: number;
  /** Change of the correlation, the noise of few rows taken off. */
  readonly size: number;
  /** Of the change. */
  readonly standardError: number;
}

/** Columns that are copies of each other have a correlation of 1, whose Fisher z is infinite. */
const LARGEST_CORRELATION = 0.99;

/**
 * Fisher's 3, and 10 because the variance is that of many rows: of two dependent columns with two values each, 100 rows
 * leave 1e-5 four times as often as they should without these.
 */
const FEWER_ROWS = 13;

/**
 * Did the correlation of two features change? Fisher's z with the variance that their own rows give it (1 for a normal),
 * and a gamma distribution with the skewness of a mean of so many rows in place of the normal, which at p = 1e-7 would be
 * wrong by orders of magnitude for skewed features.
 */
export function correlationTest(
  correlation: { readonly reference: number; readonly current: number },
  rows: Bin,
  { variance, phi, skewness }: PairShape,
): PairTest {
  const perRow = 1 / Math.max(1, rows.reference - FEWER_ROWS) + 1 / Math.max(1, rows.current - FEWER_ROWS);
  const errorOfZ = Math.sqrt(variance * phi * perRow);
  const z = Math.abs(fisherZ(correlation.current) - fisherZ(correlation.reference)) / errorOfZ;
  const change = correlation.current - correlation.reference;
  const standardError = errorOfZ * (1 - limited((correlation.current + correlation.reference) / 2) ** 2);
  return {
    ...correlation,
    p: Math.max(chiSquaredSurvival(z * z, 1), skewedTail(z, skewness * Math.sqrt(phi * perRow))),
    size: Math.sqrt(Math.max(0, change ** 2 - standardError ** 2)),
    standardError,
  };
}

/** Both sides of a standardised gamma distribution, each taken for the heavier one. */
export function skewedTail(z: number, skewness: number): number {
  if (skewness < 1e-3) return 0;
  const shape = 4 / skewness ** 2;
  return Math.min(1, 2 * gammainc(shape + Math.sqrt(shape) * z, shape, true, true));
}

function fisherZ(correlation: number): number {
  return Math.atanh(limited(correlation));
}

function limited(correlation: number): number {
  return Math.max(-LARGEST_CORRELATION, Math.min(LARGEST_CORRELATION, correlation));
}
