import { totalOf } from './decision/bins.ts';
import { defineDriftMethod } from './drift-method.ts';

export const kolmogorovSmirnov = defineDriftMethod({
  name: 'kolmogorov-smirnov',
  answers: 'How far do the cumulative shares part at most? 0 is identical, 1 is disjoint; buckets give a lower bound.',
  reads: 'values',
  score({ buckets }) {
    const rows = totalOf(buckets);
    let gap = 0;
    let widest = 0;
    for (const { reference, current } of buckets) {
      gap += current / rows.current - reference / rows.reference;
      widest = Math.max(widest, Math.abs(gap));
    }
    return widest;
  },
  knownAnswers: [
    {
      edges: [1, 2, 3],
      reference: [4, 3, 2, 1],
      current: [1, 2, 3, 4],
      sd: 1,
      tails: { lower: 0, upper: 2 },
      score: 0.4,
      source: 'scipy 1.17.1 stats.ks_2samp on the values 1, 2, 3, 4 with these counts',
    },
  ],
});
