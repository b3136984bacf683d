import { mean } from 'simple-statistics';
import { meanOver, type Metric } from './metric.ts';

export const r2: Metric = {
  answers: 'How much of the variation does the model explain? 0 is no better than the mean.',
  reads: 'value',
  better: 'higher',
  compute(pairs) {
    const centre = mean([...pairs.truth]);
    const variance = meanOver(pairs, (truth) => (truth - centre) ** 2);
    return variance === 0 ? undefined : 1 - meanOver(pairs, (truth, value) => (value - truth) ** 2) / variance;
  },
  knownAnswers: [
    {
      truth: [3, -0.5, 2, 7, 4.2],
      answer: [2.5, 0, 2, 8, 5.1],
      value: 0.9244900627615062,
      source: 'scikit-learn 1.9.1',
    },
  ],
};
