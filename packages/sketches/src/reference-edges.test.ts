import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextDown } from './next-double.ts';
import { NumericReferenceCounter } from './numeric-reference.ts';
import { projectionEdges, referenceEdges } from './reference-edges.ts';
import type { NumericReference } from './reference-profile.ts';
import { ReservoirSample } from './reservoir-sample.ts';

const referenceOf = (values: readonly number[]): NumericReference => {
  const counter = new NumericReferenceCounter(referenceEdges(values));
  for (const value of values) counter.record(value);
  return counter.reference(values.length);
};
const rowsUpTo = ({ counts }: NumericReference, edge: number) =>
  counts.slice(0, edge + 1).reduce((sum, count) => sum + count, 0);
const sum = (buckets: readonly number[]) => buckets.reduce((total, count) => total + count, 0);
const permuted = (length: number) => Array.from({ length }, (_, i) => (i * 7919) % length);

describe('reference edges', () => {
  it('has 59 quantile, 31 linear and 14 tail edges for continuous values', () => {
    const { edges, quantileEdges, tails } = referenceEdges(permuted(100_003).map((i) => Math.sqrt(i)));
    expect(edges).toHaveLength(104);
    expect(quantileEdges).toHaveLength(59);
    expect([tails.lower, tails.upper]).toEqual([6, 97]);
  });

  it('has 32 for a projection', () => {
    expect(referenceEdges(permuted(100_003).map(Math.sqrt), undefined, projectionEdges).edges).toHaveLength(32);
  });

  it('closes bins at exact deciles and ventiles of its own sample', () => {
    const reference = referenceOf(permuted(12_000).map((i) => i / 7));
    for (const bins of [5, 10, 20] as const) {
      expect(reference.bins[bins].map((edge) => rowsUpTo(reference, edge))).toEqual(
        Array.from({ length: bins - 1 }, (_, i) => ((i + 1) * 12_000) / bins),
      );
    }
  });

  it('leaves exactly the rows beyond 0.1 % outside the tail edges, and none beyond the extremes', () => {
    const { counts, tails, edges, min, max } = referenceOf(permuted(20_000).map((i) => i / 7));
    expect(sum(counts.slice(0, tails.lower + 1))).toBe(20);
    expect(sum(counts.slice(tails.upper + 1))).toBe(20);
    expect([edges[0], edges.at(-1)]).toEqual([nextDown(min), max]);
    expect([counts[0], counts.at(-1)]).toEqual([0, 0]);
  });

  it('keeps an atom at the minimum out of the tail', () => {
    const { counts, tails, edges } = referenceOf(permuted(10_000).map((i) => (i < 6000 ? 0 : i / 100)));
    expect(edges[tails.lower]).toBe(-Number.MIN_VALUE);
    expect(counts.slice(0, tails.lower + 1)).toEqual([0]);
    expect(counts[edges.indexOf(0)]).toBe(6000);
  });

  it('gives each value of a discrete feature a bucket of its own', () => {
    const { edges, counts, bins } = referenceOf(permuted(1000).map((i) => i % 4));
    expect(edges).toEqual([0, 1, 2, 3].flatMap((value) => [nextDown(value), value]));
    expect(counts.filter((count) => count > 0)).toEqual([250, 250, 250, 250]);
    expect(bins['10'].map((edge) => edges[edge])).toEqual([0, 1, 2]);
  });

  it('gives an atom among continuous values a bucket of its own', () => {
    const reference = referenceOf(permuted(10_000).map((i) => (i % 5 === 0 ? 50 : i / 100 + 1e-3)));
    const atom = reference.edges.indexOf(50);
    expect(reference.edges[atom - 1]).toBe(nextDown(50));
    expect(reference.counts[atom]).toBe(2000);
    expect(reference.quantileEdges).toContain(atom);
    expect(reference.quantileEdges).toContain(atom - 1);
  });

  it('has an edge at a constant and one just below it', () => {
    expect(referenceOf([5, 5, 5, 5])).toMatchObject({
      edges: [nextDown(5), 5],
      counts: [0, 4, 0],
      bins: { '5': [], '10': [], '20': [] },
      mean: 5,
      sd: 0,
    });
  });

  it('has one edge where there is no value at all', () => {
    expect(referenceEdges([])).toEqual({ edges: [0], quantileEdges: [0], tails: { lower: 0, upper: 0 } });
    expect(new NumericReferenceCounter(referenceEdges([])).reference(7)).toMatchObject({ counts: [0, 0], missing: 7 });
  });

  it('strictly increases and encloses every value, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 })), {
          minLength: 1,
          maxLength: 300,
        }),
        (values) => {
          const { edges, quantileEdges, tails, counts, bins } = referenceOf(values);
          expect(edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > (edges[i - 1] ?? NaN)))).toBe(
            true,
          );
          expect(edges.length).toBeLessThanOrEqual(104);
          expect(quantileEdges.every((index) => index >= 0)).toBe(true);
          expect(tails.lower).toBeLessThanOrEqual(tails.upper);
          expect(counts.at(-1)).toBe(0);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
          for (const count of [5, 10, 20] as const) expect(bins[count].length).toBeLessThan(count);
        },
      ),
    );
  });
});

describe('reservoir sample', () => {
  it('draws every row equally often', () => {
    const [rows, capacity, draws] = [60, 12, 4000];
    const times = new Float64Array(rows);
    const random = seeded(20_261_123);
    for (let draw = 0; draw < draws; draw++) {
      const sample = new ReservoirSample(capacity, random);
      for (let row = 0; row < rows; row++) sample.record(row);
      expect(new Set(sample.values).size).toBe(capacity);
      for (const row of sample.values) times[row] = (times[row] ?? 0) + 1;
    }
    const expected = (draws * capacity) / rows;
    const variance = expected * (1 - capacity / rows);
    const chiSquared = times.reduce((sum, count) => sum + (count - expected) ** 2 / variance, 0);
    expect(chiSquared).toBeLessThan(59 + 4 * Math.sqrt(2 * 59));
  });

  it('holds all rows while they fit', () => {
    const sample = new ReservoirSample(5, Math.random);
    for (const row of [3, 1, 2]) sample.record(row);
    expect([...sample.values]).toEqual([3, 1, 2]);
  });
});

/** Park and Miller's generator: enough to repeat a test. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
