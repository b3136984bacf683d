import { nextDown } from '@driftline/sketches';
import type { BucketedValues } from '../drift-method.ts';
import { type Bin, totalOf } from './bins.ts';

/**
 * Ordered categories as the numbers 1, 2, 3, ..., for methods that read an order: the distance from one to the next is
 * one. Undefined where either side has none of them.
 */
export function orderedValues(ordered: readonly Bin[]): BucketedValues | undefined {
  const rows = totalOf(ordered);
  if (rows.reference === 0 || rows.current === 0) return undefined;
  const edges = ordered.flatMap((_, i) => [nextDown(i + 1), i + 1]);
  const nowhere: Bin = { reference: 0, current: 0 };
  const shares = ordered.map(({ reference }) => reference / rows.reference);
  const mean = shares.reduce((sum, share, i) => sum + share * (i + 1), 0);
  const variance = shares.reduce((sum, share, i) => sum + share * (i + 1 - mean) ** 2, 0);
  return {
    edges,
    // Each category is a bucket of one value, with nothing in between.
    buckets: [...ordered.flatMap((bin) => [nowhere, bin]), nowhere],
    sd: Math.sqrt((variance * rows.reference) / Math.max(1, rows.reference - 1)),
    tails: { lower: 0, upper: edges.length - 1 },
  };
}
