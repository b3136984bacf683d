import { meanOver, type Metric } from './metric.ts';

export const brier: Metric = {
  answers: 'How far are the probabilities from what happened? The mean squared distance.',
  reads: 'score',
  better: 'lower',
  compute: (pairs) => meanOver(pairs, (truth, score) => (score - truth) ** 2),
  knownAnswers: [
    {
      truth: [1, 0, 1, 1, 0, 0, 1, 0, 1, 0],
      answer: [0.9, 0.2, 0.4, 0.8, 0.3, 0.6, 0.7, 0.1, 0.6, 0.4],
      value: 0.132,
      source: 'scikit-learn 1.9.1',
    },
  ],
};
