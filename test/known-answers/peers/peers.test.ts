import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  compareFile,
  type Comparison,
  type FeatureVerdict,
} from '../../../packages/collector-processor/src/compare.ts';
import { buildProfile } from '../../../packages/collector-processor/src/profile.ts';

type Scores = Readonly<Record<string, number>>;

interface Science {
  readonly versions: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<string, { readonly kind: string; readonly table: Scores; readonly rows: Scores }>>;
}

/** A method that refused says why. */
interface Peer {
  readonly versions: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
}

const science: Science = JSON.parse(read('science.json'));
const evidently: Peer = JSON.parse(read('evidently.json'));
const nannyml: Peer = JSON.parse(read('nannyml.json'));
/** Peers keep all of these categories, a profile a hundred. */
const LUMPED = 'two hundred categories';
const shapes = Object.entries(science.answers).map(([shape, answer]) => ({ shape, ...answer }));

let comparison: Comparison;
beforeAll(async () => {
  const { profile } = await buildProfile({ path: pathOf('reference.parquet'), model: { name: 'm', version: '1' } });
  comparison = await compareFile({ profile, path: pathOf('current.parquet') });
}, 60_000);

describe(`against numpy ${science.versions['numpy']}, scipy ${science.versions['scipy']}, scikit-learn ${science.versions['scikit-learn']}, astropy ${science.versions['astropy']}, statsmodels ${science.versions['statsmodels']}`, () => {
  it('compares 23 shapes as numbers or categories', () => {
    expect(Object.fromEntries(comparison.features.map(({ name, kind }) => [name, kind]))).toEqual(
      Object.fromEntries(shapes.map(({ shape, kind }) => [shape, kind])),
    );
    expect(shapes.length).toBe(23);
  });

  it.each(shapes)('gives the scores of bins that numpy counted, $shape', ({ shape, table }) => {
    const { scores, kind } = verdictOn(shape);
    for (const method of ['psi', 'jensen-shannon', 'hellinger', 'kullback-leibler', 'cramers-v'])
      expectNear(scores[method], table[method], method);
    if (kind !== 'categorical') return;
    for (const method of ['total-variation', 'l-infinity']) expectNear(scores[method], table[method], method);
  });

  it.each(shapes.filter(({ kind, shape }) => kind === 'categorical' && shape !== LUMPED))(
    "gives statsmodels' z-test of the category that moved most, $shape",
    ({ shape, table }) => {
      const { scores, scorePValues } = verdictOn(shape);
      expectNear(scores['proportion-z'], table['proportion-z'], 'proportion-z');
      expectNear(scorePValues['proportion-z'], table['proportion-z p'], 'p of proportion-z');
    },
  );

  it.each(shapes.filter(({ table }) => (table['smallestExpectation'] ?? 0) >= 5))(
    "gives scipy's chi-squared of the table, $shape",
    ({ shape, table }) => {
      const { scores, scorePValues } = verdictOn(shape);
      expectNear(scores['chi-squared'], table['pearson'], 'chi-squared');
      expectNear(scorePValues['chi-squared'], table['pearson p'], 'p of chi-squared');
    },
  );

  it.each(shapes.filter(({ kind }) => kind === 'numeric'))(
    'states bounds that hold the score of the rows themselves, $shape',
    ({ shape, rows }) => {
      const { scoreBounds } = verdictOn(shape);
      for (const method of [
        'kolmogorov-smirnov',
        'kuiper',
        'cramer-von-mises',
        'wasserstein',
        'energy-distance',
        'mean-shift',
      ]) {
        const [answer, bounds] = [rows[method], scoreBounds[method]];
        if (answer === undefined) continue;
        expect(bounds, method).toBeDefined();
        expect(answer, method).toBeGreaterThanOrEqual((bounds?.lower ?? Infinity) - 1e-9);
        expect(answer, method).toBeLessThanOrEqual((bounds?.upper ?? -Infinity) + 1e-9);
      }
    },
  );

  it.each(shapes.filter(({ kind }) => kind === 'numeric'))(
    'says from buckets what the rows say, to a hundredth, $shape',
    ({ shape, rows }) => {
      const { scores } = verdictOn(shape);
      for (const [method, answer] of Object.entries(rows)) {
        if (method.endsWith(' p')) continue;
        expect(
          Math.abs((scores[method] ?? Number.NaN) - answer),
          `${method} ${scores[method]} against ${answer}`,
        ).toBeLessThan(0.01);
      }
    },
  );

  it.each(shapes.filter(({ rows }) => rows['variance-shift p'] !== undefined))(
    'gives p-values of mean and spread that Welch and Brown-Forsythe give the rows, $shape',
    ({ shape, rows }) => {
      const { scorePValues } = verdictOn(shape);
      for (const method of ['mean-shift', 'variance-shift']) {
        const [ours, theirs] = [scorePValues[method] ?? Number.NaN, rows[`${method} p`] ?? Number.NaN];
        const apart = Math.abs(Math.log(ours) - Math.log(theirs));
        expect(apart, `${method}: ${ours} against ${theirs}`).toBeLessThan(0.2 - 0.02 * Math.log(theirs));
      }
    },
  );

  it.each(shapes.filter(({ rows }) => rows['kolmogorov-smirnov p'] !== undefined))(
    "is never surer than Kolmogorov's p-value of the rows, $shape",
    ({ shape, rows }) => {
      const ours = verdictOn(shape).scorePValues['kolmogorov-smirnov'];
      expect(ours).toBeGreaterThanOrEqual((rows['kolmogorov-smirnov p'] ?? Number.NaN) * (1 - 1e-7));
    },
  );
});

const categorical = shapes.filter(({ kind, shape }) => kind === 'categorical' && shape !== LUMPED);

describe(`against Evidently ${evidently.versions['evidently']}`, () => {
  it.each(categorical)('gives its Hellinger and Jensen-Shannon distances of categories, $shape', ({ shape }) => {
    const { scores } = verdictOn(shape);
    expectNear(scores['hellinger'], said(evidently, shape, 'hellinger'), 'hellinger');
    // Evidently takes natural logarithms.
    const inBits = said(evidently, shape, 'jensenshannon') / Math.sqrt(Math.LN2);
    expectNear(scores['jensen-shannon'], inBits, 'jensen-shannon');
  });

  it.each(categorical.filter(({ shape }) => !/unseen|vanished/.test(shape)))(
    'gives its PSI of categories that both samples have, $shape',
    ({ shape }) => expectNear(verdictOn(shape).scores['psi'], said(evidently, shape, 'psi'), 'psi'),
  );

  it.each(shapes.filter(({ kind, rows }) => kind === 'numeric' && rows['wasserstein'] !== undefined))(
    'gives its Wasserstein distance but for what lies beyond the 0.1 % tails, an eighth at most, $shape',
    ({ shape }) => {
      const theirs = said(evidently, shape, 'wasserstein');
      expect(Math.abs((verdictOn(shape).scores['wasserstein'] ?? Number.NaN) - theirs)).toBeLessThan(theirs / 8);
    },
  );
});

describe(`against NannyML ${nannyml.versions['nannyml']}`, () => {
  it.each(categorical)('gives its distances of categories, $shape', ({ shape }) => {
    const { scores } = verdictOn(shape);
    expectNear(scores['jensen-shannon'], said(nannyml, shape, 'jensen_shannon'), 'jensen-shannon');
    expectNear(scores['hellinger'], said(nannyml, shape, 'hellinger'), 'hellinger');
    expectNear(scores['l-infinity'], said(nannyml, shape, 'l_infinity'), 'l-infinity');
  });

  it.each(shapes.filter(({ kind }) => kind === 'numeric'))(
    'states bounds that hold its Kolmogorov-Smirnov statistic of the rows, $shape',
    ({ shape }) => {
      const bounds = verdictOn(shape).scoreBounds['kolmogorov-smirnov'];
      const theirs = said(nannyml, shape, 'kolmogorov_smirnov');
      expect(theirs).toBeGreaterThanOrEqual((bounds?.lower ?? Infinity) - 1e-9);
      expect(theirs).toBeLessThanOrEqual((bounds?.upper ?? -Infinity) + 1e-9);
    },
  );
});

function said(peer: Peer, shape: string, method: string): number {
  return Number(peer.answers[shape]?.[method]);
}

function verdictOn(shape: string): FeatureVerdict {
  const verdict = comparison.features.find(({ name }) => name === shape);
  if (verdict === undefined) throw new Error(`no verdict on ${shape}`);
  return verdict;
}

function expectNear(computed: number | undefined, answer: number | undefined, method: string): void {
  const [one, other] = [computed ?? Number.NaN, answer ?? Number.NaN];
  expect(Math.abs(one - other), `${method}: ${one} against ${other}`).toBeLessThanOrEqual(
    1e-9 + 1e-7 * Math.abs(other),
  );
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function read(file: string): string {
  return readFileSync(pathOf(file), 'utf8');
}
