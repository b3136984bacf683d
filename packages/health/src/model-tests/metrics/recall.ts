import { countWhere, type Metric, type Pairs, shareOf } from './metric.ts';

const share = (pairs: Pairs) => ({
  successes: countWhere(pairs, (truth, answer) => answer === 1 && truth === 1),
  trials: countWhere(pairs, (truth) => truth === 1),
});

export const recall: Metric = {
  answers: 'How many of the positive rows are found?',
  reads: 'positive',
  better: 'higher',
  compute: (pairs) => shareOf(share(pairs)),
  share,
  knownAnswers: [
    {
      truth: [1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0],
      answer: [1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0],
      value: 0.4,
      source: 'scikit-learn 1.9.1',
    },
  ],
};
