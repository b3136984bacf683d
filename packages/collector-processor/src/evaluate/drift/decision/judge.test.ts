import {
  BucketEdges,
  type CategoricalReference,
  EdgeHistogram,
  type NumericReference,
  NumericReferenceCounter,
  projectionEdges,
  referenceEdges,
} from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../reference/seeded-random.ts';
import { alphaOf } from './budget.ts';
import type { CurrentCounts } from './feature-counts.ts';
import { type FeatureVerdict, judge, type JudgedFeature, type Judgement } from './judge.ts';

const alpha = alphaOf({ falseAlarmsPerMonth: 1, stepMs: 300_000, horizons: 1 });

describe('a numeric feature', () => {
  const reference = referenceOf(normals(1, 10_000));

  it('is ok while nothing changes', () => {
    const verdict = judgeOne(reference, counted(reference, normals(2, 1000)));
    expect(verdict).toMatchObject({ state: 'ok', part: 'distribution', direction: 'unchanged', rows: 1000 });
    expect(verdict.detectableSize).toBeCloseTo(0.23, 1);
  });

  it('drifts when its mean moves by half a standard deviation, by that size', () => {
    const moved = normals(3, 3000).map((x) => x + 0.5);
    const verdict = judgeOne(reference, counted(reference, moved), { methods: ['psi', 'wasserstein', 'proportion-z'] });
    expect(verdict).toMatchObject({ state: 'drift', part: 'distribution', direction: 'higher', threshold: 0.2 });
    expect(verdict.size).toBeCloseTo(0.5, 1);
    expect(Object.keys(verdict.scores)).toEqual(['psi', 'wasserstein']);
    expect(verdict.scores['wasserstein']).toBeCloseTo(0.5, 1);
  });

  it.each([
    ['lower', (x: number) => x - 0.5],
    ['higher', (x: number) => x + 2],
    ['wider', (x: number) => x * 1.6],
    ['narrower', (x: number) => x * 0.6],
    ['lower and wider', (x: number) => x * 1.5 - 0.5],
    ['another shape', (x: number) => x + Math.sin(x * 6) / 4],
  ])('says that values are %s', (direction, change) => {
    expect(judgeOne(reference, counted(reference, normals(4, 5000).map(change))).direction).toBe(direction);
  });

  it('stays ok at a move of 0.05 sd, however many rows prove it', () => {
    const verdict = judgeOne(
      reference,
      counted(
        reference,
        normals(5, 100_000).map((x) => x + 0.07),
      ),
    );
    expect(verdict.pAdjusted).toBeLessThan(alpha);
    expect(verdict.state).toBe('ok');
  });

  it('warns at a move between both floors, and drifts where a lower floor was set', () => {
    const current = counted(
      reference,
      normals(6, 20_000).map((x) => x + 0.15),
    );
    expect(judgeOne(reference, current).state).toBe('warning');
    const [strict] = judge({
      features: [{ ...feature(reference, current), floor: { warning: 0.05, drift: 0.1 } }],
      alpha,
    });
    expect(strict).toMatchObject({ state: 'drift', threshold: 0.1 });
  });

  it('has no verdict below a hundred rows', () => {
    const verdict = judgeOne(
      reference,
      counted(
        reference,
        normals(7, 99).map((x) => x + 3),
      ),
    );
    expect(verdict).toMatchObject({ state: 'insufficient_data', rows: 99, p: 1, size: 0 });
    expect(verdict.parts.map(({ state }) => state)).toEqual(Array.from({ length: 3 }, () => 'insufficient_data'));
  });

  it('has no reference where there is none, or the buckets are others', () => {
    const current = counted(reference, normals(8, 1000));
    expect(judgeOne(undefined, current).state).toBe('no_reference');
    expect(judgeOne(reference, { kind: 'numeric', counts: [1, 2, 3], missing: 0 }).state).toBe('no_reference');
    expect(judgeOne(reference, { kind: 'categorical', categories: new Map(), missing: 0 }).state).toBe('no_reference');
  });

  it('is judged by its missing values where nothing else is left', () => {
    const verdict = judgeOne(reference, counted(reference, [], 1000));
    expect(verdict).toMatchObject({ state: 'drift', part: 'missing', direction: 'more missing values', size: 1 });
    expect(verdict.scores).toEqual({});
  });

  it('is judged by its tails where only few values go far astray', () => {
    const stray = normals(9, 3000).map((x, i) => (i % 80 === 0 ? 40 : x));
    expect(judgeOne(reference, counted(reference, stray))).toMatchObject({
      state: 'drift',
      part: 'tails',
      direction: 'more values beyond the maximum of the reference',
    });
  });

  it('that was constant drifts with the first other values, and not before', () => {
    const constant = referenceOf(Array.from({ length: 1000 }, () => 7));
    const same = Array.from({ length: 500 }, () => 7);
    expect(judgeOne(constant, counted(constant, same))).toMatchObject({ state: 'ok', p: 1 });
    expect(
      judgeOne(
        constant,
        counted(
          constant,
          same.map((x, i) => (i < 30 ? 8 : x)),
        ),
      ).state,
    ).toBe('drift');
  });
});

describe('a categorical feature', () => {
  const reference: CategoricalReference = {
    kind: 'categorical',
    categories: { NY: 5000, CA: 3000, TX: 1500, WA: 500 },
    missing: 100,
  };
  it('is ok while nothing changes', () => {
    expect(judgeOne(reference, categories({ NY: 498, CA: 305, TX: 150, WA: 47 })).state).toBe('ok');
  });

  it('names the category that moved', () => {
    expect(judgeOne(reference, categories({ NY: 300, CA: 305, TX: 348, WA: 47 }))).toMatchObject({
      state: 'drift',
      direction: 'category "TX" more frequent',
    });
  });

  it('drifts with categories that the reference never saw', () => {
    const current = categories({ NY: 470, CA: 280, TX: 150, WA: 40, _unseen: 60 });
    const verdict = judgeOne(reference, current, { methods: ['psi', 'wasserstein', 'proportion-z'] });
    expect(verdict).toMatchObject({ state: 'drift', direction: 'category "_unseen" more frequent' });
    expect(Object.keys(verdict.scores)).toEqual(['psi', 'proportion-z']);
  });

  it('is judged by its missing values too', () => {
    expect(judgeOne(reference, categories({ NY: 480, CA: 290, TX: 145, WA: 45 }, 60))).toMatchObject({
      state: 'drift',
      part: 'missing',
      threshold: 0.01,
    });
  });

  it('of two values is judged as what grew', () => {
    const boolean: CategoricalReference = { kind: 'categorical', categories: { true: 2000, false: 8000 }, missing: 0 };
    expect(judgeOne(boolean, categories({ true: 350, false: 650 }, 0))).toMatchObject({
      state: 'drift',
      direction: 'category "true" more frequent',
    });
  });
});

describe('an embedding', () => {
  const projections = [1, 2, 3].map((seed) => referenceOf(normals(seed, 5000), projectionEdges));
  const reference = { kind: 'embedding', dimensions: 8, seed: 'text', projections, missing: 0 } as const;
  const current = (shift: number): CurrentCounts => ({
    kind: 'embedding',
    projections: projections.map((projection, i) =>
      countsOf(
        projection,
        normals(20 + i, 2000).map((x) => (i === 1 ? x + shift : x)),
      ),
    ),
    missing: 0,
  });

  it('drifts with the projection that moved', () => {
    expect(judgeOne(reference, current(0)).state).toBe('ok');
    expect(judgeOne(reference, current(0.4))).toMatchObject({ state: 'drift', direction: 'projection 1 higher' });
  });
});

describe('rows that depend on each other', () => {
  const reference: NumericReference = { ...referenceOf(normals(1, 10_000)), phi: 5 };
  const current = counted(
    reference,
    normals(11, 1000).map((x) => x + 0.25),
  );
  const calibration = { c: 50, m: 1000, pooled: 1.2 };

  it('need more of them for the same verdict', () => {
    expect(judgeOne(reference, current, { calibration })).toMatchObject({ state: 'ok', calibrated: true, phi: 5 });
    expect(judgeOne(reference, current)).toMatchObject({ state: 'drift', calibrated: false, phi: 1 });
    expect(judgeOne(reference, current, { designEffect: 5 })).toMatchObject({ state: 'ok', calibrated: true, phi: 5 });
  });

  it('count for too few where a window holds less than a hundred independent ones', () => {
    const few = counted(
      reference,
      normals(12, 400).map((x) => x + 3),
    );
    expect(judgeOne(reference, few, { calibration }).state).toBe('insufficient_data');
  });

  it('are taken for independent where the reference has fewer than twenty chunks', () => {
    expect(judgeOne(reference, current, { calibration: { ...calibration, c: 19 } }).calibrated).toBe(false);
  });
});

/** Twenty features, as the promise has it; false alarms and detection of the whole rule. */
describe('in a simulation of seeded streams', () => {
  const random = normalSource(20260301);
  const reference = referenceOf(Array.from({ length: 10_000 }, random));
  const window = (rows: number, shift: number) =>
    counted(
      reference,
      Array.from({ length: rows }, () => random() + shift),
    );
  const stateOfFirst = (shift: number, level: number, rows = 1000) => {
    const features = Array.from({ length: 20 }, (_, i) =>
      feature(reference, window(rows, i === 0 ? shift : 0), `x${i}`),
    );
    return judge({ features, alpha: level });
  };

  it('cries wolf in no more windows than its level allows', () => {
    const windows = 400;
    const level = 0.05;
    const significant = Array.from({ length: windows }, () => stateOfFirst(0, level, 300)).filter((verdicts) =>
      verdicts.some(({ pAdjusted }) => pAdjusted < level),
    ).length;
    expect(significant).toBeGreaterThan(0);
    expect(significant / windows).toBeLessThan(level + 3 * Math.sqrt((level * (1 - level)) / windows));
  });

  it('finds a shift of 0.3 sd among twenty features in the first window of 1000 rows, 97 of 100 times', () => {
    const windows = 300;
    const found = Array.from({ length: windows }, () => stateOfFirst(0.3, alpha)).filter(([first, ...others]) => {
      expect(others.filter(({ state }) => state === 'drift')).toEqual([]);
      return first?.state === 'drift';
    }).length;
    expect(found / windows).toBeGreaterThanOrEqual(0.97);
  });
});

function categories(counts: Readonly<Record<string, number>>, missing = 10): CurrentCounts {
  return { kind: 'categorical', categories: new Map(Object.entries(counts)), missing };
}

function judgeOne(
  reference: JudgedFeature['reference'],
  current: CurrentCounts,
  options: Partial<Judgement> = {},
): FeatureVerdict {
  const [verdict] = judge({ features: [feature(reference, current)], alpha, ...options });
  if (verdict === undefined) throw new Error('one feature has one verdict');
  return verdict;
}

function feature(reference: JudgedFeature['reference'], current: CurrentCounts, name = 'x'): JudgedFeature {
  return { name, reference, current };
}

function referenceOf(values: readonly number[], plan?: typeof projectionEdges): NumericReference {
  const counter = new NumericReferenceCounter(referenceEdges(values, undefined, plan));
  for (const value of values) counter.record(value);
  return counter.reference(values.length);
}

function countsOf(reference: NumericReference, values: readonly number[]): Float64Array {
  const histogram = new EdgeHistogram(BucketEdges.of(reference.edges));
  histogram.recordAll(values);
  return histogram.counts;
}

function counted(reference: NumericReference, values: readonly number[], missing = 0): CurrentCounts {
  return { kind: 'numeric', counts: countsOf(reference, values), missing };
}

function normals(seed: number, count: number): number[] {
  return Array.from({ length: count }, normalSource(seed));
}

function normalSource(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
