import { EdgeHistogram, BucketEdges, ExponentialHistogram } from '@driftline/sketches';
import * as fc from 'fast-check';
import { ofCategories } from '../known-evidence.ts';
import { describe, expect, it } from 'vitest';
import { exponentialState } from '../../../panes/merge-states.ts';
import type { Distribution } from '../../observations.ts';
import type { FeatureEvidence } from '../quality-rule.ts';
import { checkFeature, checkRows } from './check-constraint.ts';
import { rowsAbove, rowsBelow } from './value-limits.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
const limits = fc.double({ min: -1e6, max: 1e6, noNaN: true });

function onEdges(list: readonly number[], edges: readonly number[]): Distribution {
  const histogram = new EdgeHistogram(BucketEdges.of([...edges]));
  for (const value of list) histogram.record(value);
  return { kind: 'histogram', edges: Float64Array.from(edges), counts: histogram.counts, sum: 0 };
}

function exponential(list: readonly number[]): Distribution {
  const histogram = new ExponentialHistogram();
  for (const value of list) histogram.record(value);
  return exponentialState(histogram);
}

describe('rows beyond a limit', () => {
  const edges = fc.uniqueArray(limits, { minLength: 1, maxLength: 12, comparator: (a, b) => a === b });

  it('lie between what is certain and what is possible, on any edges', () => {
    fc.assert(
      fc.property(values, edges, limits, (list, unsorted, limit) => {
        const distribution = onEdges(
          list,
          unsorted.toSorted((a, b) => a - b),
        );
        expectBetween(list.filter((value) => value < limit).length, rowsBelow(limit, distribution));
        expectBetween(list.filter((value) => value > limit).length, rowsAbove(limit, distribution));
      }),
    );
  });

  it('lie between them on exponential buckets, and what is doubtful is in one bucket', () => {
    fc.assert(fc.property(values, limits, expectBetweenOnBuckets));
  });

  it('lie between them among numbers so small that the edges of buckets are rounded by much of a bucket', () => {
    for (let steps = -300; steps <= 300; steps++) {
      for (const apart of [-1, 0, 1]) {
        expectBetweenOnBuckets([steps * Number.MIN_VALUE], (steps + apart) * Number.MIN_VALUE);
      }
    }
  });

  it('are exact where the limit is an edge', () => {
    const distribution = onEdges([1, 2, 2, 3, 9], [1, 2, 3]);
    expect(rowsAbove(2, distribution)).toEqual({ certain: 2, possible: 2 });
    expect(rowsAbove(2.5, distribution)).toEqual({ certain: 1, possible: 2 });
    expect(rowsBelow(2, distribution)).toEqual({ certain: 1, possible: 3 });
  });
});

describe('a constraint', () => {
  it('on values that lie on the buckets of a profile is exact at its minimum and maximum', () => {
    const age = numbers([5, 18, 40, 92, 93], [17.999999999999996, 40, 92]);
    expect(checkFeature({ feature: 'age', min: 18, max: 92, violationsAtMost: 0.2 }, age)).toMatchObject([
      { check: 'min', atLeast: 0.2, atMost: 0.2, limit: 0.2 },
      { check: 'max', atLeast: 0.2, atMost: 0.2, limit: 0.2 },
    ]);
  });

  it('does not know on which side of a limit inside a bucket rows are', () => {
    expect(checkFeature({ feature: 'age', max: 60 }, numbers([5, 50, 70], [18, 40, 92]))).toMatchObject([
      { check: 'max', atLeast: 0, atMost: 2 / 3 },
    ]);
  });

  it('on categories knows those that have names', () => {
    const state = categories({ CA: 80, NY: 10, PR: 6, _unseen: 4 });
    expect(checkFeature({ feature: 'state', in: ['CA', 'NY'] }, state)).toMatchObject([
      { check: 'in', atLeast: 0.06, atMost: 0.1, detail: '"PR" not declared' },
    ]);
  });

  it('on categories knows those without names where the reference has all that are allowed', () => {
    const state = categories({ CA: 80, NY: 10, PR: 6, _unseen: 4 });
    const compared = ofCategories({ CA: 800, NY: 100, PR: 100 });
    const check = (allowed: readonly string[]) =>
      checkFeature({ feature: 'state', in: allowed }, { ...state, compared });
    expect(check(['CA', 'NY'])).toMatchObject([{ atLeast: 0.1, atMost: 0.1 }]);
    // Texas may be among those that the sender did not know.
    expect(check(['CA', 'NY', 'TX'])).toMatchObject([{ atLeast: 0.06, atMost: 0.1 }]);
  });

  it('for numbers says so of categories, and the reverse', () => {
    expect(checkFeature({ feature: 'state', min: 0 }, categories({ CA: 1 }))).toMatchObject([
      { why: expect.stringContaining('use in') },
    ]);
    expect(checkFeature({ feature: 'age', in: ['1'] }, numbers([1], [0]))).toMatchObject([
      { why: expect.stringContaining('use min') },
    ]);
  });

  it('on what nobody sent or counted cannot be told, and says what to do', () => {
    expect(checkFeature({ feature: 'age', missingAtMost: 0 }, undefined)).toMatchObject([
      { why: 'the window has no row of it' },
    ]);
    expect(checkFeature({ feature: 'age', distinctAtMost: 5 }, numbers([1], [0]))).toMatchObject([
      { why: expect.stringContaining('quality: { distinct }') },
    ]);
    expect(checkRows({ duplicatesAtMost: 0.1 }, 5, undefined)).toMatchObject([
      { why: expect.stringContaining('duplicates: true') },
    ]);
  });

  it('counts different values over the limit, or lacking, as a share', () => {
    const counted = { ...categories({ CA: 100 }), distinct: 80 };
    expect(checkFeature({ feature: 'state', distinctAtMost: 40 }, counted)).toMatchObject([{ atLeast: 0.5, limit: 0 }]);
    expect(checkFeature({ feature: 'state', distinctAtLeast: 160 }, counted)).toMatchObject([
      { atLeast: 0.5, limit: 0 },
    ]);
    expect(checkFeature({ feature: 'state', distinctAtLeast: 80, distinctAtMost: 80 }, counted)).toMatchObject([
      { atLeast: 0 },
      { atLeast: 0 },
    ]);
  });
});

function expectBetweenOnBuckets(list: readonly number[], limit: number): void {
  const distribution = exponential(list);
  expectBetween(list.filter((value) => value < limit).length, rowsBelow(limit, distribution));
  expectBetween(list.filter((value) => value > limit).length, rowsAbove(limit, distribution));
}

function expectBetween(
  count: number,
  { certain, possible }: { readonly certain: number; readonly possible: number },
): void {
  expect(certain).toBeLessThanOrEqual(count);
  expect(possible).toBeGreaterThanOrEqual(count);
}

const blank: FeatureEvidence = {
  role: 'feature',
  name: 'age',
  rows: 0,
  modelRows: 0,
  statuses: new Map(),
  compared: undefined,
  distribution: undefined,
  categories: new Map(),
  distinct: undefined,
  schema: undefined,
};

function numbers(list: readonly number[], edges: readonly number[]): FeatureEvidence {
  return {
    ...blank,
    rows: list.length,
    statuses: new Map([['valid', list.length]]),
    distribution: onEdges(list, edges),
  };
}

function categories(counts: Readonly<Record<string, number>>): FeatureEvidence {
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { ...blank, rows, statuses: new Map([['valid', rows]]), categories: new Map(Object.entries(counts)) };
}
