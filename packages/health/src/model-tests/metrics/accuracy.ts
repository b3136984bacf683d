import { countWhere, type Metric, type Pairs, shareOf } from './metric.ts';

const isRight = (truth: number, answer: number) => truth === answer;

const share = (pairs: Pairs) => ({
  successes: countWhere(pairs, isRight),
  trials: pairs.truth.length,
});

export const accuracy: Metric = {
  answers: 'How many rows get the right class?',
  reads: 'class',
  better: 'higher',
  compute: (pairs) => shareOf(share(pairs)),
  isRight,
  share,
  knownAnswers: [{ truth: [2, 0, 1, 2, 0], answer: [2, 0, 2, 2, 1], value: 0.6, source: 'scikit-learn 1.9.1' }],
};
