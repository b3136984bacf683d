import {
  BucketEdges,
  type CategoricalReference,
  EdgeHistogram,
  EmbeddingProjections,
  type EmbeddingReference,
  type FeatureReference,
  type NumericReference,
  NumericReferenceCounter,
  projectionEdges,
  referenceEdges,
} from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../reference/seeded-random.ts';
import { driftMethodNames } from '../index.ts';
import type { CurrentCounts } from './feature-counts.ts';
import { type FeatureVerdict, judge } from './judge.ts';

const random = seededRandom(20261128);

function referenceOf(values: readonly number[], missing = 0, plan = undefined as typeof projectionEdges | undefined) {
  const counter = new NumericReferenceCounter(referenceEdges(values, undefined, plan));
  for (const value of values) counter.record(value);
  return counter.reference(values.length + missing);
}

const many = Array.from({ length: 2000 }, random);
const numeric = referenceOf(many, 20);
const constant = referenceOf(Array.from({ length: 1000 }, () => 7));
const discrete = referenceOf(many.map((value) => Math.floor(value * 5)));
const nothing = referenceOf([], 1000);
const categorical: CategoricalReference = { kind: 'categorical', categories: { a: 900, b: 1100 }, missing: 0 };
const vectors = Array.from({ length: 600 }, () => [random(), random()]);
const embedding: EmbeddingReference = (() => {
  const space = new EmbeddingProjections({ dimensions: 2, seed: 'x', projections: 2 });
  const projected = vectors.map((vector) => Array.from(space.project(vector)));
  const projections = [0, 1, 2].map((i) =>
    referenceOf(
      projected.map((row) => row[i] ?? 0),
      0,
      projectionEdges,
    ),
  );
  return { kind: 'embedding', dimensions: 2, seed: 'x', projections, missing: 0 };
})();

function numbers({ edges }: NumericReference, values: readonly number[], missing = 0): CurrentCounts {
  const histogram = new EdgeHistogram(BucketEdges.of(edges));
  for (const value of values) histogram.record(value);
  return { kind: 'numeric', counts: histogram.counts, missing: missing + histogram.notFinite };
}
const named = (categories: Readonly<Record<string, number>>, missing = 0): CurrentCounts => ({
  kind: 'categorical',
  categories: new Map(Object.entries(categories)),
  missing,
});
const tenThousand = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`c${i}`, 1 + (i % 7)]));

const infinite = [
  ...many.slice(0, 900),
  ...Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? Infinity : -Infinity)),
];
const beyond = Array.from({ length: 300 }, () => 1e300);

const cases: readonly [string, FeatureReference | undefined, CurrentCounts, Partial<FeatureVerdict>][] = [
  ['no common bins', numeric, numbers(numeric, beyond), { state: 'drift' }],
  ['no common categories', categorical, named({ x: 200, y: 100 }), { state: 'drift' }],
  ['all missing', numeric, numbers(numeric, [], 300), { state: 'drift', part: 'missing' }],
  ['all missing before and now', nothing, numbers(nothing, [], 300), { state: 'insufficient_data' }],
  ['values where the reference had none', nothing, numbers(nothing, many), { state: 'drift', part: 'missing' }],
  ['one row', numeric, numbers(numeric, [0.5]), { state: 'insufficient_data' }],
  ['one row of a category', categorical, named({ a: 1 }), { state: 'insufficient_data' }],
  ['infinite values, which count as missing', numeric, numbers(numeric, infinite), { state: 'drift', part: 'missing' }],
  ['an empty window', numeric, numbers(numeric, []), { state: 'insufficient_data' }],
  ['an empty window of categories', categorical, named({}), { state: 'insufficient_data' }],
  ['a number that became a category', numeric, named({ a: 500 }), { state: 'no_reference' }],
  ['a category that became a number', categorical, numbers(numeric, many), { state: 'no_reference' }],
  ['other edges', numeric, { kind: 'numeric', counts: [1, 2, 3], missing: 0 }, { state: 'no_reference' }],
  ['no reference', undefined, named({ a: 500 }), { state: 'no_reference' }],
  [
    'a constant that stays',
    constant,
    numbers(
      constant,
      Array.from({ length: 300 }, () => 7),
    ),
    { state: 'ok' },
  ],
  [
    'a constant that moved',
    constant,
    numbers(
      constant,
      Array.from({ length: 300 }, () => 8),
    ),
    { state: 'drift' },
  ],
  ['10,000 categories now', categorical, named(tenThousand), { state: 'drift' }],
  [
    '10,000 categories before and now',
    { ...categorical, categories: tenThousand },
    named(tenThousand),
    { state: 'ok' },
  ],
  ['a single category', { ...categorical, categories: { a: 2000 } }, named({ a: 300 }), { state: 'ok' }],
  ['an embedding without rows', embedding, noRows(), { state: 'insufficient_data' }],
  ['an embedding that became a number', embedding, numbers(numeric, many), { state: 'no_reference' }],
];

function noRows(): CurrentCounts {
  const projections = embedding.projections.map(({ counts }) => counts.map(() => 0));
  return { kind: 'embedding', projections, missing: 0 };
}

const verdictOf = (reference: FeatureReference | undefined, current: CurrentCounts): FeatureVerdict => {
  const [verdict] = judge({ features: [{ name: 'x', reference, current }], alpha: 1e-3, methods: driftMethodNames });
  if (verdict === undefined) throw new Error('one feature, one verdict');
  return verdict;
};

describe('odd input has a named result', () => {
  it.each(cases)('%s', (_, reference, current, expected) => {
    const verdict = verdictOf(reference, current);
    expect(verdict).toMatchObject(expected);
    expect(verdict.judgedBy.explanation).not.toMatch(/NaN|undefined/);
    expect(verdict.judgedBy.summary).not.toBe('');
    expect(numbersIn(verdict).filter((number) => !Number.isFinite(number))).toEqual([]);
  });

  it('says which kind became which', () => {
    expect(verdictOf(numeric, named({ a: 500 })).judgedBy.explanation).toContain(
      'numeric in the reference, categorical',
    );
  });
});

describe('the explanation', () => {
  it.each([
    ['continuous', numeric, numbers(numeric, many.slice(0, 1000)), '20 bins', 20],
    ['discrete: 5 values, each a bucket of its own', discrete, countedAgain(discrete), '5 values', 5],
    [
      'constant in the reference (7)',
      constant,
      numbers(
        constant,
        Array.from({ length: 300 }, () => 7),
      ),
      'constant',
      1,
    ],
    ["2 categories: Fisher's exact test", categorical, named({ a: 150, b: 150 }), '2 categories', 2],
    ['3 categories', categorical, named({ a: 150, b: 100, c: 50 }), '3 categories', 3],
    ['many', { ...categorical, categories: tenThousand }, named(tenThousand), '10000 categories', 30],
    ['2 random projections and the length', embedding, projectedAgain(), '3 projections', 5],
  ] as const)('of %s', (said, reference, current, summary, bins) => {
    const { judgedBy } = verdictOf(reference, current);
    expect(judgedBy).toMatchObject({ summary, bins });
    expect(judgedBy.explanation).toContain(said);
  });
});

function countedAgain(reference: NumericReference): CurrentCounts {
  return { kind: 'numeric', counts: reference.counts, missing: 0 };
}

function projectedAgain(): CurrentCounts {
  return { kind: 'embedding', projections: embedding.projections.map(({ counts }) => counts), missing: 0 };
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
