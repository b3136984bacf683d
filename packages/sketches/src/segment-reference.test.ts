import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumericReferenceCounter } from './numeric-reference.ts';
import { referenceEdges } from './reference-edges.ts';
import type { FeatureReference, NumericReference } from './reference-profile.ts';
import { referenceOfSegment, segmentFeature, testEdges } from './segment-reference.ts';

function counted(values: readonly number[], among: readonly number[] = values): NumericReference {
  const counter = new NumericReferenceCounter(referenceEdges(among));
  for (const value of values) counter.record(value);
  return counter.reference(values.length);
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
const upTo = (counts: readonly number[], edge: number): number => sumOf(counts.slice(0, edge + 1));

describe('the reference of a segment', () => {
  const everybody = Array.from({ length: 20_000 }, (_, i) => Math.sqrt((i * 7919) % 20_000));
  const whole = counted(everybody);
  const rich = everybody.filter((value) => value > 120);
  const own = counted(rich, everybody);

  it('is put together again from its own counts and the edges of the whole', () => {
    const again = referenceOfSegment(whole, segmentFeature(own));
    expect(again).toEqual({ ...own, ...testEdges(own.counts) });
    expect(segmentFeature(own)).not.toHaveProperty('edges');
  });

  it('has deciles of its own, where those of the whole would put nearly all of its rows into three bins', () => {
    const { bins, tails } = testEdges(own.counts);
    const ofWhole = whole.bins['10'].filter((edge) => upTo(own.counts, edge) > 0);
    expect(ofWhole.length).toBeLessThan(4);
    expect(bins['10'].length).toBeGreaterThan(6);
    const shares = bins['10'].map((edge, i, edges) => {
      return (upTo(own.counts, edge) - (i === 0 ? 0 : upTo(own.counts, edges[i - 1] ?? 0))) / rich.length;
    });
    for (const share of shares) expect(share).toBeGreaterThan(0.09);
    expect(upTo(own.counts, tails.lower) / rich.length).toBeLessThanOrEqual(0.001);
  });

  it('does not come of a whole of another kind', () => {
    const categories: FeatureReference = { kind: 'categorical', categories: { CA: rich.length }, missing: 0 };
    expect(referenceOfSegment(whole, categories)).toBeUndefined();
    expect(referenceOfSegment(categories, segmentFeature(own))).toBeUndefined();
    expect(referenceOfSegment(categories, categories)).toBe(categories);
  });

  it('has bins, fine buckets and tails in order, whatever was counted', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { minLength: 2, maxLength: 120 }), (counts) => {
        const { quantileEdges, bins, tails } = testEdges(counts);
        const last = counts.length - 2;
        for (const edges of [quantileEdges, ...Object.values(bins)]) {
          expect(edges).toEqual([...new Set(edges)].toSorted((a, b) => a - b));
          expect(edges.every((edge) => edge >= 0 && edge <= last)).toBe(true);
        }
        expect(bins['20'].every((edge) => quantileEdges.includes(edge))).toBe(true);
        expect(tails.lower).toBeLessThanOrEqual(Math.max(tails.upper, tails.lower));
        expect([tails.lower, tails.upper].every((edge) => edge >= 0 && edge <= last)).toBe(true);
      }),
    );
  });
});
