import {
  alignedBins,
  type CategoricalReference,
  countsBetween,
  EdgeHistogram,
  type EmbeddingReference,
  ExponentialHistogram,
  nextDown,
  type NumericReference,
  testEdges,
} from '@driftline/sketches';
import type { Distribution, Observations } from '../evaluate/observations.ts';
import type { KnownShapes } from './known-shapes.ts';
import { type Comparable, missingRows, projectionOrder } from './model-references.ts';
import type { ReferenceSubject, StoredDistribution } from './reference-subject.ts';

/** What was kept of a subject and what a window saw of it, on the same buckets. */
export function compareWith(
  subject: ReferenceSubject | undefined,
  observed: Observations,
  shapes: KnownShapes,
): Omit<Comparable, 'referenceId'> {
  const missing = missingRows(observed);
  if (subject === undefined || subject.distributions.length === 0) {
    const current = { kind: 'categorical', categories: observed.categories, missing } as const;
    if (subject === undefined) return { reference: undefined, current, problem: 'missing_in_reference' };
    return observed.distributions.size > 0
      ? { reference: undefined, current, problem: 'kind_changed' }
      : { reference: categorical(subject, shapes), current };
  }
  const isNumeric = subject.distributions.some(([projection]) => projection === 'none');
  const pairs = subject.distributions
    .toSorted(([one], [other]) => projectionOrder(one) - projectionOrder(other))
    .map(([projection, reference]) => alignedWith(reference, observed.distributions.get(projection), shapes));
  const aligned = pairs.filter((pair) => pair !== undefined);
  if (aligned.length < pairs.length || isOfOtherKind(isNumeric, observed)) {
    const problem = isOfOtherKind(isNumeric, observed) ? 'kind_changed' : 'no_common_buckets';
    const current = isNumeric
      ? ({ kind: 'numeric', counts: [], missing } as const)
      : ({ kind: 'embedding', projections: [], missing } as const);
    return { reference: undefined, current, problem };
  }
  const [only] = aligned;
  return isNumeric
    ? {
        reference: only && { ...only.reference, missing: subject.missing },
        current: { kind: 'numeric', counts: only?.current ?? [], missing },
      }
    : {
        reference: embedding(
          aligned.map(({ reference }) => reference),
          subject,
        ),
        current: { kind: 'embedding', projections: aligned.map(({ current }) => current), missing },
      };
}

/** Numbers or vectors were kept, and something else comes. */
function isOfOtherKind(isNumeric: boolean, { distributions, categories }: Observations): boolean {
  return distributions.size === 0 ? categories.size > 0 : distributions.has('none') !== isNumeric;
}

function categorical({ name, categories, missing }: ReferenceSubject, shapes: KnownShapes): CategoricalReference {
  const order = shapes.order(name);
  return { kind: 'categorical', categories, ...(order && { order }), missing };
}

function embedding(projections: readonly NumericReference[], { name, missing }: ReferenceSubject): EmbeddingReference {
  return { kind: 'embedding', dimensions: 0, seed: name, projections, missing };
}

export interface Aligned {
  readonly reference: NumericReference;
  readonly current: Float64Array;
}

function sketchOf(distribution: Distribution | StoredDistribution): EdgeHistogram | ExponentialHistogram {
  return distribution.kind === 'histogram' ? EdgeHistogram.from(distribution) : ExponentialHistogram.from(distribution);
}

/** Undefined where the two cannot be brought onto common buckets, which is then `no_reference`. */
export function alignedWith(
  captured: StoredDistribution,
  observed: Distribution | StoredDistribution | undefined,
  shapes: KnownShapes,
): Aligned | undefined {
  if (captured.kind === 'histogram') {
    const reference = EdgeHistogram.from(captured);
    const current = observed === undefined ? new EdgeHistogram(reference.edges) : sketchOf(observed);
    const bins = alignedBins(reference, current);
    if (bins === undefined) return undefined;
    const known = shapes.onEdges(captured.edges);
    return {
      reference: known
        ? onKnownEdges(known, captured.counts)
        : numericReference([...bins.edges], bins.reference, reference),
      current: bins.current,
    };
  }
  const current = observed === undefined ? new ExponentialHistogram() : sketchOf(observed);
  return current instanceof ExponentialHistogram
    ? alignExponential(ExponentialHistogram.from(captured), current)
    : undefined;
}

/** Parts of one distribution on the buckets of all of them together; undefined where there is nothing in them. */
export function alignedParts(
  together: StoredDistribution,
  parts: readonly StoredDistribution[],
  shapes: KnownShapes,
): { readonly reference: NumericReference; readonly parts: readonly ArrayLike<number>[] } | undefined {
  const reference = alignedWith(together, together, shapes)?.reference;
  return (
    reference && {
      reference,
      parts: parts.flatMap((part): readonly ArrayLike<number>[] => {
        if (part.kind === 'exponential') return [countsBetween(reference.edges, ExponentialHistogram.from(part))];
        return part.counts.length === reference.counts.length ? [part.counts] : [];
      }),
    }
  );
}

/** The quantile bins of both at the coarser scale, and outside of them what lies beyond the reference's extremes. */
function alignExponential(reference: ExponentialHistogram, current: ExponentialHistogram): Aligned | undefined {
  const scale = Math.min(reference.scale, current.scale);
  if (current.count > 0) reference.downscaleTo(scale);
  const bins = alignedBins(reference, current.count > 0 ? current : reference);
  const low = nextDown(reference.quantile(0) ?? 0);
  const high = reference.quantile(1) ?? 0;
  if (bins === undefined) return undefined;
  const inner = [...bins.edges].filter((edge) => edge > low && edge < high);
  const edges = [low, ...inner, high];
  return {
    reference: numericReference(edges, countsBetween(edges, reference), reference),
    current: countsBetween(edges, current),
  };
}

function numericReference(
  edges: readonly number[],
  counts: Float64Array,
  histogram: EdgeHistogram | ExponentialHistogram,
): NumericReference {
  return {
    kind: 'numeric',
    edges,
    counts: [...counts],
    ...testEdges(counts),
    // Senders keep sums at home, and buckets do not tell mean and standard deviation; for a normal these are they.
    mean: histogram.quantile(0.5) ?? 0,
    sd: ((histogram.quantile(0.841_344_746) ?? 0) - (histogram.quantile(0.158_655_254) ?? 0)) / 2,
    min: edges[0] ?? 0,
    max: edges.at(-1) ?? 0,
    missing: 0,
  };
}

/** The profile's edges, bins and tails with the counts of other rows: bins must not move with the noise of these. */
function onKnownEdges(known: NumericReference, counts: readonly number[]): NumericReference {
  const { phi: _, missingPhi: __, ...edges } = known;
  return { ...edges, counts, missing: 0 };
}
