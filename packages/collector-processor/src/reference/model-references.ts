import { type Calibration, type FeatureReference, type ReferenceProfile } from '@driftline/sketches';
import type { CurrentCounts } from '../evaluate/drift/decision/feature-counts.ts';
import { type Distribution, type Observations, usableRows } from '../evaluate/observations.ts';

/** What a model's windows are compared with. */
export interface ModelReferences {
  /** How far the reference's rows depend on each other; undefined where nobody measured it. */
  readonly calibration: Calibration | undefined;
  /** Reference and window on the same buckets; without a reference, where the two cannot be brought together. */
  compare(observed: Observations): Comparable;
  /** Of several references that senders used at once, the one with the highest rank is judged. */
  rank(observed: Observations): number;
}

export interface Comparable {
  readonly referenceId: string;
  readonly reference: FeatureReference | undefined;
  readonly current: CurrentCounts;
}

/** Files from the settings, the current one first; older ones are for senders that have not been deployed again yet. */
export function profileReferences(profiles: readonly ReferenceProfile[]): ModelReferences {
  const byId = new Map(profiles.map((profile) => [profile.id, profile]));
  const [currentProfile] = profiles;
  const profileOf = (observed: Observations): ReferenceProfile | undefined =>
    // Where every row was missing, the points carry no reference.
    byId.get(observed.referenceId) ?? (usableRows(observed) === 0 ? currentProfile : undefined);
  return {
    calibration: currentProfile?.calibration,
    compare(observed) {
      const profile = profileOf(observed);
      const known = profile && (observed.role === 'feature' ? profile.features : profile.outputs)[observed.name];
      const current = countsOf(observed, known);
      const isSameKind = known === undefined || (known.kind === current.kind && hasEdgesOf(known, observed));
      return { referenceId: profile?.id ?? observed.referenceId, reference: isSameKind ? known : undefined, current };
    },
    rank: (observed) => usableRows(observed) + (profileOf(observed) === undefined ? 0 : Number.MAX_SAFE_INTEGER),
  };
}

/** Rows without a usable value: those that the missing part counts. */
export function missingRows({ statuses }: Observations): number {
  return (statuses.get('missing') ?? 0) + (statuses.get('not_a_number') ?? 0) + (statuses.get('wrong_type') ?? 0);
}

/** The order of a reference's projections: 0, 1, ... and, last, the norm. */
export function projectionsInOrder(observed: Observations): readonly Distribution[] {
  return [...observed.distributions]
    .filter(([projection]) => projection !== 'none')
    .toSorted(([one], [other]) => projectionOrder(one) - projectionOrder(other))
    .map(([, distribution]) => distribution);
}

function projectionOrder(projection: number | 'none'): number {
  return typeof projection === 'number' && projection >= 0 ? projection : Number.MAX_SAFE_INTEGER;
}

function countsOf(observed: Observations, known: FeatureReference | undefined): CurrentCounts {
  const missing = missingRows(observed);
  const single = observed.distributions.get('none');
  if (single !== undefined) return { kind: 'numeric', counts: histogramCounts(single), missing };
  if (observed.distributions.size > 0) {
    return { kind: 'embedding', projections: projectionsInOrder(observed).map(histogramCounts), missing };
  }
  if (observed.categories.size > 0 || known === undefined || known.kind === 'categorical') {
    return { kind: 'categorical', categories: observed.categories, missing };
  }
  return nothingCounted(known, missing);
}

function nothingCounted(known: Exclude<FeatureReference, { kind: 'categorical' }>, missing: number): CurrentCounts {
  return known.kind === 'numeric'
    ? { kind: 'numeric', counts: new Float64Array(known.counts.length), missing }
    : {
        kind: 'embedding',
        projections: known.projections.map(({ counts }) => new Float64Array(counts.length)),
        missing,
      };
}

function histogramCounts(distribution: Distribution): Float64Array {
  return distribution.kind === 'histogram' ? distribution.counts : new Float64Array();
}

/** The id promises the edges; a sender that broke the promise must not be judged on buckets that mean something else. */
function hasEdgesOf(known: FeatureReference, observed: Observations): boolean {
  if (known.kind === 'categorical' || observed.distributions.size === 0) return true;
  if (known.kind === 'numeric') return sameEdges(known.edges, observed.distributions.get('none'));
  const distributions = projectionsInOrder(observed);
  return known.projections.every(({ edges }, i) => sameEdges(edges, distributions[i]));
}

function sameEdges(edges: readonly number[], distribution: Distribution | undefined): boolean {
  return (
    distribution?.kind === 'histogram' &&
    distribution.edges.length === edges.length &&
    edges.every((edge, i) => edge === distribution.edges[i])
  );
}
