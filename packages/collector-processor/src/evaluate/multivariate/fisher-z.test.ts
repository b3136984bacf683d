import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairIndex } from './compared-moments.ts';
import { fisherZ, limited, ofPairs, scatterOfZ } from './fisher-z.ts';

const correlation = fc.double({ min: -1, max: 1, noNaN: true });
const sample = fc.record({ r: correlation, rows: fc.integer({ min: 20, max: 10_000 }) });
const samples = fc.array(sample, { minLength: 2, maxLength: 20 });

describe("Fisher's z", () => {
  it('is ln((1 + r) / (1 - r)) / 2, odd and finite also where columns are copies', () => {
    fc.assert(
      fc.property(correlation, (r) => {
        const near = limited(r);
        expect(fisherZ(r)).toBeCloseTo(Math.log((1 + near) / (1 - near)) / 2, 12);
        expect(fisherZ(-r)).toBeCloseTo(-fisherZ(r), 12);
      }),
    );
    expect(fisherZ(1)).toBeLessThan(3);
  });

  it('scatters not at all where all are equal, and for equal rows as the variance says', () => {
    fc.assert(
      fc.property(samples, correlation, (some, r) => {
        expect(scatterOfZ(some.map(({ rows }) => ({ r, rows })))).toBeCloseTo(0, 9);
        const z = some.map((one) => fisherZ(one.r));
        const mean = z.reduce((sum, one) => sum + one, 0) / z.length;
        const variance = z.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (z.length - 1);
        expect(scatterOfZ(some.map((one) => ({ r: one.r, rows: 103 })))).toBeCloseTo(100 * variance, 9);
      }),
    );
  });

  it('comes for each pair where its index says', () => {
    const pairs = ofPairs(6, (first, second) => [first, second] as const);
    expect(pairs).toHaveLength(15);
    for (const [at, [first, second]] of pairs.entries()) expect(pairIndex(first, second)).toBe(at);
  });
});
