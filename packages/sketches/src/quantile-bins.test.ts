import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileBins } from './quantile-bins.ts';

const everyEdge = (counts: readonly number[]) => Array.from({ length: counts.length - 1 }, (_, i) => i);

describe('quantile bins', () => {
  it('closes a bin once it holds its share of rows less one', () => {
    expect(quantileBins([100, 99, 101, 100, 100], everyEdge([1, 1, 1, 1, 1]), 5)).toEqual([0, 1, 2, 3]);
    expect(quantileBins([100, 98, 102, 100, 100], everyEdge([1, 1, 1, 1, 1]), 5)).toEqual([0, 2, 3]);
  });

  it('keeps an atom in one bin and joins what is left over to the last', () => {
    expect(quantileBins([600, 80, 80, 80, 80, 80], [0, 1, 2, 3, 4], 10)).toEqual([0, 2]);
  });

  it('reads the given edges only', () => {
    expect(quantileBins([50, 50, 50, 50], [1], 2)).toEqual([1]);
    expect(quantileBins([50, 50, 50, 50], [], 2)).toEqual([]);
  });

  it('never makes more bins than asked for, nor one of less than its share but one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(300), { minLength: 2, maxLength: 80 }),
        fc.constantFrom(5, 10, 20),
        (counts, bins) => {
          const closing = quantileBins(counts, everyEdge(counts), bins);
          const rows = counts.reduce((sum, count) => sum + count, 0);
          expect(closing.length).toBeLessThan(bins);
          [...closing, counts.length - 1].forEach((edge, i) => {
            const held = counts.slice((closing[i - 1] ?? -1) + 1, edge + 1).reduce((sum, count) => sum + count, 0);
            if (closing.length > 0) expect(held).toBeGreaterThanOrEqual(rows / bins - 1 - 1e-9);
          });
        },
      ),
    );
  });
});
