import { fisherTwoSided } from '../../../packages/collector-processor/src/evaluate/drift/decision/fisher.ts';
import { tailsOf } from '../../../packages/collector-processor/src/evaluate/drift/decision/feature-counts.ts';
import { pairCounts } from '../../../packages/collector-processor/src/evaluate/drift/decision/bins.ts';
import { tailsTest } from '../../../packages/collector-processor/src/evaluate/drift/decision/tails-test.ts';
import { parted, shifted, spiked, strayed, widened } from '../changes.ts';
import { distributionTest, isDrift, numericCounts } from '../distribution-test.ts';
import { categorical, type Change, continuous, type SimulatedFeature, zipf } from '../features.ts';
import { hypotheses, monthly } from '../levels.ts';
import type { Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const WINDOWS = 2000;
const WINDOWS_OF_THE_PROMISE = 5000;
const LEVEL = monthly / hypotheses;

const changes: readonly { readonly current: number; readonly name: string; readonly change: Change }[] = [
  { current: 300, name: 'shift 0.2 sd', change: shifted(0.2) },
  { current: 300, name: 'shift 0.3 sd', change: shifted(0.3) },
  { current: 300, name: 'variance x 1.5', change: widened(1.5) },
  { current: 1000, name: 'shift 0.1 sd', change: shifted(0.1) },
  { current: 1000, name: 'shift 0.2 sd', change: shifted(0.2) },
  { current: 1000, name: 'variance x 1.2', change: widened(1.2) },
  { current: 1000, name: 'variance x 1.3', change: widened(1.3) },
  { current: 1000, name: '3 % at one value', change: spiked(0.03) },
  { current: 10_000, name: '3 % at one value', change: spiked(0.03) },
  { current: 10_000, name: 'two modes, same mean and variance', change: parted(0.6) },
  { current: 10_000, name: '1 % to +6 sd', change: strayed(0.01, 6) },
];

/** What a change of one continuous feature is found by, against 10,000 rows. */
export const power: Table = {
  name: 'power',
  title: 'Share of windows in which a change of one feature is found, N = 10,000',
  seed: 20_261_130,
  run(scale, random) {
    return changes.map(({ current, name, change }) => {
      const windows = repetitions(WINDOWS, scale);
      const tests = Array.from({ length: windows }, () => oneTest(random, { reference: 10_000, current }, change));
      const strays = tests.filter(({ tails }) => tails < LEVEL).length;
      return {
        M: current,
        change: name,
        windows,
        'p < 0.001': rounded(tests.filter(({ test }) => test.p < 0.001).length / windows),
        'p < 1.9e-6': rounded(tests.filter(({ test }) => test.p < LEVEL).length / windows),
        'drift at 1.9e-6': rounded(tests.filter(({ test }) => isDrift(test, LEVEL)).length / windows),
        'tails at 1.9e-6': rounded(strays / windows),
      };
    });
  },
};

const promised = [
  { reference: 100_000, current: 1000, shift: 0.3 },
  { reference: 10_000, current: 1000, shift: 0.3 },
  { reference: 3000, current: 1000, shift: 0.3 },
  { reference: 1000, current: 1000, shift: 0.3 },
  { reference: 1000, current: 1000, shift: 0.35 },
  { reference: 10_000, current: 500, shift: 0.3 },
  { reference: 10_000, current: 2000, shift: 0.3 },
  { reference: 10_000, current: 300, shift: 0.3 },
  { reference: 10_000, current: 300, shift: 0.5 },
] as const;

/** The promise: 0.3 sd of a normal among 20 features, found in the first window of 1000 rows against 10,000. */
export const promise: Table = {
  name: 'promise',
  title: 'Share of first windows in which a shift of a normal is found, 60 hypotheses, one false alarm a month',
  seed: 20_261_131,
  run(scale, random) {
    return promised.map((cell) => promiseRow(random, cell, repetitions(WINDOWS_OF_THE_PROMISE, scale)));
  },
};

export function promiseRow(
  random: Random,
  { reference, current, shift }: (typeof promised)[number] | { reference: number; current: number; shift: number },
  windows: number,
): Row {
  const change = shifted(shift);
  const tests = Array.from({ length: windows }, () => oneTest(random, { reference, current }, change).test);
  const warned = tests.filter(({ p, size }) => p < LEVEL && size >= 0.1).length;
  return {
    N: reference,
    M: current,
    shift,
    windows,
    drift: rounded(tests.filter((test) => isDrift(test, LEVEL)).length / windows),
    'warning or drift': rounded(warned / windows),
  };
}

const feature = continuous();

function oneTest(
  random: Random,
  { reference: rows, current }: { readonly reference: number; readonly current: number },
  change: Change,
) {
  const { reference, counts } = feature.draw(random, rows);
  const window = counts(random, current, change);
  const buckets = pairCounts(reference.counts, window);
  return {
    test: distributionTest(reference, numericCounts(window)),
    tails: tailsTest(tailsOf(reference, buckets), { reference: rows, current }).p,
  };
}

interface CategoryChange {
  readonly current: number;
  readonly name: string;
  readonly feature: SimulatedFeature;
}

const moved = (shares: readonly number[], category: number, points: number) =>
  shares.map((share, i) => (i === category ? share + points : share * (1 - points / (1 - (shares[category] ?? 0)))));
const fifty = zipf(50, 1);
const five = [0.4, 0.25, 0.15, 0.15, 0.05];

const categoryChanges: readonly CategoryChange[] = [
  {
    current: 1000,
    name: '50 categories, the tenth +3 points',
    feature: categorical(fifty, { now: moved(fifty, 9, 0.03) }),
  },
  {
    current: 10_000,
    name: '50 categories, the largest +3 points',
    feature: categorical(fifty, { now: moved(fifty, 0, 0.03) }),
  },
  {
    current: 10_000,
    name: '5 categories, the smallest +3 points',
    feature: categorical(five, { now: moved(five, 4, 0.03) }),
  },
  { current: 1000, name: '2 categories, 0.05 to 0.08', feature: categorical([0.95, 0.05], { now: [0.92, 0.08] }) },
  {
    current: 300,
    name: '50 categories, a new one of 2 %',
    feature: categorical(fifty, { now: [...fifty.map((s) => s * 0.98), 0.02] }),
  },
];

/** Categories, and rows that go missing, against 10,000 rows. */
export const categoryPower: Table = {
  name: 'category-power',
  title: 'Share of windows in which a change of categories or missing values is found, N = 10,000',
  seed: 20_261_132,
  run(scale, random) {
    const windows = repetitions(1000, scale);
    const ofCategories = categoryChanges.map(({ current, name, feature }) => {
      const tests = Array.from({ length: windows }, () => {
        const { reference, window } = feature.draw(random, 10_000);
        if (reference.kind !== 'categorical') throw new TypeError('these features are categorical');
        return distributionTest(reference, window(random, current));
      });
      return {
        M: current,
        change: name,
        windows,
        'p < 1.9e-6': rounded(tests.filter(({ p }) => p < LEVEL).length / windows),
        'drift at 1.9e-6': rounded(tests.filter((test) => isDrift(test, LEVEL)).length / windows),
      };
    });
    const ofMissing = [300, 1000, 3000].map((current) => {
      const found = Array.from({ length: windows }, () => {
        const hits = { reference: random.binomial(10_000, 0.01), current: random.binomial(current, 0.03) };
        const p = fisherTwoSided(hits, { reference: 10_000, current });
        return { p, change: hits.current / current - hits.reference / 10_000 };
      });
      const sure = found.filter(({ p }) => p < LEVEL);
      return {
        M: current,
        change: 'missing values, 1 % to 3 %',
        windows,
        'p < 1.9e-6': rounded(sure.length / windows),
        'drift at 1.9e-6': rounded(sure.filter(({ change }) => change >= 0.01).length / windows),
      };
    });
    return [...ofCategories, ...ofMissing];
  },
};
