import { countWhere, type Metric, type Pairs, shareOf } from './metric.ts';

const share = (pairs: Pairs) => ({
  successes: countWhere(pairs, (truth, answer) => answer === 1 && truth === 1),
  trials: countWhere(pairs, (_, answer) => answer === 1),
});

export const precision: Metric = {
  answers: 'How many of those called positive are?',
  reads: 'positive',
  better: 'higher',
  compute: (pairs) => shareOf(share(pairs)),
  share,
  knownAnswers: [
    {
      truth: [1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0],
      answer: [1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0],
      value: 0.5,
      source: 'by hand: 2 of 4',
    },
  ],
};
