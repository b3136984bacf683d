import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BucketEdges } from './bucket-edges.ts';
import { EdgeHistogram } from './edge-histogram.ts';
import { nextDown, nextUp } from './next-double.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const edgeLists = fc
  .uniqueArray(fc.oneof(finite, fc.integer({ min: -20, max: 20 }), fc.double({ min: 999, max: 1001, noNaN: true })), {
    minLength: 1,
    maxLength: 120,
    comparator: (a, b) => a === b,
  })
  .map((edges) => edges.toSorted((a, b) => a - b));
const values = fc.array(
  fc.oneof(fc.double(), fc.integer({ min: -20, max: 20 }), fc.double({ min: 999, max: 1001, noNaN: true })),
);

const recorded = (edges: BucketEdges, xs: readonly number[]): EdgeHistogram => {
  const histogram = new EdgeHistogram(edges);
  histogram.recordAll(xs);
  return histogram;
};

describe('bucket edges', () => {
  it('puts a value on an edge into the bucket below it, as OTLP does', () => {
    const edges = BucketEdges.of([1, 2]);
    expect([0, 1, 1.5, 2, 2.1, -Infinity, Infinity].map((x) => edges.bucketOf(x))).toEqual([0, 0, 1, 1, 2, 0, 2]);
  });

  it('finds the same bucket as a look at every edge, for any edges and on both sides of each', () => {
    fc.assert(
      fc.property(edgeLists, values, (list, xs) => {
        const edges = BucketEdges.of(list);
        for (const x of [...xs, ...list.flatMap((edge) => [nextDown(edge), edge, nextUp(edge)])]) {
          if (Number.isNaN(x)) continue;
          expect(edges.bucketOf(x)).toBe(list.filter((edge) => edge < x).length);
        }
      }),
    );
  });

  it.each([
    ['widely skewed', Array.from({ length: 300 }, (_, i) => 1.9 ** (i - 150))],
    ['the whole range of doubles', [-Number.MAX_VALUE, -1, -5e-324, 0, 5e-324, 1, Number.MAX_VALUE]],
    ['neighbouring doubles', [1, nextUp(1), nextUp(nextUp(1)), nextUp(nextUp(nextUp(1))), 2]],
    ['subnormal', Array.from({ length: 50 }, (_, i) => i * 5e-324)],
    ['two narrow clusters', Array.from({ length: 100 }, (_, i) => (i < 50 ? i : 1e6 + i) * 1e-3)],
  ])('finds every bucket of edges that are %s', (_, list) => {
    const edges = BucketEdges.of(list);
    list.forEach((edge, i) => {
      expect(edges.bucketOf(edge)).toBe(i);
      expect(edges.bucketOf(nextUp(edge))).toBe(i + 1);
    });
  });

  it.each([
    [[], 'edges: none given; a histogram needs at least one finite edge'],
    [[1, 1], 'edges[1] is 1, not above 1; sort the edges and drop repeated ones'],
    [[0, -0], 'edges[1] is 0, not above 0; sort the edges and drop repeated ones'],
    [[1, NaN], 'edges[1] is NaN; edges must be finite'],
    [[-Infinity, 1], 'edges[0] is -Infinity; edges must be finite'],
  ])('refuses %j', (edges, message) => {
    expect(() => BucketEdges.of(edges)).toThrow(new RangeError(message));
  });
});

describe('edge histogram', () => {
  it('keeps what is not finite out of counts, sum and extremes', () => {
    const histogram = recorded(BucketEdges.of([0, 10]), [-3, 0, 4, 10, 11, NaN, Infinity, -Infinity]);
    expect([...histogram.counts]).toEqual([2, 2, 1]);
    expect(histogram).toMatchObject({ count: 5, sum: 22, min: -3, max: 11, notFinite: 3 });
  });

  it('merges to what recording both would have counted', () => {
    fc.assert(
      fc.property(edgeLists, values, values, (list, xs, ys) => {
        const edges = BucketEdges.of(list);
        const merged = recorded(edges, xs);
        merged.merge(recorded(BucketEdges.of(list), ys));
        const both = recorded(edges, [...ys, ...xs]);
        expect(merged.counts).toEqual(both.counts);
        expect([merged.count, merged.min, merged.max, merged.notFinite]).toEqual([
          both.count,
          both.min,
          both.max,
          both.notFinite,
        ]);
      }),
    );
  });

  it('adds sums when merged', () => {
    const merged = recorded(BucketEdges.of([0]), [1, 2]);
    merged.merge(recorded(BucketEdges.of([0]), [-5]));
    expect(merged.sum).toBe(-2);
  });

  it('counts past 2^32', () => {
    const large = EdgeHistogram.from({ edges: [0], counts: [2 ** 32, 2 ** 40], sum: 1 });
    large.merge(large);
    large.record(1);
    expect([...large.counts]).toEqual([2 ** 33, 2 ** 41 + 1]);
    expect(large.count).toBe(2 ** 33 + 2 ** 41 + 1);
  });

  it('refuses other edges and stays as it was', () => {
    const histogram = recorded(BucketEdges.of([0, 1]), [0.5]);
    expect(() => histogram.merge(recorded(BucketEdges.of([0, 2]), [0.5]))).toThrow(/different edges do not merge/);
    expect([...histogram.counts]).toEqual([0, 1, 0]);
    expect(() => EdgeHistogram.from({ edges: [0, 1], counts: [1, 2], sum: 0 })).toThrow(
      'counts: 2 given for 2 edges; one more count than edges is needed',
    );
  });

  it('does not know extremes that its source did not tell, not even after a merge', () => {
    const foreign = EdgeHistogram.from({ edges: [0, 10], counts: [1, 1, 1], sum: 20 });
    foreign.merge(recorded(BucketEdges.of([0, 10]), [5]));
    expect([foreign.min, foreign.max]).toEqual([-Infinity, Infinity]);
    expect([foreign.quantile(0), foreign.quantile(1)]).toEqual([0, 10]);
  });

  it('answers quantiles and shares that undo each other', () => {
    fc.assert(
      fc.property(
        edgeLists,
        fc.array(fc.double({ min: -30, max: 1100, noNaN: true }), { minLength: 1 }),
        (list, xs) => {
          const histogram = recorded(BucketEdges.of(list), xs);
          for (const edge of list) {
            expect(histogram.cumulativeShare(edge)).toBeCloseTo(xs.filter((x) => x <= edge).length / xs.length, 12);
          }
          expect(histogram.quantile(0)).toBe(histogram.min);
          expect(histogram.quantile(1)).toBe(histogram.max);
        },
      ),
    );
    expect(new EdgeHistogram(BucketEdges.of([0])).quantile(0.5)).toBeUndefined();
    expect(new EdgeHistogram(BucketEdges.of([0])).cumulativeShare(0)).toBeUndefined();
  });

  it('is as new after clear()', () => {
    const histogram = recorded(BucketEdges.of([0]), [1, NaN]);
    histogram.clear();
    expect(histogram).toEqual(new EdgeHistogram(histogram.edges));
  });
});
