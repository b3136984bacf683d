import { describe, expect, it } from 'vitest';
import { type Bin, pairCounts } from '../../packages/collector-processor/src/evaluate/drift/decision/bins.ts';
import type {
  BucketedValues,
  DriftMethod,
} from '../../packages/collector-processor/src/evaluate/drift/drift-method.ts';
import { driftMethods } from '../../packages/collector-processor/src/evaluate/drift/index.ts';
import * as fc from 'fast-check';

const methods: readonly DriftMethod[] = driftMethods;

/** Six buckets with rows on both sides, whatever else is empty. */
const counts = fc.array(fc.nat(1000), { minLength: 6, maxLength: 6 }).filter((list) => list.some((count) => count > 0));

function score(method: DriftMethod, reference: readonly number[], current: readonly number[]): number | undefined {
  const bins = pairCounts(reference, current);
  return method.reads === 'bins' ? method.score(bins) : method.score(valuesOf(bins));
}

function valuesOf(buckets: readonly Bin[]): BucketedValues {
  return { edges: [-2, -1, 0, 1, 5], buckets, sd: 1.5, tails: { lower: 0, upper: 4 } };
}

describe.each(methods)('drift method $name', (method) => {
  if (method.reads === 'bins') {
    it.each(method.knownAnswers)('gives $score, as $source', ({ reference, current, score, source }) => {
      const names = Object.keys({ ...reference, ...current });
      const bins = names.map((name) => ({ reference: reference[name] ?? 0, current: current[name] ?? 0 }));
      expect(method.score(bins), source).toBeCloseTo(score, 6);
    });
  } else {
    it.each(method.knownAnswers)(
      'gives $score, as $source',
      ({ reference, current, edges, sd, tails, score, source }) => {
        const buckets = pairCounts(reference, current);
        expect(method.score({ edges, buckets, sd, tails }), source).toBeCloseTo(score, 6);
      },
    );
  }

  it('has a known answer other than zero and a question', () => {
    expect(method.knownAnswers.some(({ score }) => score > 0)).toBe(true);
    expect(method.answers).toContain('?');
    expect(method.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it('is zero for equal shares, however many rows', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 50 }), (reference, times) => {
        expect(
          score(
            method,
            reference,
            reference.map((count) => count * times),
          ),
        ).toBeCloseTo(0, 6);
      }),
    );
  });

  it('is finite and not negative, empty buckets included', () => {
    fc.assert(
      fc.property(counts, counts, (reference, current) => {
        const computed = score(method, reference, current);
        expect(computed).toSatisfy((value: number) => Number.isFinite(value) && value >= 0);
      }),
    );
  });

  it('grows as rows leave their bucket', () => {
    const moved = [0, 10, 40, 100].map((rows) =>
      score(method, [0, 200, 200, 0, 0, 0], [0, 200 - rows, 200, 0, rows, 0]),
    );
    expect(moved).toEqual(moved.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    expect(new Set(moved).size).toBe(4);
  });
});

describe('the registry of drift methods', () => {
  it('names each method once', () => {
    expect(new Set(methods.map(({ name }) => name)).size).toBe(methods.length);
  });

  it('has nothing to say of a reference without spread where distance is counted in spreads', () => {
    const wasserstein = methods.find(({ name }) => name === 'wasserstein');
    const constant = { ...valuesOf(pairCounts([0, 9, 0, 0, 0, 0], [0, 0, 9, 0, 0, 0])), sd: 0 };
    expect(wasserstein?.reads === 'values' && wasserstein.score(constant)).toBeUndefined();
  });
});
