import { meanOver, type Metric } from './metric.ts';

export const logLoss: Metric = {
  answers: 'How surprised was the model by the truth? Being sure and wrong costs most.',
  reads: 'score',
  better: 'lower',
  compute: (pairs) =>
    meanOver(pairs, (truth, score) => {
      const ofTruth = truth === 1 ? score : 1 - score;
      // Surely wrong would be infinitely wrong, and one row would hide all others.
      return -Math.log(Math.min(1, Math.max(Number.EPSILON, ofTruth)));
    }),
  knownAnswers: [
    {
      truth: [1, 0, 1, 1, 0, 0, 1, 0, 1, 0],
      answer: [0.9, 0.2, 0.4, 0.8, 0.3, 0.6, 0.7, 0.1, 0.6, 0.4],
      value: 0.42245907331018284,
      source: 'scikit-learn 1.9.1',
    },
    { truth: [1, 0], answer: [0, 0.5], value: 18.36840028483855, source: 'scikit-learn 1.9.1' },
  ],
};
