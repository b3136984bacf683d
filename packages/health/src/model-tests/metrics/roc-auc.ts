import { countWhere, type Metric } from './metric.ts';

export const rocAuc: Metric = {
  answers: 'How often does a positive row get a higher score than a negative one?',
  reads: 'score',
  better: 'higher',
  /** Pairs of a positive and a negative row, a tie counting half (Mann and Whitney 1947). */
  compute(pairs) {
    const positives = countWhere(pairs, (truth) => truth === 1);
    const negatives = pairs.truth.length - positives;
    if (positives === 0 || negatives === 0) return undefined;
    const scoresWhere = (truth: number) => pairs.answer.filter((_, row) => pairs.truth[row] === truth).toSorted();
    const [high, low] = [scoresWhere(1), scoresWhere(0)];
    let [below, upTo, won] = [0, 0, 0];
    for (const score of high) {
      while (below < negatives && (low[below] ?? 0) < score) below += 1;
      while (upTo < negatives && (low[upTo] ?? 0) <= score) upTo += 1;
      won += (below + upTo) / 2;
    }
    return won / (positives * negatives);
  },
  knownAnswers: [
    {
      truth: [1, 0, 1, 1, 0, 0, 1, 0, 1, 0],
      answer: [0.9, 0.2, 0.4, 0.8, 0.3, 0.6, 0.7, 0.1, 0.6, 0.4],
      value: 0.92,
      source: 'scikit-learn 1.9.1',
    },
  ],
};
