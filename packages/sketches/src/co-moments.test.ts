import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoMoments, standardised } from './co-moments.ts';

const features = [
  { name: 'x', mean: 10, sd: 2 },
  { name: 'y', mean: 0, sd: 1 },
  { name: 'constant', mean: 7, sd: 0 },
];
const number = fc.oneof(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.constantFrom(NaN, Infinity));
const rows = fc.array(fc.tuple(number, number, number), { maxLength: 40 });

const recorded = (data: readonly (readonly number[])[]): CoMoments => {
  const moments = new CoMoments(features);
  for (const row of data) moments.record(row);
  return moments;
};
const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>) => {
  expect(actual.length).toBe(expected.length);
  Array.from(expected).forEach((value, i) => {
    expect(Math.abs((actual[i] ?? NaN) - value)).toBeLessThan(1e-9 * Math.abs(value) + 1e-6);
  });
};

describe('co-moments', () => {
  it('sums products of deviations of standardised values, the lower triangle by rows', () => {
    const moments = recorded([
      [12, 1, 7],
      [8, 2, 7],
      [10, 3, 8],
    ]);
    expect(moments.count).toBe(3);
    expectClose(moments.means, [0, 2, 1 / 3]);
    expectClose(moments.sums, [2, -1, 2, 0, 1, 2 / 3]);
    expect(moments.correlation(0, 1)).toBeCloseTo(-0.5, 12);
    expect(moments.correlation(1, 0)).toBeCloseTo(-0.5, 12);
  });

  it('limits values to three standard deviations, so that one wild row is not the whole correlation', () => {
    expect([-1e9, -4, -3, 0, 2.5, 3, 1e9].map((value) => standardised(10 + 2 * value, features[0]!))).toEqual([
      -3, -3, -3, 0, 2.5, 3, 3,
    ]);
    const moments = recorded([
      [12, 1, 7],
      [8, -1, 7],
      [1e9, -1e9, 7],
    ]);
    expectClose(moments.means, [1, -1, 0]);
  });

  it('takes complete rows only', () => {
    const moments = recorded([
      [12, NaN, 7],
      [8, 3, 7],
    ]);
    expect([moments.count, moments.incomplete]).toEqual([1, 1]);
    expect(moments.correlation(0, 1)).toBeUndefined();
  });

  it('merges to what recording both would have summed', () => {
    fc.assert(
      fc.property(rows, rows, (xs, ys) => {
        const merged = recorded(xs);
        merged.merge(recorded(ys));
        const both = recorded([...ys, ...xs]);
        expect([merged.count, merged.incomplete]).toEqual([both.count, both.incomplete]);
        expectClose(merged.means, both.means);
        expectClose(merged.sums, both.sums);
      }),
    );
  });

  it('refuses other features and stays as it was', () => {
    const moments = recorded([[1, 2, 3]]);
    const other = new CoMoments([...features.slice(0, 2), { name: 'constant', mean: 7, sd: 1 }]);
    expect(() => moments.merge(other)).toThrow(/do not merge/);
    expect(moments.count).toBe(1);
    expect(() => CoMoments.from({ features, count: 1, means: [1], sums: [1] })).toThrow(
      'co-moments: 1 means and 1 sums for 3 features; 3 and 6 are needed',
    );
  });
});
