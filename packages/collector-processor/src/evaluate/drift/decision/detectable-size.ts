import { type Bin, effectiveRows } from './bins.ts';

/** Power of 80 %: the standard normal's 0.8 quantile. */
const Z80 = 0.84;
/** A normal shifted by one standard deviation has a size of 1 / 1.023 on deciles. */
const SHIFT_PER_SIZE = 1.023;

/**
 * The smallest shift, in standard deviations, that a window of this many rows would show as drift in four of five
 * cases: `ok` says nothing about a smaller one. Without rows, as with a single one.
 */
export function detectableSize(asked: {
  readonly rows: Bin;
  readonly hypotheses: number;
  readonly alpha: number;
  readonly phi: number;
  /** Size from which a significant change is drift. */
  readonly floor: number;
}): number {
  const atLeastOne = { reference: Math.max(1, asked.rows.reference), current: Math.max(1, asked.rows.current) };
  const noise = Math.sqrt(asked.phi / effectiveRows(atLeastOne));
  const hypotheses = Math.max(1, asked.hypotheses);
  const bySignificance = SHIFT_PER_SIZE * (Math.sqrt(2 * Math.log((2 * hypotheses) / asked.alpha)) + Z80) * noise;
  return Math.max(bySignificance, asked.floor + Z80 * noise);
}
