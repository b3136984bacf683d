import { effectiveRows, totalOf } from './decision/bins.ts';
import { type BucketedValues, defineDriftMethod } from './drift-method.ts';
import { crossings } from './statistics/cumulative-shares.ts';
import { cramerVonMisesForm, tailOf } from './statistics/quadratic-tail.ts';

export const cramerVonMises = defineDriftMethod({
  name: 'cramer-von-mises',
  answers: 'How far do the cumulative shares part, squared, on average over all rows? 0 is identical, 1/3 is disjoint.',
  kinds: ['numeric', 'ordinal', 'embedding'],
  reads: 'values',
  source:
    'Anderson, "On the distribution of the two-sample Cramér-von Mises criterion" (1962): T is this times N·M/(N+M)',
  customaryLimits: [],
  score,
  pValue: (values, phi) => tailOf(cramerVonMisesForm, (effectiveRows(totalOf(values.buckets)) / phi) * score(values)),
  bounds: (values) => ({
    lower: crossings(values).reduce((sum, { share, least }) => sum + share * least ** 2, 0),
    upper: crossings(values).reduce((sum, { share, most }) => sum + share * most ** 2, 0),
  }),
  knownAnswers: [
    {
      edges: [-1, 0],
      reference: [0, 10, 0],
      current: [0, 0, 10],
      sd: 1,
      tails: { lower: 0, upper: 1 },
      score: 1 / 3,
      source: 'by hand: the gap grows from 0 to 1 over the first half of the rows and falls over the other',
    },
  ],
});

/** Inside a bucket the gap is taken to change evenly from row to row; rows of one value all have the gap after it. */
function score(values: BucketedValues): number {
  return crossings(values).reduce(
    (sum, { share, before, after, isAtom }) =>
      sum + share * (isAtom ? after ** 2 : (before ** 2 + before * after + after ** 2) / 3),
    0,
  );
}
