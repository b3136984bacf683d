import { tableTest } from './decision/table-test.ts';
import { chiSquaredSurvival } from './decision/chi-squared.ts';
import { defineDriftMethod } from './drift-method.ts';

export const chiSquared = defineDriftMethod({
  name: 'chi-squared',
  answers:
    'Would chance alone fill the bins so differently? The statistic of the table of both samples: it grows with the rows, so read its p-value.',
  kinds: ['numeric', 'categorical', 'embedding'],
  reads: 'bins',
  source: 'Pearson (1900), as a contingency table: the reference is a sample too',
  customaryLimits: [{ of: 'p', at: 0.05, where: 'Evidently, NannyML, whylogs' }],
  score: (bins) => tableTest(bins).x2,
  pValue(bins, phi) {
    const { x2, degreesOfFreedom } = tableTest(bins);
    return degreesOfFreedom < 1 ? 1 : chiSquaredSurvival(x2 / phi, degreesOfFreedom);
  },
  knownAnswers: [
    {
      reference: { a: 50, b: 50 },
      current: { a: 80, b: 20 },
      score: 19.78021978021978,
      p: 8.68771167700004e-6,
      source: 'scipy 1.17.1 stats.chi2_contingency(correction=False)',
    },
  ],
});
