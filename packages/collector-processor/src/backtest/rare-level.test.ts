import { array, assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../reference/seeded-random.ts';
import { poissonBound, rareLevel } from './rare-level.ts';

describe('how many events may be expected where so many came', () => {
  /** Table 40 of Pearson and Hartley, Biometrika Tables for Statisticians, vol. 1: upper limits at 0.95, one-sided. */
  it.each([
    [0, 3.0],
    [1, 4.74],
    [2, 6.3],
    [3, 7.75],
    [5, 10.51],
    [10, 16.96],
    [30, 40.69],
  ])('%d came: fewer than %d', (events, bound) => expect(poissonBound(events)).toBeCloseTo(bound, 1));
});

/** Sizes above 0.1, so many a month. */
const PEAKS_A_MONTH = 30;

interface Tail {
  readonly name: string;
  /** Of a size, by a number in (0, 1). */
  readonly quantile: (share: number) => number;
  /** How rarely a size passes the level. */
  readonly survival: (level: number) => number;
}

const exponential: Tail = {
  name: 'exponential sizes',
  quantile: (share) => 0.1 - 0.05 * Math.log(1 - share),
  survival: (level) => Math.exp(-(level - 0.1) / 0.05),
};
const bounded: Tail = {
  name: 'sizes that end somewhere',
  quantile: (share) => 0.1 + 0.3 * share ** 2,
  survival: (level) => 1 - Math.sqrt(Math.min(1, (level - 0.1) / 0.3)),
};

describe.each([exponential, bounded])('a level for $name', ({ quantile, survival }) => {
  it.each([
    { months: 0.5, perMonth: 0.05, basis: 'tail' },
    { months: 6, perMonth: 0.08, basis: 'tail' },
    { months: 60, perMonth: 0.08, basis: 'bound' },
    { months: 12, perMonth: 2, basis: 'bound' },
  ] as const)('keeps to $perMonth a month after $months months in 9 of 10 histories', ({ months, perMonth, basis }) => {
    const random = seededRandom(1);
    const count = Math.round(PEAKS_A_MONTH * months);
    const rates = Array.from({ length: 400 }, () => {
      const peaks = Array.from({ length: count }, () => quantile(random()));
      const { level, ...told } = rareLevel(peaks, { months, perMonth });
      expect(told.basis).toBe(basis);
      return PEAKS_A_MONTH * survival(level);
    });
    expect(rates.filter((rate) => rate <= perMonth).length / rates.length).toBeGreaterThan(0.9);
  });
});

it('is not far above the true one where there is much history', () => {
  const random = seededRandom(2);
  const levels = Array.from({ length: 200 }, () => {
    const peaks = Array.from({ length: 360 }, () => exponential.quantile(random()));
    return rareLevel(peaks, { months: 12, perMonth: 0.08 }).level;
  }).toSorted((one, other) => one - other);
  const truth = 0.1 + 0.05 * Math.log(PEAKS_A_MONTH / 0.08);
  expect(levels[100]).toBeGreaterThan(truth);
  expect(levels[100]).toBeLessThan(1.35 * truth);
});

it('is the largest where there are too few for a tail, and nothing where nothing was seen', () => {
  expect(rareLevel([0.3, 0.2], { months: 1, perMonth: 1 })).toEqual({ level: 0.3, basis: 'largest' });
  expect(rareLevel([], { months: 1, perMonth: 1 })).toEqual({ level: 0, basis: 'nothing seen' });
});

it('never falls as the wished rate falls, and is never below what too short a history has seen', () => {
  const sizes = array(double({ min: 0.01, max: 5, noNaN: true }), { minLength: 1, maxLength: 60 });
  assert(
    property(
      sizes,
      double({ min: 0.01, max: 100, noNaN: true }),
      double({ min: 0.001, max: 10, noNaN: true }),
      (peaks, months, perMonth) => {
        const { level, basis } = rareLevel(peaks, { months, perMonth });
        const rarer = rareLevel(peaks, { months, perMonth: perMonth / 2 });
        expect(rarer.level).toBeGreaterThanOrEqual(level);
        if (basis !== 'bound') expect(level).toBeGreaterThanOrEqual(Math.max(...peaks));
      },
    ),
  );
});
