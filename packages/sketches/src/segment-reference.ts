import { quantileBins, storedBins } from './quantile-bins.ts';
import type { FeatureReference, NumericReference, NumericSegment, SegmentFeature } from './reference-profile.ts';

/** Leaves out what a segment shares with the whole. */
export function segmentFeature(reference: FeatureReference): SegmentFeature {
  switch (reference.kind) {
    case 'numeric':
      return withoutEdges(reference);
    case 'categorical': {
      const { order: _, ...own } = reference;
      return own;
    }
    case 'embedding': {
      const { dimensions: _, seed: __, projections, ...own } = reference;
      return { ...own, projections: projections.map(withoutEdges) };
    }
  }
}

/** The whole reference of a segment's feature again. Undefined where the whole is of another kind. */
export function referenceOfSegment(whole: FeatureReference, own: SegmentFeature): FeatureReference | undefined {
  if (whole.kind === 'numeric' && own.kind === 'numeric') return onEdges(whole, own);
  if (whole.kind === 'categorical' && own.kind === 'categorical') {
    return whole.order === undefined ? own : { ...own, order: whole.order };
  }
  if (whole.kind !== 'embedding' || own.kind !== 'embedding') return undefined;
  return {
    ...own,
    dimensions: whole.dimensions,
    seed: whole.seed,
    projections: whole.projections.flatMap((projection, i) => {
      const counted = own.projections[i];
      return counted === undefined ? [] : [onEdges(projection, counted)];
    }),
  };
}

/**
 * What tests read of counts whose edges other rows chose. Quantiles of the whole are none of a segment, which may lie in
 * the tail of it: they are taken from its own counts, of all edges that there are.
 */
export function testEdges(counts: ArrayLike<number>): Pick<NumericReference, 'bins' | 'quantileEdges' | 'tails'> {
  const everyEdge = Array.from({ length: counts.length - 1 }, (_, index) => index);
  const quantileEdges = quantileBins(counts, everyEdge, FINE_BUCKETS);
  return {
    quantileEdges,
    bins: storedBins(counts, quantileEdges),
    tails: { lower: tailEdge(counts, 'lower'), upper: tailEdge(counts, 'upper') },
  };
}

const FINE_BUCKETS = 60;
const TAIL_SHARE = 0.001;

/** The innermost edge beyond which at most 0.1 % of the rows lie. */
function tailEdge(counts: ArrayLike<number>, side: 'lower' | 'upper'): number {
  const rows = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const last = counts.length - 2;
  let beyond = 0;
  for (let step = 0; step <= last; step += 1) {
    beyond += counts[side === 'lower' ? step : counts.length - 1 - step] ?? 0;
    if (beyond > TAIL_SHARE * rows) return side === 'lower' ? Math.max(0, step - 1) : Math.min(last, last - step + 1);
  }
  return side === 'lower' ? 0 : last;
}

function withoutEdges(reference: NumericReference): NumericSegment {
  const { edges: _, bins: __, quantileEdges: ___, tails: ____, ...own } = reference;
  return own;
}

function onEdges({ edges }: NumericReference, own: NumericSegment): NumericReference {
  return { ...own, edges, ...testEdges(own.counts) };
}
