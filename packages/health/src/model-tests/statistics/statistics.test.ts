import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialCumulative, mcnemar, proportionInterval } from './binomial.ts';
import { isAtLeast, isAtMost } from './interval.ts';
import { quantileInterval, valuesNeeded } from './quantile-interval.ts';
import { seededRandom } from './random.ts';
import { bootstrapInterval, randomisationTest } from './resampling.ts';
import { theilSen } from './theil-sen.ts';

describe('the binomial distribution, against SciPy 1.17.1', () => {
  it.each([
    [3, 10, 0.5, 0.171875],
    [0, 5, 0.1, 0.59049],
    [990, 1_000, 0.99, 0.5426994078251104],
    [4_999, 10_000, 0.5, 0.49601067693030826],
    [6_900, 7_200, 0.95, 0.9996055978476934],
  ])('P(X ≤ %i of %i at %d) is %d', (successes, trials, probability, expected) => {
    expect(binomialCumulative(successes, trials, probability)).toBeCloseTo(expected, 10);
  });

  it.each([
    [5, 5, 0.47817624989501856, 1],
    [0, 5, 0, 0.5218237501049814],
    [8, 10, 0.4439045376923585, 0.9747892736731665],
    [6_023, 7_200, 0.8277807599566931, 0.8450013843767753],
  ])('%i of %i are %d to %d', (successes, trials, lower, upper) => {
    const interval = proportionInterval(successes, trials, 0.95);
    expect(interval.lower).toBeCloseTo(lower, 9);
    expect(interval.upper).toBeCloseTo(upper, 9);
  });

  it('gives the p of twelve rows lost and three won', () => {
    expect(mcnemar({ lost: 12, won: 3 })).toBeCloseTo(0.017578125, 12);
    expect(mcnemar({ lost: 0, won: 3 })).toBe(1);
  });

  it('is a distribution', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.nat(2_000), probability, (trials, successes, p) => {
        const [here, next] = [successes, successes + 1].map((count) => binomialCumulative(count, trials, p));
        expect(here).toBeGreaterThanOrEqual(0);
        expect(here).toBeLessThanOrEqual((next ?? 0) + 1e-12);
        expect(next).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the interval of a quantile', () => {
  it.each([
    [1_000, 0.99, 983, 997],
    [1_000, 0.95, 936, 964],
    [101, 0.5, 41, 61],
  ])('of %i values at %d is between their ranks by SciPy', (count, quantile, lower, upper) => {
    const ranks = Float64Array.from({ length: count }, (_, index) => index + 1);
    expect(quantileInterval(ranks, quantile, 0.95)).toMatchObject({ lower, upper });
  });

  it('is open above where there are too few values', () => {
    const needed = valuesNeeded(0.99, 0.95);
    expect(needed).toBe(368);
    expect(quantileInterval(new Float64Array(needed - 1), 0.99, 0.95).upper).toBe(Number.POSITIVE_INFINITY);
    expect(quantileInterval(new Float64Array(needed), 0.99, 0.95).upper).toBe(0);
  });

  it('holds the true p95 at least as often as it says', () => {
    const random = seededRandom(7);
    const holds = Array.from({ length: 1_000 }, () => {
      const values = Float64Array.from({ length: 300 }, () => -Math.log(1 - random())).toSorted();
      const { lower, upper } = quantileInterval(values, 0.95, 0.95);
      const truth = -Math.log(0.05);
      return lower <= truth && truth <= upper;
    });
    expect(holds.filter(Boolean).length).toBeGreaterThan(935);
  });
});

describe("Theil and Sen's slope, against SciPy 1.17.1", () => {
  it.each([
    [[1, 3, 2, 5, 5, 6, 20, 8, 7, 10, 11, 12], 1, 0.8333333333333334, 1],
    [[1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4], 1 / 3, 0.25, 1 / 3],
    [Array.from({ length: 40 }, (_, x) => ((x * 37) % 11) + 0.5 * x), 0.5, 0.375, 0.6176470588235294],
  ])('of %j', (values, value, lower, upper) => {
    const interval = theilSen(
      values.map((y, x) => ({ x, y })),
      0.95,
    );
    expect(interval.value).toBeCloseTo(value, 12);
    expect(interval.lower).toBeCloseTo(lower, 12);
    expect(interval.upper).toBeCloseTo(upper, 12);
  });
});

describe('resampling', () => {
  const meanOf = (values: Float64Array) => (rows: Uint32Array) =>
    rows.reduce((sum, row) => sum + (values[row] ?? 0), 0) / rows.length;

  it('holds the true mean about as often as it says', () => {
    const random = seededRandom(11);
    const holds = Array.from({ length: 200 }, () => {
      const values = Float64Array.from({ length: 60 }, () => random());
      const { lower, upper } = bootstrapInterval(60, meanOf(values), 0.95);
      return lower <= 0.5 && 0.5 <= upper;
    });
    expect(holds.filter(Boolean).length).toBeGreaterThan(178);
  });

  it('is the same for the same rows', () => {
    const values = Float64Array.from({ length: 50 }, (_, index) => (index * 31) % 17);
    expect(bootstrapInterval(50, meanOf(values), 0.95)).toEqual(bootstrapInterval(50, meanOf(values), 0.95));
  });

  it('has no interval for what mostly has no value', () => {
    expect(bootstrapInterval(5, () => undefined, 0.95).upper).toBe(Number.POSITIVE_INFINITY);
  });

  it('finds equal versions different no more often than it may, on few rows as on many', () => {
    const random = seededRandom(5);
    for (const rowCount of [4, 40]) {
      const found = Array.from({ length: 300 }, () => {
        const losses = Float64Array.from({ length: rowCount }, () => random() - 0.5);
        const loss = (swapped: Uint8Array) =>
          losses.reduce((sum, one, row) => sum + (swapped[row] === 1 ? -one : one), 0);
        return randomisationTest(rowCount, loss) <= 0.025;
      });
      expect(found.filter(Boolean).length).toBeLessThanOrEqual(16);
    }
  });

  it('agrees with the exact test where there is one', () => {
    const changes = [...Array<number>(12).fill(1), ...Array<number>(3).fill(-1)];
    const loss = (swapped: Uint8Array) => changes.reduce((sum, one, row) => sum + (swapped[row] === 1 ? -one : one), 0);
    expect(randomisationTest(15, loss)).toBeCloseTo(mcnemar({ lost: 12, won: 3 }), 2);
  });
});

describe('a verdict', () => {
  const numbers = fc.double({ min: -1e6, max: 1e6, noNaN: true });

  it('is sure only where the whole interval is on one side', () => {
    fc.assert(
      fc.property(fc.tuple(numbers, numbers, numbers), numbers, (values, limit) => {
        const [lower = 0, value = 0, upper = 0] = values.toSorted((one, other) => one - other);
        const interval = { lower, value, upper };
        expect(isAtMost(interval, limit) === 'ok').toBe(upper <= limit);
        expect(isAtMost(interval, limit) === 'failed').toBe(lower > limit);
        expect(isAtLeast(interval, limit) === 'ok').toBe(lower >= limit);
        expect(isAtLeast(interval, limit) === 'failed').toBe(upper < limit);
      }),
    );
  });
});
