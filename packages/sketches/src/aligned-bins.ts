import { BucketEdges } from './bucket-edges.ts';
import type { Distribution } from './distribution.ts';
import { EdgeHistogram } from './edge-histogram.ts';
import { bucketRanges, ExponentialHistogram } from './exponential-histogram.ts';
import { nextDown } from './next-double.ts';

/** Two distributions counted on the same buckets: bucket i holds `(edges[i-1], edges[i]]`. */
export interface AlignedBins {
  readonly edges: Float64Array;
  /** n + 1 counts for n edges. */
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/**
 * Brings a pair of histograms onto common buckets. On equal edges these are the buckets of both. Exponential ones are
 * both brought to the coarser scale, and the reference's 60-quantiles move to the nearest bucket boundary, used
 * identically on both sides; the two histograms stay as they are.
 * Undefined where nothing is common: other edges, one of each kind, or a reference without rows.
 */
export function alignedBins(reference: Distribution, current: Distribution): AlignedBins | undefined {
  if (reference instanceof EdgeHistogram && current instanceof EdgeHistogram) {
    if (!reference.edges.equals(current.edges)) return undefined;
    return { edges: reference.edges.values, reference: reference.counts, current: current.counts };
  }
  if (reference instanceof ExponentialHistogram && current instanceof ExponentialHistogram) {
    return alignedExponential(reference, current);
  }
  return undefined;
}

/**
 * Rows of an exponential histogram between edges that are boundaries of its buckets, or of coarser ones: n + 1 counts
 * for n edges. One pass over the buckets.
 */
export function countsBetween(edges: ArrayLike<number>, histogram: ExponentialHistogram): Float64Array {
  return countsOn(BucketEdges.of(edges), runsAt(histogram.scale, histogram));
}

const quantiles = 60;

function alignedExponential(reference: ExponentialHistogram, current: ExponentialHistogram): AlignedBins | undefined {
  const scale = Math.min(reference.scale, current.scale);
  const referenceRuns = runsAt(scale, reference);
  const snapped = snappedQuantiles(referenceRuns);
  if (snapped.length === 0) return undefined;
  const edges = BucketEdges.of(snapped);
  return {
    edges: edges.values,
    reference: countsOn(edges, referenceRuns),
    current: countsOn(edges, runsAt(scale, current)),
  };
}

/** The rows of one exponential bucket as the doubles above `after`, up to and with `last`. */
interface Run {
  readonly after: number;
  readonly last: number;
  readonly count: number;
}

function runsAt(scale: number, histogram: ExponentialHistogram): Run[] {
  const copy = ExponentialHistogram.from(histogram);
  copy.downscaleTo(scale);
  return bucketRanges(copy).map(({ lower, upper, count }) => ({
    after: upper > 0 ? lower : nextDown(lower),
    last: upper > 0 || lower === 0 ? upper : nextDown(upper),
    count,
  }));
}

/** Each quantile lies inside a run: it moves to the end that is nearer by rows, so that an atom is enclosed by both. */
function snappedQuantiles(runs: readonly Run[]): number[] {
  const rows = runs.reduce((sum, { count }) => sum + count, 0);
  const edges = new Set<number>();
  let below = 0;
  let quantile = 1;
  for (const { after, last, count } of runs) {
    for (; quantile < quantiles && (quantile * rows) / quantiles <= below + count; quantile++) {
      const inside = (quantile * rows) / quantiles - below;
      edges.add(inside < count / 2 ? after : last);
    }
    below += count;
  }
  return [...edges].filter(Number.isFinite).toSorted((a, b) => a - b);
}

function countsOn(edges: BucketEdges, runs: readonly Run[]): Float64Array {
  const counts = new Float64Array(edges.values.length + 1);
  for (const { last, count } of runs) counts[edges.bucketOf(last)]! += count;
  return counts;
}
