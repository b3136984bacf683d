import { effectiveRows, totalOf } from './decision/bins.ts';
import { type BucketedValues, defineDriftMethod } from './drift-method.ts';
import { crossings } from './statistics/cumulative-shares.ts';
import { kuiperTail } from './statistics/kolmogorov-tail.ts';

export const kuiper = defineDriftMethod({
  name: 'kuiper',
  answers:
    'How far do the cumulative shares part upwards and downwards, added up? 0 is identical, 1 is disjoint; as sensitive at the ends as in the middle.',
  kinds: ['numeric', 'ordinal', 'embedding'],
  reads: 'values',
  source: 'Kuiper, "Tests concerning random points on a circle" (1960), with Stephens\' correction for few rows',
  customaryLimits: [],
  score,
  pValue(values, phi) {
    const root = Math.sqrt(effectiveRows(totalOf(values.buckets)) / phi);
    return kuiperTail((root + 0.155 + 0.24 / root) * score(values));
  },
  bounds: (values) => ({
    lower: score(values),
    upper: spanOf(crossings(values).map(({ mostAbove, mostBelow }) => [mostAbove, mostBelow])),
  }),
  knownAnswers: [
    {
      edges: [1, 2, 3],
      reference: [2, 6, 1, 1],
      current: [4, 1, 4, 1],
      sd: 1,
      tails: { lower: 0, upper: 2 },
      score: 0.5,
      source: 'by hand: 0.2 above after the first bucket, 0.3 below after the second',
    },
  ],
});

function score(values: BucketedValues): number {
  return spanOf(crossings(values).map(({ after }) => [after, -after]));
}

function spanOf(gaps: readonly (readonly [above: number, below: number])[]): number {
  return Math.max(0, ...gaps.map(([above]) => above)) + Math.max(0, ...gaps.map(([, below]) => below));
}
