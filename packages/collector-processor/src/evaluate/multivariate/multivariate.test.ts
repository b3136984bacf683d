import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CoMomentReference, CoMoments } from '@driftline/sketches';
import { CoMomentReferenceCounter } from '../../reference/co-moment-reference.ts';
import { seededRandom } from '../../reference/seeded-random.ts';
import { compareMoments, type MomentsReference, type NamedMoments } from './compared-moments.ts';
import { correlationShift } from './correlation-shift.ts';
import { judgeMultivariate, levelsOf, pairMoments } from './multivariate.ts';
import { reconstructionError } from './reconstruction-error.ts';

const features = ['x', 'y', 'copy of x', 'constant'].map((name) => ({ name, mean: 0, sd: Math.sqrt(1 / 3) }));
const random = seededRandom(1);
const row = () => {
  const [x, y] = [2 * random() - 1, 2 * random() - 1];
  return [x, y, x, 0];
};

function profile(): CoMomentReference {
  const counter = new CoMomentReferenceCounter(features, seededRandom(2));
  for (let i = 0; i < 2000; i++) counter.record(row(), -1);
  const built = counter.reference();
  if (built === undefined) throw new Error('no rows');
  return built;
}

const built = profile();
const reference = { id: 'sha256:0', ...built, names: built.features, shape: built };

function windowOf(rows: number, change: (values: number[]) => number[] = (values) => values): NamedMoments {
  const moments = new CoMoments(features);
  for (let i = 0; i < rows; i++) moments.record(change(row()));
  return { names: built.features, count: moments.count, means: moments.means, sums: moments.sums };
}

function pairsOf(window: NamedMoments, designEffect?: number, known: MomentsReference = reference) {
  return pairMoments([{ ...window, referenceId: 'a' }], {
    horizon: 'window',
    isIgnored: () => false,
    designEffect,
    referenceOf: () => known,
  });
}

describe('how features go together', () => {
  it('is judged among those that vary, copies of each other too', () => {
    const compared = compareMoments(reference, windowOf(500));
    expect(compared && correlationShift(compared, 0.01)).toMatchObject({ state: 'ok', testedPairs: 3, pairs: [] });
  });

  it('names the pair when a copy is one no more', () => {
    const compared = compareMoments(
      reference,
      windowOf(500, ([x = 0, y = 0]) => [x, y, 2 * random() - 1, 0]),
    );
    const shift = compared && correlationShift(compared, 0.01);
    expect(shift).toMatchObject({ state: 'drift', pairs: [{ features: ['x', 'copy of x'] }] });
    expect(shift?.direction).toMatch(/^x and copy of x 1 → -?0(\.\d+)?$/);
  });

  it('has too few rows below a hundred', () => {
    const compared = compareMoments(reference, windowOf(99));
    expect(compared && correlationShift(compared, 0.01)).toMatchObject({ state: 'insufficient_data', testedPairs: 0 });
    expect(compared && reconstructionError(compared)).toBeUndefined();
  });

  it('needs as many rows as the settings say', () => {
    const pairs = pairsOf(windowOf(300));
    expect(judgeMultivariate(pairs, { alpha: 0.01, minRows: 300 })?.correlation.state).toBe('ok');
    expect(judgeMultivariate(pairs, { alpha: 0.01, minRows: 301 })?.correlation.state).toBe('insufficient_data');
  });

  it('counts rows for fewer where users are known to have many', () => {
    const window = windowOf(400, ([x = 0, y = 0]) => [x + y / 5, y, x, 0]);
    const sure = (designEffect?: number, known: MomentsReference = reference) =>
      judgeMultivariate(pairsOf(window, designEffect, known), { alpha: 0.01, minRows: 100 })?.correlation.p;
    const { shape: _, reconstruction: __, ...captured } = reference;
    expect(sure(3)).toBeGreaterThan(10 * (sure() ?? 1));
    expect(sure(3, captured)).toBeGreaterThan(2 * (sure(undefined, captured) ?? 1));
    // What is known beforehand stands in the place of what was measured.
    const measured = { ...reference, shape: { ...reference.shape, phi: reference.shape.variances.map(() => 50) } };
    expect(sure(3, measured)).toBe(sure(3));
    expect(sure(undefined, measured)).toBeGreaterThan(sure(3) ?? 1);
  });

  it('is compared over the features that both have, in whatever order', () => {
    const { count } = windowOf(500);
    const other = { names: ['z', 'y', 'x'], count, means: [0, 0, 0], sums: [1, 0, 100, 0, -90, 100] };
    const compared = compareMoments(reference, other);
    expect(compared?.names).toEqual(['x', 'y']);
    expect(compared?.current.correlation(0, 1)).toBeCloseTo(-0.9, 12);
    expect(compareMoments(reference, { ...other, names: ['z', 'w', 'x'] })).toBeUndefined();
  });

  it('judges what was captured, of whose rows little is known, with more doubt', () => {
    const { shape: _, reconstruction: __, ...captured } = reference;
    const shift = (known: typeof captured) => {
      const compared = compareMoments(
        known,
        windowOf(1500, ([x = 0, y = 0]) => [x, y, 2 * random() - 1, 0]),
      );
      return compared && correlationShift(compared, 0.01);
    };
    expect(shift(captured)).toMatchObject({ state: 'drift', calibrated: false });
    expect(shift(reference)).toMatchObject({ state: 'drift', calibrated: true });
  });

  it('stays finite whatever a sender reports', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    const reported = fc.record({
      count: fc.nat(100_000),
      means: fc.array(number, { minLength: 4, maxLength: 4 }),
      sums: fc.array(fc.oneof(number, fc.constant(0)), { minLength: 10, maxLength: 10 }),
    });
    fc.assert(
      fc.property(reported, (moments) => {
        const compared = compareMoments(reference, { names: built.features, ...moments });
        if (compared === undefined) throw new Error('all features are in both');
        const { pairs, size, frobenius, p } = correlationShift(compared, 1e-6);
        const error = reconstructionError(compared)?.error ?? 0;
        const told = pairs.flatMap(({ reference, current }) => [reference, current]);
        expect([size, frobenius, p, error, ...told].every(Number.isFinite)).toBe(true);
        expect(told.every((correlation) => Math.abs(correlation) <= 1)).toBe(true);
      }),
    );
  });

  it('takes its level from that of the features', () => {
    const { features, correlation } = levelsOf(0.01, true);
    expect(features + correlation).toBeCloseTo(0.01, 15);
    expect(levelsOf(0.01, false)).toEqual({ features: 0.01, correlation: 0 });
  });
});
