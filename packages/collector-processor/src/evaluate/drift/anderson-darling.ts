import { effectiveRows, totalOf } from './decision/bins.ts';
import { type BucketedValues, defineDriftMethod } from './drift-method.ts';
import { type Crossing, crossings } from './statistics/cumulative-shares.ts';
import { andersonDarlingForm, tailOf } from './statistics/quadratic-tail.ts';

export const andersonDarling = defineDriftMethod({
  name: 'anderson-darling',
  answers:
    'How far do the cumulative shares part, squared, where the tails weigh as much as the middle? 0 is identical; no upper bound.',
  kinds: ['numeric', 'embedding'],
  reads: 'values',
  source:
    'Scholz and Stephens, "K-sample Anderson-Darling tests" (1987), their midrank form where values repeat: A² is this times N·M/(N+M)',
  customaryLimits: [{ of: 'p', at: 0.05, where: 'Evidently' }],
  score,
  pValue: (values, phi) => tailOf(andersonDarlingForm, (effectiveRows(totalOf(values.buckets)) / phi) * score(values)),
  knownAnswers: [
    {
      edges: [0, 1],
      reference: [0, 10, 0],
      current: [0, 0, 10],
      sd: 1,
      tails: { lower: 0, upper: 1 },
      score: 8 * Math.log(2) - 4,
      source: 'by hand: disjoint, twice ∫ (2h)² / (h(1 - h)) dh from 0 to 1/2',
    },
  ],
});

function score(values: BucketedValues): number {
  return crossings(values).reduce((sum, crossing) => sum + (crossing.share > 0 ? weighed(crossing) : 0), 0);
}

/** ∫ gap² / (h(1 - h)) over the shares h of all rows that lie in the bucket. */
function weighed({ below, share, before, after, isAtom }: Crossing): number {
  const upTo = Math.min(1, below + share);
  if (isAtom) {
    const middle = below + share / 2;
    const weight = middle * (1 - middle) - share / 4;
    return weight > 0 ? (share * ((before + after) / 2) ** 2) / weight : 0;
  }
  const slope = (after - before) / share;
  const atNone = below > 0 ? before - slope * below : 0;
  const atAll = upTo < 1 ? after + slope * (1 - upTo) : 0;
  const lowerEnd = atNone === 0 ? 0 : atNone ** 2 * Math.log(upTo / below);
  const upperEnd = atAll === 0 ? 0 : atAll ** 2 * Math.log((1 - below) / (1 - upTo));
  return Math.max(0, lowerEnd + upperEnd - slope ** 2 * share);
}
