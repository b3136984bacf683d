import { populationStabilityIndex } from './decision/population-stability-index.ts';
import { defineDriftMethod } from './drift-method.ts';

export const psi = defineDriftMethod({
  name: 'psi',
  answers: 'How much information tells the two apart? 0 is identical; no upper bound.',
  kinds: ['numeric', 'categorical', 'embedding'],
  reads: 'bins',
  source:
    "Kullback and Leibler's divergence both ways, added up; half a row on both sides of a bin that is empty on one",
  customaryLimits: [
    { of: 'score', at: 0.25, where: 'credit scoring: a large change' },
    { of: 'score', at: 0.1, where: 'credit scoring: a moderate one; Evidently' },
  ],
  score: populationStabilityIndex,
  knownAnswers: [
    {
      reference: { a: 50, b: 50 },
      current: { a: 80, b: 20 },
      score: 0.41588830833596724,
      source: 'by hand: 0.3 ln 1.6 + 0.3 ln 2.5',
    },
    {
      reference: { a: 100, b: 0 },
      current: { a: 90, b: 10 },
      score: 0.31498829533812495,
      source: 'by hand: -0.1 ln 0.9 + (0.105 - 0.005) ln 21',
    },
  ],
});
