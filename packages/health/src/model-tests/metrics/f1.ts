import { countWhere, type Metric } from './metric.ts';

export const f1: Metric = {
  answers: 'How well are precision and recall balanced? Their harmonic mean.',
  reads: 'positive',
  better: 'higher',
  compute(pairs) {
    const found = countWhere(pairs, (truth, answer) => truth === 1 && answer === 1);
    const wrong = countWhere(pairs, (truth, answer) => truth !== answer);
    return found + wrong === 0 ? undefined : (2 * found) / (2 * found + wrong);
  },
  knownAnswers: [
    {
      truth: [1, 0, 1, 1, 0, 0, 1, 0, 1, 0],
      answer: [1, 0, 0, 1, 0, 1, 1, 0, 1, 0],
      value: 0.8,
      source: 'scikit-learn 1.9.1',
    },
  ],
};
