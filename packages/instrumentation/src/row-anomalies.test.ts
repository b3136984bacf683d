import { numberOf, withProfileId } from '@driftline/sketches';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileOfRows } from '../../../test/support/profile-of-rows.ts';
import { normal, seededProfile, seededRandom } from '../../../test/support/seeded-profile.ts';
import { rowAnomalies } from './row-anomalies.ts';

const random = seededRandom(3);
/** `b` goes with `a`, `c` with nothing. */
const rows = Array.from({ length: 3000 }, () => {
  const common = normal(random);
  return { a: 100 + 5 * common, b: 3 * common + normal(random), c: normal(random) ** 2 };
});
const profile = profileOfRows(rows);
const scorer = rowAnomalies(profile)!;
const apart = rowAnomalies(profileOfRows(rows, { together: false }))!;

/** Where the score is 0: means of values limited to ±3 standard deviations. */
const centre: Readonly<Record<string, number>> = Object.fromEntries(
  profile.coMoments!.features.map((name, i) => {
    const reference = profile.features[name];
    const { mean, sd } = reference?.kind === 'numeric' ? reference : { mean: Number.NaN, sd: Number.NaN };
    return [name, mean + sd * profile.coMoments!.means[i]!];
  }),
);
const away = (direction: Readonly<Record<string, number>>, steps: number): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(centre).map(([name, value]) => [name, value + steps * (direction[name] ?? 0)]));

describe('the score of a row', () => {
  it('is 0 in the middle of the reference, by nothing, and about 1 on the rows of it', () => {
    expect(scorer.score(centre)).toBeCloseTo(0, 9);
    expect(scorer.score(away({ c: 1 }, 3)) ?? 0).toBeGreaterThan(0.5);
    for (const one of [scorer, apart]) {
      const squares = rows.map((row) => one.score(row)! ** 2);
      const typical = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / rows.length);
      expect(typical).toBeGreaterThan(0.8);
      expect(typical).toBeLessThan(1.6);
    }
  });

  it('grows in proportion in every direction', () => {
    const step = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ a: step, b: step, c: step }),
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        (to, steps) => {
          const once = scorer.score(away(to, 1))!;
          expect(scorer.score(away(to, steps))).toBeCloseTo(steps * once, 4);
          if (Math.hypot(to.a, to.b, to.c) > 1e-3) expect(once).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('sees what does not go together, which no feature shows', () => {
    const together = { ...centre, a: 110, b: 6 };
    const torn = { ...centre, a: 110, b: -6 };
    expect(scorer.score(torn)!).toBeGreaterThan(2 * scorer.score(together)!);
    expect(Math.abs(apart.score(torn)! - apart.score(together)!)).toBeLessThan(0.2);
    scorer.score(torn);
    expect(new Set(scorer.topFeatures().slice(0, 2))).toEqual(new Set(['a', 'b']));
  });

  it('names the features behind it, the most first, at most three', () => {
    apart.score({ a: 100, b: 20, c: 30 });
    expect(apart.topFeatures().slice(0, 2)).toEqual(['c', 'b']);
    const many = rowAnomalies(seededProfile({ numericFeatures: 8 }))!;
    many.score(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`x${i}`, i])));
    expect(many.topFeatures()).toEqual(['x7', 'x6', 'x5']);
  });

  it('is in normal quartile ranges from the median where a value is missing, NaN or text', () => {
    const uniform = rowAnomalies(profileOfRows(Array.from({ length: 4000 }, (_, i) => ({ u: i, v: -i }))))!;
    const spread = 2000 / 1.349;
    for (const gone of [undefined, null, Number.NaN, Number.POSITIVE_INFINITY, '12', {}]) {
      expect(uniform.score({ u: 2000 + 2 * spread, v: gone })).toBeCloseTo(2, 1);
      expect(uniform.topFeatures()).toEqual(['u']);
    }
    expect(uniform.score({ u: new Date(2000), v: -2000n })).toBeCloseTo(0, 1);
    expect(uniform.score({})).toBeUndefined();
    expect(uniform.score({ u: 'a', v: 'b' })).toBeUndefined();
  });

  it('is finite, and not negative, whatever a row holds, and the same by columns', () => {
    const value = fc.oneof(fc.double(), fc.bigInt(), fc.date(), fc.anything());
    fc.assert(
      fc.property(fc.record({ a: value, b: value, c: value }, { requiredKeys: [] }), (row) => {
        for (const one of [scorer, apart]) {
          const score = one.score(row);
          const judged = [row.a, row.b, row.c].some((one) => Number.isFinite(numberOf(one)));
          expect(score === undefined).toBe(!judged);
          if (score !== undefined) expect(Number.isFinite(score) && score >= 0).toBe(true);
          const columns = Object.fromEntries(Object.entries(row).map(([name, one]) => [name, [0, one]]));
          expect(one.scoreAt(columns, 1)).toBe(score);
          expect(one.topFeatures().length).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  it('survives a feature that is another one, and leaves a constant out', () => {
    const doubled = rowAnomalies(profileOfRows(rows.map((row) => ({ ...row, copy: 2 * row.a + 1, fixed: 7 }))))!;
    const complete = { a: 105, b: 3, c: 1, copy: 211 };
    const usual = doubled.score(complete)!;
    expect(usual).toBeLessThan(3);
    expect(doubled.score({ ...complete, fixed: 9 })).toBe(usual);
    expect(doubled.score({ ...complete, copy: 190 })!).toBeGreaterThan(10 * usual);
    expect(doubled.topFeatures().slice(0, 2).toSorted()).toEqual(['a', 'copy']);
    expect(rowAnomalies(profileOfRows([{ fixed: 1 }, { fixed: 1 }], { together: false }))).toBeUndefined();
  });

  it('takes features one by one where the correlations of a profile can belong to no rows', () => {
    const { coMoments, ...others } = profile;
    const sums = [3000, 2700, 3000, 2700, -2700, 3000];
    const broken = rowAnomalies(withProfileId({ ...others, coMoments: { ...coMoments!, sums, means: [0, 0, 0] } }))!;
    expect(broken.score(rows[5]!)).toBe(apart.score(rows[5]!));
  });
});
