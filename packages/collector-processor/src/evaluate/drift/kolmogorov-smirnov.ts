import { effectiveRows, totalOf } from './decision/bins.ts';
import { type BucketedValues, defineDriftMethod } from './drift-method.ts';
import { crossings } from './statistics/cumulative-shares.ts';
import { kolmogorovTail } from './statistics/kolmogorov-tail.ts';

export const kolmogorovSmirnov = defineDriftMethod({
  name: 'kolmogorov-smirnov',
  answers: 'How far do the cumulative shares part at most? 0 is identical, 1 is disjoint; buckets give a lower bound.',
  kinds: ['numeric', 'ordinal', 'embedding'],
  reads: 'values',
  source: 'Smirnov (1939), with the limiting distribution at N·M/(N+M) rows; too careful where values repeat',
  customaryLimits: [
    { of: 'p', at: 0.05, where: 'Evidently, whylogs' },
    { of: 'score', at: 0.2, where: 'Deepchecks' },
  ],
  score,
  pValue: (values, phi) => kolmogorovTail(Math.sqrt(effectiveRows(totalOf(values.buckets)) / phi) * score(values)),
  bounds: (values) => ({
    lower: score(values),
    upper: crossings(values).reduce((widest, { most }) => Math.max(widest, most), 0),
  }),
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

function score(values: BucketedValues): number {
  return crossings(values).reduce((widest, { after }) => Math.max(widest, Math.abs(after)), 0);
}
