import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bin, groupBuckets, joinRareCategories, joinSparseBins, numberOfBins, totalOf } from './bins.ts';

const bin = fc.record({ reference: fc.nat(5000), current: fc.nat(300) });
const bins = fc.array(bin, { minLength: 1, maxLength: 60 }).filter((list) => {
  const rows = totalOf(list);
  return rows.reference > 0 && rows.current > 0;
});

function expectation(one: Bin, rows: Bin): number {
  return ((one.reference + one.current) / (rows.reference + rows.current)) * Math.min(rows.reference, rows.current);
}

describe('bins', () => {
  it('are as many as both sides can fill', () => {
    expect(numberOfBins({ reference: 2000, current: 100 })).toBe(20);
    expect(numberOfBins({ reference: 2000, current: 99 })).toBe(10);
    expect(numberOfBins({ reference: 1999, current: 5000 })).toBe(10);
    expect(numberOfBins({ reference: 999, current: 5000 })).toBe(5);
  });

  it('group fine buckets in their order, the last group to the end', () => {
    const buckets = [1, 2, 4, 8, 16].map((reference) => ({ reference, current: 0 }));
    expect(groupBuckets(buckets, [1, 2]).map(({ reference }) => reference)).toEqual([3, 4, 24]);
    expect(groupBuckets(buckets, [1, 4]).map(({ reference }) => reference)).toEqual([3, 28]);
    expect(groupBuckets(buckets, [])).toHaveLength(1);
  });

  it('join neighbours until each expects five rows, and lose none', () => {
    fc.assert(
      fc.property(bins, (list) => {
        const rows = totalOf(list);
        const joined = joinSparseBins(list);
        expect(totalOf(joined)).toEqual(rows);
        if (joined.length > 1)
          for (const one of joined) expect(expectation(one, rows)).toBeGreaterThanOrEqual(5 - 1e-9);
      }),
    );
  });

  it('join rare categories into one, and lose none', () => {
    fc.assert(
      fc.property(bins, (list) => {
        const rows = totalOf(list);
        const joined = joinRareCategories(list);
        expect(joined.length).toBeLessThanOrEqual(30);
        expect(totalOf(joined)).toEqual(rows);
        if (joined.length > 1)
          for (const one of joined) expect(expectation(one, rows)).toBeGreaterThanOrEqual(5 - 1e-9);
      }),
    );
  });
});
