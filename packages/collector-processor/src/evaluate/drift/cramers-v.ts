import { totalOf } from './decision/bins.ts';
import { tableTest } from './decision/table-test.ts';
import { defineDriftMethod } from './drift-method.ts';

export const cramersV = defineDriftMethod({
  name: 'cramers-v',
  answers:
    'How much does the bin tell of which sample a row is from, the bias of few rows taken off? 0 is nothing, 1 is all.',
  kinds: ['numeric', 'categorical', 'embedding'],
  reads: 'bins',
  source: 'Bergsma, "A bias-correction for Cramér\'s V and Tschuprow\'s T" (2013)',
  customaryLimits: [{ of: 'score', at: 0.2, where: 'Deepchecks' }],
  score(bins) {
    const { x2, degreesOfFreedom } = tableTest(bins);
    const rows = totalOf(bins);
    const others = rows.reference + rows.current - 1;
    const association = Math.max(0, x2 / (others + 1) - degreesOfFreedom / others);
    // Two samples by so many bins; either may shrink to nothing where rows are fewer than bins.
    const room = Math.min(1 - 1 / others, degreesOfFreedom - degreesOfFreedom ** 2 / others);
    return room > 0 ? Math.min(1, Math.sqrt(association / room)) : 0;
  },
  knownAnswers: [
    {
      reference: { a: 50, b: 50 },
      current: { a: 80, b: 20 },
      score: 0.307165,
      source: 'by hand: √((0.0989011 - 1/199) / (1 - 1/199))',
    },
  ],
});
