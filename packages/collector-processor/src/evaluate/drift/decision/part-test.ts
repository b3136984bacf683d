import type { Bin } from './bins.ts';

/** What one hypothesis about one feature says of one window, before it is known how many were asked. */
export interface PartTest {
  readonly p: number;
  /** Standard deviations for a distribution, shares of rows for missing values and tails. */
  readonly size: number;
  /** In words for people: "higher", "wider", "category \"NY\" more frequent". */
  readonly direction: string;
}

/** From this size on a significant change is a warning, or drift. */
export interface Floor {
  readonly warning: number;
  readonly drift: number;
}

/** Where nothing can differ: a constant reference and the same constant now. */
export const noDifference: PartTest = { p: 1, size: 0, direction: 'unchanged' };

/** Two questions about one hypothesis: the smaller p-value, doubled (Bonferroni). */
export function eitherOf(p: number, other: number): number {
  return Math.min(1, 2 * Math.min(p, other));
}

export function shareChange(hits: Bin, rows: Bin): number {
  return hits.current / rows.current - hits.reference / rows.reference;
}
