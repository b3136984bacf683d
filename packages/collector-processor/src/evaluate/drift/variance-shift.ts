import { type BucketedValues, defineDriftMethod } from './drift-method.ts';
import { clippedBuckets, distancesFrom, medianOf } from './statistics/clipped-values.ts';
import { studentTwoSided } from './statistics/student-t.ts';

export const varianceShift = defineDriftMethod({
  name: 'variance-shift',
  answers:
    'By what share did the mean distance from the median change? 0 is as spread as before, 1 is twice as wide or a single value.',
  kinds: ['numeric', 'embedding'],
  reads: 'values',
  source:
    'Brown and Forsythe, "Robust tests for the equality of variances" (1974), from buckets within the 0.1 %-99.9 % range',
  customaryLimits: [],
  score(values) {
    const { reference, current } = bothDistances(values);
    return reference.mean > 0 ? Math.abs(current.mean - reference.mean) / reference.mean : undefined;
  },
  pValue(values, phi) {
    const { reference, current } = bothDistances(values);
    const [n, m] = [reference.rows / phi, current.rows / phi];
    const degreesOfFreedom = n + m - 2;
    const pooled = ((n - 1) * reference.variance + (m - 1) * current.variance) / degreesOfFreedom;
    if (!(pooled > 0) || !(degreesOfFreedom > 0)) return undefined;
    return studentTwoSided((current.mean - reference.mean) / Math.sqrt(pooled * (1 / n + 1 / m)), degreesOfFreedom);
  },
  knownAnswers: [
    {
      edges: [0, 1, 2, 3],
      reference: [0, 0, 20, 0, 0],
      current: [0, 10, 0, 10, 0],
      sd: 2,
      tails: { lower: 0, upper: 3 },
      score: 3,
      source: 'by hand: 1 from the median on average, as against 1/4 inside one bucket',
    },
  ],
});

function bothDistances(values: BucketedValues) {
  const buckets = clippedBuckets(values);
  return {
    reference: distancesFrom(medianOf(buckets, 'reference'), buckets, 'reference'),
    current: distancesFrom(medianOf(buckets, 'current'), buckets, 'current'),
  };
}
