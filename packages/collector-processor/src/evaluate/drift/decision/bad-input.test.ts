import {
  type Calibration,
  CategoryCounts,
  type FeatureReference,
  NumericReferenceCounter,
  type NumericReference,
  otherCategory,
  referenceEdges,
} from '@driftline/sketches';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../reference/seeded-random.ts';
import type { CurrentCounts } from './feature-counts.ts';
import { judge, type Judgement } from './judge.ts';

const STATES = ['no_reference', 'insufficient_data', 'ok', 'warning', 'drift'];

const rows = fc.oneof(fc.constantFrom(0, 1, 2, 99, 100, 499, 500, 10_000, 1e9), fc.nat(2000));
const counts = fc.array(rows, { minLength: 3, maxLength: 12 });
const phi = fc.option(fc.constantFrom(NaN, Infinity, -1, 0, 0.5, 1, 1.3, 50, 1e6, 1e300), { nil: undefined });
const dependence: fc.Arbitrary<{ calibration?: Calibration; designEffect?: number }> = fc.record(
  {
    calibration: fc.record({
      c: fc.constantFrom(1, 19, 20, 50),
      m: fc.constantFrom(1, 1000, 1e9),
      pooled: fc.constantFrom(0, 1, 7),
    }),
    designEffect: fc.constantFrom(NaN, Infinity, 0, 1, 2.9, 1e300),
  },
  { requiredKeys: [] },
);

const numericPair = fc
  .record({ reference: counts, current: counts, missing: rows, missingNow: rows, phi, missingPhi: phi })
  .map((pair): { reference: FeatureReference; current: CurrentCounts } => ({
    reference: withPhi(numericReference(pair.reference, pair.missing), pair),
    // As many buckets as the reference has, whatever was drawn.
    current: {
      kind: 'numeric',
      counts: pair.reference.map((_, bucket) => pair.current[bucket] ?? 0),
      missing: pair.missingNow,
    },
  }));

const categoricalPair = fc
  .record({ reference: counts, current: counts, missing: rows, missingNow: rows, phi, missingPhi: phi })
  .map((pair): { reference: FeatureReference; current: CurrentCounts } => ({
    reference: withPhi(
      { kind: 'categorical', categories: Object.fromEntries(Object.entries(pair.reference)), missing: pair.missing },
      pair,
    ),
    current: {
      kind: 'categorical',
      categories: new Map(pair.current.map((count, i) => [String(i + 2), count])),
      missing: pair.missingNow,
    },
  }));

describe('whatever the counts and the calibration are', () => {
  it('every verdict has a state by name, and every number is one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(numericPair, categoricalPair), { maxLength: 4 }),
        dependence,
        fc.constantFrom(1e-9, 1e-4, 0.01),
        (pairs, dependence, alpha) => {
          const features = pairs.map((pair, i) => ({ name: `x${i}`, ...pair }));
          for (const verdict of judge({ features, alpha, ...dependence })) {
            expect(STATES).toContain(verdict.state);
            const numbers = [verdict.p, verdict.pAdjusted, verdict.size, verdict.detectableSize, verdict.phi];
            for (const number of [...numbers, ...Object.values(verdict.scores)]) {
              expect(Number.isFinite(number), JSON.stringify(verdict)).toBe(true);
            }
            expect(verdict.pAdjusted).toBeGreaterThanOrEqual(verdict.p);
            expect(verdict.phi).toBeGreaterThanOrEqual(1);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('no verdict says ok of fewer rows than it needs', () => {
    fc.assert(
      fc.property(numericPair, (pair) => {
        const [verdict] = judge({ features: [{ name: 'x', ...pair }], alpha: 0.01 });
        const distribution = verdict?.parts.find(({ part }) => part === 'distribution');
        const referenceRows = pair.reference.kind === 'numeric' ? sum(pair.reference.counts) : 0;
        const currentRows = pair.current.kind === 'numeric' ? sum(Array.from(pair.current.counts)) : 0;
        const isEnough = referenceRows >= 500 && currentRows >= 100;
        expect(distribution?.state === 'insufficient_data').toBe(!isEnough);
      }),
    );
  });

  it.each<[string, Partial<Judgement>]>([
    ['an inflation that is no number', { designEffect: NaN }],
    ['an inflation without end', { designEffect: Infinity }],
    ['an inflation below that of independent rows', { designEffect: 0.2 }],
  ])('%s is taken for none', (_, dependence) => {
    const reference = numericReference([0, 3000, 3000, 0], 0);
    const current: CurrentCounts = { kind: 'numeric', counts: [0, 500, 500, 0], missing: 0 };
    const [verdict] = judge({ features: [{ name: 'x', reference, current }], alpha: 0.01, ...dependence });
    expect(verdict).toMatchObject({ phi: 1, state: 'ok' });
  });

  it('a huge inflation leaves too few independent rows', () => {
    const reference = { ...numericReference([0, 3000, 3000, 0], 0), phi: 1e300, missingPhi: 1e300 };
    const current: CurrentCounts = { kind: 'numeric', counts: [0, 900, 100, 0], missing: 0 };
    const calibration = { c: 50, m: 100, pooled: 1 };
    const [verdict] = judge({ features: [{ name: 'x', reference, current }], alpha: 0.01, calibration });
    expect(verdict?.parts.map(({ state }) => state)).toEqual([
      'insufficient_data',
      'insufficient_data',
      'insufficient_data',
    ]);
  });
});

describe('categories over the bound', () => {
  const names = Array.from({ length: 300 }, (_, i) => `shop ${String(i * 7).padStart(4, '0')}`);
  const seen = (seed: number, rows: number) => {
    const random = seededRandom(seed);
    const sketch = new CategoryCounts({ limit: 100 });
    for (let row = 0; row < rows; row++) sketch.record(names[Math.floor(random() ** 2 * names.length)] ?? '');
    return sketch.counts;
  };

  it('are no drift because a window of fewer rows has room for others than its reference', () => {
    const reference: FeatureReference = {
      kind: 'categorical',
      categories: Object.fromEntries(seen(1, 10_000)),
      missing: 0,
    };
    const window = seen(2, 300);
    const withRoom = [...window.keys()].filter((name) => !Object.hasOwn(reference.categories, name));
    expect(Object.keys(reference.categories)).toContain(otherCategory);
    expect(withRoom.length).toBeGreaterThan(5);
    const current: CurrentCounts = { kind: 'categorical', categories: window, missing: 0 };
    const [verdict] = judge({ features: [{ name: 'shop', reference, current }], alpha: 0.01 });
    expect(verdict?.state).toBe('ok');
    expect(verdict?.p).toBeGreaterThan(0.001);
  });
});

function numericReference(counts: readonly number[], missing: number): NumericReference {
  const edges = counts.slice(1).map((_, i) => i);
  const counter = new NumericReferenceCounter(referenceEdges(edges));
  const shape = counter.reference(0);
  const indexes = edges.map((_, i) => i);
  const bins = { '5': indexes.slice(0, 4), '10': indexes.slice(0, 9), '20': indexes };
  const tails = { lower: 0, upper: edges.length - 1 };
  return { ...shape, edges, counts, bins, quantileEdges: indexes, tails, missing };
}

function withPhi<Reference extends FeatureReference>(
  reference: Reference,
  { phi, missingPhi }: { readonly phi: number | undefined; readonly missingPhi: number | undefined },
): Reference {
  return {
    ...reference,
    ...(phi === undefined ? {} : { phi }),
    ...(missingPhi === undefined ? {} : { missingPhi }),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
