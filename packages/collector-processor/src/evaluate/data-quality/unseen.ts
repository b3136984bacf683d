import { otherCategory } from '@driftline/sketches';
import { ofCategories } from './known-evidence.ts';
import { defineQualityRule } from './quality-rule.ts';

export const unseen = defineQualityRule({
  about: 'feature',
  name: 'unseen',
  asks: 'Do more rows have a category that the reference lacks than chance brings?',
  needs: 'statuses; categories of a profile or of a declaration',
  judgedBy: 'exact test against the reference’s categories that occur once (Good and Turing)',
  defaults: { margin: 0.005 },
  read({ rows, statuses, compared }) {
    const current = statuses.get('unseen') ?? 0;
    if (rows === 0 || (compared?.kind !== 'categorical' && current === 0)) return undefined;
    const ratio = current / rows;
    if (compared?.kind !== 'categorical') return { ratio, rows };
    const { categories } = compared.reference;
    // Each row of the reference whose category occurs once would be unseen to all the others (Good, "The population
    // frequencies of species", 1953). What it folded into `_other` is no longer unseen to anybody.
    const isFolded = Object.hasOwn(categories, otherCategory);
    const ofCount = (wanted: number) =>
      isFolded ? 0 : Object.values(categories).filter((count) => count === wanted).length;
    const reference = Object.values(categories).reduce((sum, count) => sum + count, 0);
    const singles = ofCount(1);
    const inflation = estimateInflation({ singles, pairs: ofCount(2), rows: reference });
    const missing = ['missing', 'not_a_number', 'wrong_type'].reduce(
      (sum, status) => sum + (statuses.get(status) ?? 0),
      0,
    );
    return {
      ratio,
      rows,
      comparison: {
        kind: 'test',
        hits: { reference: singles / inflation, current },
        rows: { reference: reference / inflation, current: rows - missing },
        part: 'distribution',
      },
    };
  },
  knownAnswers: [
    {
      says: '25 of 1,000 rows are unseen and 100 missing, where 2 of 2,000 had a category alone',
      given: {
        statuses: new Map([
          ['valid', 875],
          ['unseen', 25],
          ['missing', 100],
        ]),
        compared: ofCategories({ CA: 1500, NY: 498, TX: 1, WY: 1 }),
      },
      answer: { ratio: 0.025, test: { hits: { reference: 2, current: 25 }, rows: { reference: 2000, current: 900 } } },
    },
    {
      // f1(1 - f1/n) is 1.998, so that each row counts for 1 / (1 + 2/1.998).
      says: 'a category that occurs twice makes the reference less certain',
      given: {
        statuses: new Map([
          ['valid', 975],
          ['unseen', 25],
        ]),
        compared: ofCategories({ CA: 1500, NY: 496, OH: 2, TX: 1, WY: 1 }),
      },
      answer: {
        ratio: 0.025,
        test: {
          hits: { reference: 2 / (1 + 2 / 1.998), current: 25 },
          rows: { reference: 2000 / (1 + 2 / 1.998), current: 1000 },
        },
      },
    },
    {
      says: 'a reference that folded what occurs once: nobody can tell',
      given: {
        statuses: new Map([
          ['valid', 990],
          ['unseen', 10],
        ]),
        compared: ofCategories({ CA: 1998, WY: 1, [otherCategory]: 1 }),
      },
      answer: { ratio: 0.01, test: { hits: { reference: 0, current: 10 }, rows: { reference: 2000, current: 1000 } } },
    },
    {
      says: 'declared categories and no reference',
      given: {
        statuses: new Map([
          ['valid', 700],
          ['unseen', 300],
        ]),
      },
      answer: { ratio: 0.3 },
    },
    { says: 'nothing unseen and no reference', given: {}, answer: undefined },
  ],
});

/**
 * By how much the share of singles varies more about the share that is unseen than hits among as many rows would: categories
 * that occur twice might as well have occurred once, or be unseen. Esty, "A normal limit law for a nonparametric
 * estimator of the coverage of a random sample" (1983): the variance is (f1(1 - f1/n) + 2 f2) / n².
 */
function estimateInflation(of: { readonly singles: number; readonly pairs: number; readonly rows: number }): number {
  const { singles, pairs, rows } = of;
  return pairs === 0 ? 1 : 1 + (2 * pairs) / Math.max(1, singles * (1 - singles / rows));
}
