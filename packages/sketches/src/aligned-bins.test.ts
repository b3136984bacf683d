import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignedBins } from './aligned-bins.ts';
import { BucketEdges } from './bucket-edges.ts';
import { EdgeHistogram } from './edge-histogram.ts';
import { ExponentialHistogram } from './exponential-histogram.ts';

const exponential = (values: readonly number[], maxBuckets = 320): ExponentialHistogram => {
  const histogram = new ExponentialHistogram({ maxBuckets });
  histogram.recordAll(values);
  return histogram;
};
const total = (counts: ArrayLike<number>) => Array.from(counts).reduce((sum, count) => sum + count, 0);
/** Between subnormal doubles lie boundaries of buckets that no double tells apart. */
const normal = fc.double({ min: -100, max: 100, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-300);
const values = fc.array(fc.oneof(normal, fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 200 });

describe('aligned bins', () => {
  it('are the buckets themselves where edges are equal', () => {
    const reference = EdgeHistogram.from({ edges: [0, 1], counts: [1, 2, 3], sum: 0 });
    const current = EdgeHistogram.from({ edges: [0, 1], counts: [4, 5, 6], sum: 0 });
    expect(alignedBins(reference, current)).toEqual({
      edges: Float64Array.of(0, 1),
      reference: Float64Array.of(1, 2, 3),
      current: Float64Array.of(4, 5, 6),
    });
  });

  it('are none where nothing is common', () => {
    const edges = new EdgeHistogram(BucketEdges.of([0]));
    expect(alignedBins(edges, new EdgeHistogram(BucketEdges.of([1])))).toBeUndefined();
    expect(alignedBins(edges, exponential([1]))).toBeUndefined();
    expect(alignedBins(exponential([]), exponential([1]))).toBeUndefined();
  });

  it('are shares of nearly a sixtieth for continuous values', () => {
    const aligned = alignedBins(
      exponential(Array.from({ length: 60_000 }, (_, i) => 1000 + i / 600)),
      exponential(Array.from({ length: 6000 }, (_, i) => 1000 + i / 60)),
    );
    expect(aligned?.edges).toHaveLength(59);
    aligned?.reference.forEach((count) => expect(Math.abs(count - 1000)).toBeLessThan(300));
    aligned?.current.forEach((count, i) => expect(count).toBeCloseTo((aligned.reference[i] ?? NaN) / 10, -1));
  });

  it('enclose an atom from both sides', () => {
    const aligned = alignedBins(
      exponential([...Array.from({ length: 60 }, () => 0), ...Array.from({ length: 40 }, (_, i) => 1 + i)]),
      exponential([-1e-9, 0, 0, 1e-9]),
    );
    expect(aligned?.edges.slice(0, 2)).toEqual(Float64Array.of(-Number.MIN_VALUE, 0));
    expect(aligned?.reference.slice(0, 2)).toEqual(Float64Array.of(0, 60));
    expect(aligned?.current.slice(0, 3)).toEqual(Float64Array.of(1, 2, 1));
  });

  it('count each side as its values would be counted on the edges', () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: 4, max: 320 }), (xs, ys, maxBuckets) => {
        const reference = exponential(xs);
        const current = exponential(ys, maxBuckets);
        const aligned = alignedBins(reference, current);
        expect(aligned).toBeDefined();
        if (aligned === undefined) return;
        expect([total(aligned.reference), total(aligned.current)]).toEqual([xs.length, ys.length]);
        const onEdges = new EdgeHistogram(BucketEdges.of(aligned.edges));
        onEdges.recordAll(xs);
        expect(aligned.reference).toEqual(onEdges.counts);
        onEdges.clear();
        onEdges.recordAll(ys);
        expect(aligned.current).toEqual(onEdges.counts);
      }),
    );
  });

  it('leave both histograms as they were', () => {
    const [fine, coarse] = [exponential([1, 1.1]), exponential([1e-9, 1e9])];
    alignedBins(fine, coarse);
    expect([fine.scale, coarse.scale]).toEqual([exponential([1, 1.1]).scale, exponential([1e-9, 1e9]).scale]);
  });
});
