import { meanOver, type Metric } from './metric.ts';

export const mae: Metric = {
  answers: 'How far off is the model, on average?',
  reads: 'value',
  better: 'lower',
  compute: (pairs) => meanOver(pairs, (truth, value) => Math.abs(value - truth)),
  knownAnswers: [
    { truth: [3, -0.5, 2, 7, 4.2], answer: [2.5, 0, 2, 8, 5.1], value: 0.58, source: 'scikit-learn 1.9.1' },
  ],
};
