import type { Bin } from './bins.ts';
import { atLeast, atMost } from './hypergeometric.ts';

/**
 * Fisher's exact test: is the share of `hits` among `rows` the same on both sides? Two-sided by doubling the smaller
 * tail. Rows that depend on each other count for less: both are divided by `phi` first.
 */
export function fisherTwoSided(hits: Bin, rows: Bin, phi = 1): number {
  const { count, urn } = urnOf(hits, rows, phi);
  return Math.min(1, 2 * Math.min(atLeast(count, urn), atMost(count, urn)));
}

/** The same, asking only whether the window's share is larger. */
export function fisherMore(hits: Bin, rows: Bin, phi = 1): number {
  const { count, urn } = urnOf(hits, rows, phi);
  return atLeast(count, urn);
}

function urnOf(hits: Bin, rows: Bin, phi: number) {
  const effective = (count: number) => Math.round(count / phi);
  return {
    count: effective(hits.current),
    urn: {
      rows: effective(rows.reference) + effective(rows.current),
      marked: effective(hits.reference) + effective(hits.current),
      drawn: effective(rows.current),
    },
  };
}
