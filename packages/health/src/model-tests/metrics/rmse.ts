import { meanOver, type Metric } from './metric.ts';

export const rmse: Metric = {
  answers: 'How far off is the model, where being far off counts more?',
  reads: 'value',
  better: 'lower',
  compute: (pairs) => Math.sqrt(meanOver(pairs, (truth, value) => (value - truth) ** 2)),
  knownAnswers: [
    {
      truth: [3, -0.5, 2, 7, 4.2],
      answer: [2.5, 0, 2, 8, 5.1],
      value: 0.679705818718657,
      source: 'scikit-learn 1.9.1',
    },
  ],
};
