import type { CategoricalReference } from '@driftline/sketches';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairCounts } from './bins.ts';
import { categoricalTest } from './categorical-test.ts';
import { judge, type Judgement } from './judge.ts';
import { locationSpreadTest } from './location-spread.ts';
import { hasRanks, ordinalTest } from './ordinal-test.ts';

const order = ['none', 'low', 'medium', 'high', 'extreme'];
const before = [1000, 2000, 4000, 2000, 1000];

describe('an ordinal feature', () => {
  it('is ok while nothing changes, and says how it was judged', () => {
    const verdict = judgeOne([100, 200, 400, 200, 100]);
    expect(verdict).toMatchObject({ state: 'ok', kind: 'categorical', direction: 'unchanged' });
    expect(verdict?.judgedBy).toMatchObject({
      summary: '5 ordered categories',
      tests: ['chi-squared', 'fisher-exact', 'location-spread'],
      explanation: expect.stringMatching(/^ordinal, "none" to "extreme": location and spread of the ranks with half/),
    });
  });

  it.each([
    ['higher', [60, 140, 380, 260, 160]],
    ['lower', [160, 260, 380, 140, 60]],
    ['wider', [200, 200, 200, 200, 200]],
    ['narrower', [20, 180, 600, 180, 20]],
  ])('says that its rows are %s, and names the category that moved most', (direction, now) => {
    const verdict = judgeOne(now);
    expect(verdict).toMatchObject({ state: 'drift', part: 'distribution' });
    expect(verdict?.direction).toMatch(new RegExp(`^${direction}, category ".+" (more|less) frequent$`));
  });

  it('finds a small move of every row that categories without an order do not show', () => {
    const many = Array.from({ length: 20 }, (_, i) => `step ${i}`);
    const rows = many.map(() => 500);
    const now = many.map((_, i) => 6 + Math.round(i * 0.9));
    const pairs = new Map(pairCounts(rows, now).map((bin, i) => [many[i] ?? '', bin]));
    expect(categoricalTest(pairs).p).toBeGreaterThan(1e-5);
    expect(ordinalTest(pairs, [...pairs.values()]).p).toBeLessThan(1e-6);
  });

  it('drifts by a category that has no place in its order, which it names', () => {
    const verdict = judgeOne([97, 194, 388, 194, 97], { _unseen: 30 });
    expect(verdict).toMatchObject({ state: 'drift', direction: 'category "_unseen" more frequent' });
  });

  it('is judged as any categories where its order has too few rows or categories', () => {
    expect(judgeOne([10, 20, 40, 0, 0], { _unseen: 900 })).toMatchObject({
      state: 'drift',
      direction: 'category "_unseen" more frequent',
      judgedBy: { tests: ['chi-squared', 'fisher-exact'], explanation: expect.stringContaining('too few rows') },
    });
    const two = { kind: 'categorical', categories: { no: 500, yes: 500 }, order: ['no', 'yes'], missing: 0 } as const;
    const current = {
      kind: 'categorical',
      categories: new Map([
        ['no', 40],
        ['yes', 160],
      ]),
      missing: 0,
    } as const;
    const [verdict] = judge({ features: [{ name: 'member', reference: two, current }], alpha: 0.01 });
    expect(verdict).toMatchObject({
      state: 'drift',
      direction: 'higher, category "yes" more frequent',
      judgedBy: { tests: ['fisher-exact'] },
    });
  });

  it('is decided by a fixed limit of a method that reads an order, and by none that reads a mean', () => {
    const now = [60, 140, 380, 260, 160];
    const limits = { 'kolmogorov-smirnov': { of: 'score', at: 0.1 } } as const;
    expect(judgeOne(now, {}, { limits })).toMatchObject({ state: 'drift', judgedBy: { limit: { score: 0.12 } } });
    const ofMeans = judgeOne(now, {}, { limits: { 'mean-shift': { of: 'score', at: 0.01 } } });
    expect(ofMeans?.judgedBy).not.toHaveProperty('limit');
  });

  const counts = fc.array(fc.nat(5000), { minLength: 5, maxLength: 5 });

  it('has a p-value and a size of any counts, and twice the smaller p of its two questions', () => {
    fc.assert(
      fc.property(counts, counts, fc.nat(50), fc.double({ min: 1, max: 20, noNaN: true }), (was, is, beside, phi) => {
        const pairs = new Map(pairCounts([...was, 3], [...is, beside]).map((bin, i) => [order[i] ?? '_unseen', bin]));
        const ordered = [...pairs.values()].slice(0, 5);
        const { p, size, direction } = ordinalTest(pairs, ordered, phi);
        const anyOrder = categoricalTest(pairs, phi).p;
        const either = Math.min(1, 2 * Math.min(anyOrder, locationSpreadTest(ordered, phi).p));
        const expected = hasRanks(ordered, phi) ? either : anyOrder;
        expect(p).toSatisfy((value: number) => value >= 0 && value <= 1);
        expect(Math.abs(p - expected)).toBeLessThanOrEqual(1e-9 * expected);
        expect(size).toSatisfy((value: number) => Number.isFinite(value) && value >= 0);
        expect(direction).not.toBe('');
      }),
    );
  });

  it('says the opposite of the opposite order, as surely', () => {
    fc.assert(
      fc.property(counts, (is) => {
        const [there, back] = [order, order.toReversed()].map((one) => judgeOne(is, {}, {}, one));
        const p = there?.p ?? Number.NaN;
        expect(Math.abs(p - (back?.p ?? 0))).toBeLessThanOrEqual(1e-9 * p);
        expect(back?.direction.startsWith('lower')).toBe(there?.direction.startsWith('higher'));
      }),
    );
  });
});

function judgeOne(
  now: readonly number[],
  beside: Readonly<Record<string, number>> = {},
  more: Pick<Judgement['features'][number], 'limits'> = {},
  inOrder: readonly string[] = order,
) {
  const named = (counts: readonly number[]) => order.map((name, i) => [name, counts[i] ?? 0] as const);
  const reference: CategoricalReference = {
    kind: 'categorical',
    categories: Object.fromEntries(named(before)),
    order: inOrder,
    missing: 0,
  };
  const categories = new Map([...named(now), ...Object.entries(beside)]);
  const [verdict] = judge({
    features: [{ name: 'pain', reference, current: { kind: 'categorical', categories, missing: 0 }, ...more }],
    alpha: 1e-4,
  });
  return verdict;
}
