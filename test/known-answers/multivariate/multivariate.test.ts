import { readFileSync } from 'node:fs';
import { rowAnomalies } from '@driftline/instrumentation';
import {
  CoMoments,
  type CoMomentReference,
  NumericReferenceCounter,
  referenceEdges,
  withProfileId,
} from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { chiSquaredSurvival } from '../../../packages/collector-processor/src/evaluate/drift/decision/chi-squared.ts';
import { withoutSkewness } from '../../../packages/collector-processor/src/evaluate/multivariate/correlation-test.ts';
import { compareMoments } from '../../../packages/collector-processor/src/evaluate/multivariate/compared-moments.ts';
import { reconstructionError } from '../../../packages/collector-processor/src/evaluate/multivariate/reconstruction-error.ts';
import { CoMomentReferenceCounter } from '../../../packages/collector-processor/src/reference/co-moment-reference.ts';
import { seededRandom } from '../../support/seeded-profile.ts';

interface Case {
  readonly name: string;
  readonly reference: readonly (readonly number[])[];
  readonly window: readonly (readonly number[])[];
  readonly mean: readonly number[];
  readonly sd: readonly number[];
  /** By rows of the lower triangle. */
  readonly correlations: { readonly reference: readonly number[]; readonly window: readonly number[] };
  readonly variances: readonly number[];
  readonly skewness: readonly number[];
  readonly pairSkewness: readonly number[];
  readonly kurtosis: readonly number[];
  readonly reconstruction: { components: number; reference: number; sd: number; window: number };
  readonly mahalanobis: readonly number[];
}

interface Answers {
  readonly gammaTails: readonly { z: number; skewness: number; answer: number }[];
  readonly cases: readonly Case[];
}

const answers: Answers = JSON.parse(readFileSync(new URL('multivariate.json', import.meta.url), 'utf8'));

function expectClose(actual: readonly (number | undefined)[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs((actual[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(tolerance * Math.abs(value) + 1e-12);
  });
}

function correlationsOf(moments: CoMoments): (number | undefined)[] {
  return moments.means.length === 0
    ? []
    : Array.from(moments.means).flatMap((_, i) => Array.from({ length: i }, (_, j) => moments.correlation(i, j)));
}

function profiled({ reference, mean, sd }: Case): CoMomentReference {
  const features = mean.map((one, i) => ({ name: `x${i}`, mean: one, sd: sd[i] ?? 1 }));
  const counter = new CoMomentReferenceCounter(features, seededRandom(1));
  for (const row of reference) counter.record(row, -1);
  const profile = counter.reference();
  if (profile === undefined) throw new Error('no rows');
  return profile;
}

/** The same with the features themselves. */
function wholeProfile(one: Case) {
  const features = one.mean.map((mean, i) => {
    const values = one.reference.map((row) => row[i] ?? Number.NaN);
    const counter = new NumericReferenceCounter(referenceEdges(values));
    for (const value of values) counter.record(value);
    return [`x${i}`, { ...counter.reference(values.length), mean, sd: one.sd[i] ?? 1 }] as const;
  });
  return withProfileId({
    format: 'driftline.profile/1',
    model: { name: 'known', version: '1' },
    rows: one.reference.length,
    features: Object.fromEntries(features),
    outputs: {},
    coMoments: profiled(one),
  });
}

function windowed({ window, mean, sd }: Case): CoMoments {
  const moments = new CoMoments(mean.map((one, i) => ({ name: `x${i}`, mean: one, sd: sd[i] ?? 1 })));
  for (const row of window) moments.record(row);
  return moments;
}

describe.each(answers.cases)('rows that are $name', (one) => {
  const profile = profiled(one);
  const current = windowed(one);
  const compared = compareMoments(
    { ...profile, names: profile.features, shape: profile },
    { ...current, names: profile.features, count: current.count, means: current.means, sums: current.sums },
  );

  it('correlate as numpy says', () => {
    expectClose(correlationsOf(compared!.reference), one.correlations.reference, 1e-9);
    expectClose(correlationsOf(compared!.current), one.correlations.window, 1e-9);
  });

  it('are as uncertain as the jackknife says, and never less than normal rows', () => {
    expectClose(
      profile.variances,
      one.variances.map((variance) => Math.max(1, variance)),
      0.05,
    );
  });

  it('are as skewed as the bootstrap says, whose draws are off by a tenth', () => {
    expect(profile.pairSkewness?.length).toBe(one.pairSkewness.length);
    for (const [pair, answer] of one.pairSkewness.entries()) {
      expect(Math.abs((profile.pairSkewness?.[pair] ?? Number.NaN) - answer)).toBeLessThan(0.4);
    }
  });

  it('have the moments that scipy says', () => {
    expectClose(profile.skewness, one.skewness, 1e-3);
    expectClose(profile.kurtosis, one.kurtosis, 1e-3);
  });

  it('are as far from the components as scikit-learn says, row by row', () => {
    const { components, reference, sd, window } = one.reconstruction;
    const measured = reconstructionError(compared!);
    expect([measured?.components, profile.reconstruction?.components]).toEqual([components, components]);
    expectClose(
      [measured?.reference, profile.reconstruction?.error, profile.reconstruction?.sd, measured?.error],
      [reference, reference, sd, window],
      1e-9,
    );
  });

  it('are as far from the reference as scipy says, by the root of the number of features', () => {
    const scorer = rowAnomalies(wholeProfile(one));
    const rows = one.window
      .slice(0, one.mahalanobis.length)
      .map((row) => row.map((value, i) => [`x${i}`, value] as const));
    expectClose(
      rows.map((row) => scorer?.score(Object.fromEntries(row))),
      one.mahalanobis.map((distance) => distance / Math.sqrt(4)),
      1e-9,
    );
  });
});

it.each(answers.gammaTails)('a mean beyond $z at skewness $skewness is no surer than a gamma of scipy says', (one) => {
  const straight = withoutSkewness(one.z, one.skewness);
  expect(straight).toBeLessThanOrEqual(one.z);
  expect(chiSquaredSurvival(straight ** 2, 1)).toBeGreaterThanOrEqual(Math.min(1, one.answer) * (1 - 1e-9));
});

it('what is not skewed stays as it is', () => {
  expect([0, 1, 5.3].map((z) => withoutSkewness(z, 0))).toEqual([0, 1, 5.3]);
});
