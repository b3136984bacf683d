import { distributionTest, isDrift } from '../distribution-test.ts';
import { shifted, widened } from '../changes.ts';
import { categorical, type Change, type SimulatedFeature, zipf } from '../features.ts';
import { hypotheses, monthly } from '../levels.ts';
import type { Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const WINDOWS = 200_000;
const CHANGED_WINDOWS = 2000;
const LEVEL = monthly / hypotheses;

const five = [0.1, 0.2, 0.4, 0.2, 0.1];
const skewed = [0.02, 0.03, 0.05, 0.1, 0.8];

/** What does not change: unequal samples, rare categories and many of them are where a table's tail is a guess. */
const constant = [
  {
    name: '5 categories',
    shares: five,
    cells: [
      [1000, 100],
      [10_000, 300],
      [10_000, 10_000],
    ],
  },
  {
    name: '5 categories, most rows in one',
    shares: skewed,
    cells: [
      [1000, 100],
      [10_000, 1000],
    ],
  },
  {
    name: '40 categories',
    shares: zipf(40, 1),
    cells: [
      [1000, 300],
      [10_000, 1000],
    ],
  },
] as const;

/** How often an ordinal feature that does not change is called sure, as a multiple of the level of its test. */
export const ordinalLevel: Table = {
  name: 'ordinal-level',
  title: 'Ordinal features that do not change: share of windows with p below a level, over that level',
  seed: 20_261_140,
  run(scale, random) {
    return constant.flatMap(({ name, shares, cells }) =>
      cells.map(([reference, current]) =>
        ordinalLevelRow(random, { name, shares, reference, current }, repetitions(WINDOWS, scale)),
      ),
    );
  },
};

interface OrdinalCell {
  readonly name: string;
  readonly shares: readonly number[];
  readonly reference: number;
  readonly current: number;
}

export function ordinalLevelRow(
  random: Random,
  { name, shares, reference, current }: OrdinalCell,
  windows: number,
): Row {
  const feature = categorical(shares, { inOrder: shares.length });
  const p = Array.from({ length: windows }, () => testOf(random, feature, { reference, current }).p);
  const over = (level: number) => rounded(p.filter((one) => one < level).length / windows / level);
  return {
    feature: name,
    N: reference,
    M: current,
    windows,
    '0.01': over(0.01),
    '0.001': over(0.001),
    '0.0001': over(0.0001),
  };
}

/** Equal shares of what a continuous value cuts into categories, and what a change of it makes of them. */
const equal = (categories: number) => Array.from({ length: categories }, () => 1 / categories);
const cut = (categories: number, change: Change) =>
  equal(categories).map((_, i) => change((i + 1) / categories) - change(i / categories));
const moved = (shares: readonly number[], category: number, points: number) =>
  shares.map((share, i) => (i === category ? share + points : share * (1 - points / (1 - (shares[category] ?? 0)))));

const changes = [
  { name: '3 categories, 0.4 sd up', shares: equal(3), now: cut(3, shifted(0.4)), current: 300 },
  { name: '5 categories, 0.4 sd up', shares: equal(5), now: cut(5, shifted(0.4)), current: 300 },
  { name: '10 categories, 0.4 sd up', shares: equal(10), now: cut(10, shifted(0.4)), current: 300 },
  { name: '30 categories, 0.4 sd up', shares: equal(30), now: cut(30, shifted(0.4)), current: 300 },
  { name: '10 categories, variance x 1.5', shares: equal(10), now: cut(10, widened(1.5)), current: 1000 },
  { name: '5 categories, the third +8 points', shares: five, now: moved(five, 2, 0.08), current: 1000 },
  { name: '5 categories, a new one of 2 %', shares: five, now: [...five.map((s) => s * 0.98), 0.02], current: 300 },
];

/** What an order is worth: the same change, with the order declared and without it. */
export const ordinalPower: Table = {
  name: 'ordinal-power',
  title: 'Share of windows in which a change of ordered categories is found at 1.9e-6, N = 10,000',
  seed: 20_261_141,
  run(scale, random) {
    const windows = repetitions(CHANGED_WINDOWS, scale);
    return changes.map(({ name, shares, now, current }) => {
      const cell = { reference: 10_000, current };
      const found = (feature: SimulatedFeature) => {
        const tests = Array.from({ length: windows }, () => testOf(random, feature, cell));
        return {
          sure: rounded(tests.filter(({ p }) => p < LEVEL).length / windows),
          drift: rounded(tests.filter((test) => isDrift(test, LEVEL)).length / windows),
        };
      };
      const ordinal = found(categorical(shares, { now, inOrder: shares.length }));
      const unordered = found(categorical(shares, { now }));
      return {
        M: current,
        change: name,
        windows,
        'sure, ordinal': ordinal.sure,
        'sure, categorical': unordered.sure,
        'drift, ordinal': ordinal.drift,
        'drift, categorical': unordered.drift,
      };
    });
  },
};

function testOf(
  random: Random,
  feature: SimulatedFeature,
  cell: { readonly reference: number; readonly current: number },
) {
  const { reference, window } = feature.draw(random, cell.reference);
  if (reference.kind !== 'categorical') throw new TypeError('these features are categorical');
  return distributionTest(reference, window(random, cell.current));
}
