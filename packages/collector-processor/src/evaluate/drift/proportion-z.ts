import { type Bin, effectiveRows, totalOf } from './decision/bins.ts';
import { chiSquaredSurvival } from './decision/chi-squared.ts';
import { defineDriftMethod } from './drift-method.ts';

export const proportionZ = defineDriftMethod({
  name: 'proportion-z',
  answers:
    'By how much did the share of the category move that moved most for its number of rows? 0 is identical, 1 is disjoint.',
  kinds: ['categorical'],
  reads: 'categories',
  source:
    'the pooled z-test of two proportions, for each category; its p-value times the number of categories (Bonferroni)',
  customaryLimits: [{ of: 'p', at: 0.05, where: 'Evidently, of two categories' }],
  score: (categories) => mostMoved(categories).change,
  pValue(categories, phi) {
    const { square, tests } = mostMoved(categories);
    return Math.min(1, tests * chiSquaredSurvival(square / phi, 1));
  },
  knownAnswers: [
    {
      reference: { a: 50, b: 50 },
      current: { a: 80, b: 20 },
      score: 0.3,
      p: 8.68771167700004e-6,
      source:
        'the square of z is the statistic of the 2 x 2 table: scipy 1.17.1 stats.chi2_contingency(correction=False)',
    },
    {
      reference: { a: 500, b: 480, c: 20 },
      current: { a: 450, b: 480, c: 70 },
      score: 0.05,
      p: 2.0763379538892798e-7,
      source: 'scipy 1.17.1: 3 · 2 · stats.norm.sf(5.3932), z by hand',
    },
  ],
});

function mostMoved(categories: readonly Bin[]) {
  const rows = totalOf(categories);
  const all = rows.reference + rows.current;
  const present = categories.filter(({ reference, current }) => reference + current > 0);
  let most = { change: 0, square: 0 };
  for (const { reference, current } of present) {
    const change = Math.abs(current / rows.current - reference / rows.reference);
    const pooled = (reference + current) / all;
    if (pooled === 1) continue;
    const square = (effectiveRows(rows) * change ** 2) / (pooled * (1 - pooled));
    if (square > most.square) most = { change, square };
  }
  // What one of two categories gains the other loses.
  return { ...most, tests: present.length === 2 ? 1 : present.length };
}
