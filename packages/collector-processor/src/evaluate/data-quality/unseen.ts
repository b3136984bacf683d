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
    const singles = Object.hasOwn(categories, otherCategory)
      ? 0
      : Object.values(categories).filter((count) => count === 1).length;
    const reference = Object.values(categories).reduce((sum, count) => sum + count, 0);
    const missing = ['missing', 'not_a_number', 'wrong_type'].reduce(
      (sum, status) => sum + (statuses.get(status) ?? 0),
      0,
    );
    return {
      ratio,
      rows,
      comparison: {
        kind: 'test',
        hits: { reference: singles, current },
        rows: { reference, current: rows - missing },
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
