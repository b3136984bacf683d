import { EdgeHistogram } from './edge-histogram.ts';
import { ExponentialHistogram } from './exponential-histogram.ts';

/** Numbers on a reference's edges, or on exponential buckets where there is no reference. */
export type Distribution = EdgeHistogram | ExponentialHistogram;

/** Exponential buckets of any two scales have a common one. */
export function onSameBuckets(a: Distribution, b: Distribution): boolean {
  if (a instanceof ExponentialHistogram) return b instanceof ExponentialHistogram;
  return b instanceof EdgeHistogram && a.edges.equals(b.edges);
}

/** Throws a RangeError, and changes nothing, when the buckets differ. */
export function mergeDistribution(into: Distribution, added: Distribution): void {
  if (into instanceof EdgeHistogram && added instanceof EdgeHistogram) into.merge(added);
  else if (into instanceof ExponentialHistogram && added instanceof ExponentialHistogram) into.merge(added);
  else throw new RangeError('a histogram on edges and an exponential one do not merge; build both from one profile');
}

export function blankDistribution(distribution: Distribution): Distribution {
  return distribution instanceof EdgeHistogram
    ? new EdgeHistogram(distribution.edges)
    : new ExponentialHistogram(distribution);
}
