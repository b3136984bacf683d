import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Bin, pairCounts } from '../../../packages/collector-processor/src/evaluate/drift/decision/bins.ts';
import type {
  BucketedValues,
  DriftMethod,
} from '../../../packages/collector-processor/src/evaluate/drift/drift-method.ts';
import { driftMethods } from '../../../packages/collector-processor/src/evaluate/drift/index.ts';
import {
  kolmogorovTail,
  kuiperTail,
} from '../../../packages/collector-processor/src/evaluate/drift/statistics/kolmogorov-tail.ts';
import {
  andersonDarlingForm,
  cramerVonMisesForm,
  tailOf,
} from '../../../packages/collector-processor/src/evaluate/drift/statistics/quadratic-tail.ts';
import { studentTwoSided } from '../../../packages/collector-processor/src/evaluate/drift/statistics/student-t.ts';
import { nextDown } from '../../../packages/sketches/src/next-double.ts';

interface Case {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly answers: Readonly<Record<string, { readonly score: number; readonly p?: number }>>;
}

interface Answers {
  readonly versions: Readonly<Record<string, string>>;
  readonly tables: readonly Case[];
  readonly values: readonly (Case & {
    readonly shape: string;
    /** `reference` and `current` count rows up to each value. */
    readonly values: readonly number[];
    readonly sd: number;
  })[];
  readonly tails: readonly {
    readonly of: string;
    readonly x: number;
    readonly p: number;
    readonly degreesOfFreedom?: number;
    readonly rows?: number;
  }[];
}

const answers: Answers = JSON.parse(readFileSync(new URL('./methods.json', import.meta.url), 'utf8'));
const methods: readonly DriftMethod[] = driftMethods;

function expectAnswer(method: DriftMethod, values: BucketedValues, known: { score: number; p?: number }): void {
  const { score, p } = said(method, values);
  expect(score, `${method.name} score`).toSatisfy((value: number) => isNear(value, known.score));
  if (known.p !== undefined) expect(p, `${method.name} p`).toSatisfy((value: number) => isNear(value, known.p ?? 0));
}

function isNear(value: number, known: number): boolean {
  return Math.abs(value - known) <= 1e-9 + 1e-6 * Math.abs(known);
}

function said(method: DriftMethod, values: BucketedValues): { score: number | undefined; p: number | undefined } {
  switch (method.reads) {
    case 'bins':
    case 'categories':
      return { score: method.score(values.buckets), p: method.pValue?.(values.buckets, 1) };
    case 'values':
      return { score: method.score(values), p: method.pValue?.(values, 1) };
    case 'projections':
      return { score: method.score([values]), p: method.pValue?.([values], 1) };
  }
}

function tableOf(buckets: readonly Bin[]): BucketedValues {
  return { edges: [], buckets, sd: 1, tails: { lower: 0, upper: 0 } };
}

/** Each value in a bucket of its own, between its own double and the one before. */
function atomsOf({ values, reference, current, sd }: Answers['values'][number]): BucketedValues {
  const edges = values.flatMap((value) => [nextDown(value), value]);
  const perBucket = (upTo: readonly number[]) => [...upTo.flatMap((count, i) => [0, count - (upTo[i - 1] ?? 0)]), 0];
  return {
    edges,
    buckets: pairCounts(perBucket(reference), perBucket(current)),
    sd,
    tails: { lower: 0, upper: edges.length - 1 },
  };
}

describe(`against scipy ${answers.versions['scipy']} and astropy ${answers.versions['astropy']}`, () => {
  it('has an answer for every method but the mean over projections', () => {
    const answered = [...answers.tables, ...answers.values].flatMap((one) => Object.keys(one.answers));
    const unanswered = methods.map(({ name }) => name).filter((name) => !answered.includes(name));
    expect(unanswered).toEqual(['sliced-wasserstein']);
  });

  it.each(answers.tables)('compares $reference.length bins', (known) => {
    const values = tableOf(pairCounts(known.reference, known.current));
    for (const method of methods.filter(({ name }) => Object.hasOwn(known.answers, name)))
      expectAnswer(method, values, known.answers[method.name] ?? { score: Number.NaN });
  });

  it.each(answers.values)('compares rows, $shape', (known) => {
    const values = atomsOf(known);
    for (const method of methods.filter(({ name }) => Object.hasOwn(known.answers, name)))
      expectAnswer(method, values, known.answers[method.name] ?? { score: Number.NaN });
  });

  it.each(answers.tails)('knows the tail of $of at $x', ({ of, x, p, degreesOfFreedom = 1, rows = 1 }) => {
    const root = Math.sqrt(rows);
    const tails: Readonly<Record<string, () => number>> = {
      student: () => studentTwoSided(x, degreesOfFreedom),
      kolmogorov: () => kolmogorovTail(x),
      'cramer-von-mises': () => tailOf(cramerVonMisesForm, x),
      'anderson-darling': () => tailOf(andersonDarlingForm, x),
      kuiper: () => kuiperTail((root + 0.155 + 0.24 / root) * x),
    };
    const computed = tails[of]?.();
    // Weights left out of the inverted series, and Stephens' correction against Kuiper's own expansion.
    const tolerance = of === 'anderson-darling' ? 2e-4 : of === 'kuiper' ? 0.02 : 1e-7;
    expect((computed ?? Number.NaN) / p).toSatisfy((ratio: number) => Math.abs(ratio - 1) < tolerance);
  });
});
