import { type BucketedValues, defineDriftMethod } from './drift-method.ts';
import { clippedBuckets, momentsOf } from './statistics/clipped-values.ts';
import { studentTwoSided } from './statistics/student-t.ts';

export const meanShift = defineDriftMethod({
  name: 'mean-shift',
  answers:
    'How far did the mean move, in standard deviations of the reference? Rows stand in the middle of their bucket, within its 0.1 %-99.9 % range.',
  kinds: ['numeric', 'embedding'],
  reads: 'values',
  source: 'Welch, "The generalization of Student\'s problem" (1947)',
  customaryLimits: [{ of: 'p', at: 0.05, where: 'Evidently' }],
  score(values) {
    const { reference, current } = bothMoments(values);
    return values.sd > 0 ? Math.abs(current.mean - reference.mean) / values.sd : undefined;
  },
  pValue(values, phi) {
    const { reference, current } = bothMoments(values);
    const [one, other] = [reference, current].map(({ variance, rows }) => (phi * variance) / rows);
    if (one === undefined || other === undefined || one + other === 0) return undefined;
    const degreesOfFreedom =
      (one + other) ** 2 / (one ** 2 / (reference.rows / phi - 1) + other ** 2 / (current.rows / phi - 1));
    if (!(degreesOfFreedom > 0)) return undefined;
    return studentTwoSided((current.mean - reference.mean) / Math.sqrt(one + other), degreesOfFreedom);
  },
  bounds(values) {
    if (!(values.sd > 0)) return undefined;
    const { reference, current } = bothMoments(values);
    const shift = Math.abs(current.mean - reference.mean);
    const hidden = clippedBuckets(values).reduce(
      (sum, { start, end, rows }) =>
        sum + ((end - start) / 2) * (rows.reference / reference.rows + rows.current / current.rows),
      0,
    );
    return { lower: Math.max(0, shift - hidden) / values.sd, upper: (shift + hidden) / values.sd };
  },
  knownAnswers: [
    {
      edges: [0, 1, 2, 3],
      reference: [0, 10, 0, 10, 0],
      current: [0, 5, 0, 15, 0],
      sd: 2,
      tails: { lower: 0, upper: 3 },
      score: 0.25,
      source: 'by hand: a quarter of the rows moved by 2, in units of 2',
    },
  ],
});

function bothMoments(values: BucketedValues) {
  const buckets = clippedBuckets(values);
  return { reference: momentsOf(buckets, 'reference'), current: momentsOf(buckets, 'current') };
}
