import type { QuantileBins } from './reference-profile.ts';

/**
 * Indexes of the edges that close bins of nearly equal share; buckets between the given edges are never split, so an
 * atom stays one bin. A bin closes once it holds N/B - 1 rows (the 1 absorbs the rounding of ranks); what is left over
 * joins the last. Counts [4, 4, 4, 4] on edges 0..2 close two bins at edge 1.
 */
export function quantileBins(counts: ArrayLike<number>, edgeIndexes: ArrayLike<number>, bins: number): number[] {
  const rows = sumBetween(counts, 0, counts.length);
  const enough = Math.max(rows / bins - 1, 1) - 1e-9;
  const closing: number[] = [];
  let held = 0;
  let start = 0;
  for (const edge of Array.from(edgeIndexes)) {
    held += sumBetween(counts, start, edge + 1);
    start = edge + 1;
    if (held < enough) continue;
    closing.push(edge);
    held = 0;
  }
  const isLeftover = held + sumBetween(counts, start, counts.length) < enough;
  return closing.slice(0, Math.min(closing.length - (isLeftover ? 1 : 0), bins - 1));
}

/** The bins that a profile stores: for 5, 10 and 20 of them. */
export function storedBins(counts: ArrayLike<number>, quantileEdges: ArrayLike<number>): QuantileBins {
  return {
    '5': quantileBins(counts, quantileEdges, 5),
    '10': quantileBins(counts, quantileEdges, 10),
    '20': quantileBins(counts, quantileEdges, 20),
  };
}

function sumBetween(counts: ArrayLike<number>, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += counts[i]!;
  return sum;
}
