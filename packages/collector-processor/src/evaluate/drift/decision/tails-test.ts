import type { Bin } from './bins.ts';
import { fisherMore } from './fisher.ts';
import { noDifference, type PartTest, shareChange } from './part-test.ts';

/** Rows strictly beyond an edge of the reference. */
export interface Tail {
  readonly beyond: 'the lower tail' | 'the upper tail' | 'the minimum' | 'the maximum';
  readonly rows: Bin;
}

/**
 * Do more rows lie far outside than in the reference? With edges from the reference's own order statistics this is the
 * exact exceedance test. Its size is the excess share on the side that tells most.
 */
export function tailsTest(tails: readonly Tail[], rows: Bin, phi = 1): PartTest {
  const [first, ...rest] = tails.map((tail) => ({ tail, p: fisherMore(tail.rows, rows, phi) }));
  if (first === undefined) return noDifference;
  const telling = rest.reduce((most, side) => (side.p < most.p ? side : most), first);
  const excess = shareChange(telling.tail.rows, rows);
  return {
    p: Math.min(1, tails.length * telling.p),
    size: Math.max(0, excess),
    direction: excess > 0 ? `more values beyond ${telling.tail.beyond} of the reference` : 'unchanged',
  };
}
