import type { Calibration, FeatureReference, ReferenceProfile } from '@driftline/sketches';
import type { CurrentCounts } from '../evaluate/drift/decision/feature-counts.ts';
import type { Dependence } from '../evaluate/drift/decision/inflation.ts';
import type { MomentsReference } from '../evaluate/multivariate/compared-moments.ts';
import type { ReportedMoments } from '../evaluate/multivariate/reported-moments.ts';
import { type Distribution, type Observations, sumOf, usableRows } from '../evaluate/observations.ts';
import { profileSegments, type ReferencedSegments, segmentOf, segmentSubject } from './segment-references.ts';

/** What a model's windows are compared with. */
export interface ModelReferences {
  /** How far the reference's rows depend on each other; undefined where nobody measured it. */
  readonly calibration: Calibration | undefined;
  /** What it knows; undefined while there is nothing. */
  readonly subjects?: readonly Pick<Observations, 'role' | 'name'>[];
  /** Subjects, by key, of which some rows were judged `drift` when they came. */
  readonly drifted?: { readonly subjects: readonly string[]; readonly isLeftOut: boolean };
  /** What is missing before there is anything to compare with. */
  readonly learning?: Learning;
  /** Rows of the reference that repeat a row before them, each compared with all; undefined where nobody counted. */
  readonly repeatedRows?: { readonly rows: number; readonly repeated: number };
  /** Reference and window on the same buckets; without a reference, where the two cannot be brought together. */
  compare(observed: Observations): Comparable;
  /** Absent where the reference is of no segment at all. */
  readonly segments?: ReferencedSegments;
  /** What co-moments are compared with; undefined where the reference has none of the same standardisation. */
  moments?(reported: ReportedMoments): MomentsReference | undefined;
}

/** `needs` stays the same while `has` grows. */
export interface Learning {
  readonly needs: string;
  readonly has: string;
}

export interface Comparable {
  readonly referenceId: string;
  readonly reference: FeatureReference | undefined;
  readonly current: CurrentCounts;
  /** Of this feature by itself, where the reference measured it. */
  readonly dependence?: Dependence;
  /** Why there is nothing to compare with. */
  readonly problem?: ComparisonProblem;
}

export type ComparisonProblem = 'missing_in_reference' | 'kind_changed' | 'no_common_buckets' | 'too_few_periods';

/** Of a model whose early traffic is still being captured. */
export const nothingToCompareWith: ModelReferences = {
  calibration: undefined,
  compare: (observed) => ({
    referenceId: observed.referenceId,
    reference: undefined,
    current: countsOf(observed, undefined),
  }),
  segments: { values: () => [], standing: () => ({ reason: 'the reference is still being captured' }) },
};

/** Files from the settings, the current one first; older ones are for senders that have not been deployed again yet. */
export function profileReferences(profiles: readonly ReferenceProfile[]): ModelReferences {
  const [newest] = profiles;
  return {
    subjects: subjectsOf(newest),
    calibration: newest?.calibration,
    ...(newest?.duplicates !== undefined && { repeatedRows: { rows: newest.rows, repeated: newest.duplicates } }),
    compare(observed) {
      const profile = profileFor(observed, profiles);
      const known = profile && subjectOf(profile, observed);
      const current = countsOf(observed, known);
      const problem = profile && problemOf(known, current, observed);
      return {
        referenceId: profile?.id ?? observed.referenceId,
        reference: problem === undefined ? known : undefined,
        current,
        ...(problem && { problem }),
        ...(observed.segment && {
          dependence: { calibration: profile && segmentOf(profile, observed.segment)?.calibration },
        }),
      };
    },
    segments: profileSegments(profiles),
    moments({ referenceId }) {
      const profile = profiles.find(({ id }) => id === referenceId);
      return profile && momentsOfProfile(profile);
    },
  };
}

export function momentsOfProfile({ id, coMoments, calibration }: ReferenceProfile): MomentsReference | undefined {
  if (coMoments === undefined) return undefined;
  const { features: names, count, means, sums, reconstruction, ...shape } = coMoments;
  return {
    id,
    names,
    count,
    means,
    sums,
    shape,
    ...(reconstruction && { reconstruction }),
    ...(calibration && { chunkRows: calibration.m }),
  };
}

function subjectsOf(profile: ReferenceProfile | undefined): NonNullable<ModelReferences['subjects']> {
  const features = Object.keys(profile?.features ?? {}).map((name) => ({ role: 'feature', name }) as const);
  const outputs = Object.keys(profile?.outputs ?? {}).map((name) => ({ role: 'output', name }) as const);
  return [...features, ...outputs];
}

function problemOf(
  known: FeatureReference | undefined,
  current: CurrentCounts,
  observed: Observations,
): ComparisonProblem | undefined {
  if (known === undefined) return 'missing_in_reference';
  if (known.kind !== current.kind) return 'kind_changed';
  return hasEdgesOf(known, observed) ? undefined : 'no_common_buckets';
}

/** The first that was counted against something else, though the current profile knows it. */
export function unknownReference(
  profiles: readonly ReferenceProfile[],
  observations: readonly Observations[],
): Observations | undefined {
  const [current] = profiles;
  return observations.find(
    (observed) =>
      current !== undefined &&
      subjectOf(current, observed) !== undefined &&
      profileFor(observed, profiles) === undefined,
  );
}

function profileFor(observed: Observations, profiles: readonly ReferenceProfile[]): ReferenceProfile | undefined {
  const named = profiles.find(({ id }) => id === observed.referenceId);
  return named ?? (namesNoReference(observed) ? profiles[0] : undefined);
}

/** Where every row was missing there is no point to name it, and the classes of an output need no edges to share. */
function namesNoReference(observed: Observations): boolean {
  const isOutputClass = observed.role === 'output' && observed.distributions.size === 0;
  return usableRows(observed) === 0 || (isOutputClass && observed.referenceId === '');
}

function subjectOf(profile: ReferenceProfile, observed: Observations): FeatureReference | undefined {
  const { role, name, segment } = observed;
  if (segment !== undefined) return segmentSubject(profile, { ...observed, segment });
  const subjects = role === 'feature' ? profile.features : profile.outputs;
  return Object.hasOwn(subjects, name) ? subjects[name] : undefined;
}

/**
 * Rows without a usable value: those that the missing part counts. Nobody says against which reference they would have
 * been counted, so where there are several each has its share.
 */
export function missingRows(observed: Observations): number {
  const missing = rowsWith(observed, ['missing', 'not_a_number', 'wrong_type']);
  const usable = usableRows(observed);
  const usableOfAll = rowsWith(observed, ['valid', 'out_of_range', 'unseen']);
  return usable === 0 || usable >= usableOfAll ? missing : Math.round((missing * usable) / usableOfAll);
}

function rowsWith({ statuses }: Observations, wanted: readonly string[]): number {
  return sumOf(wanted.map((status) => statuses.get(status) ?? 0));
}

function projectionsInOrder(observed: Observations): readonly Distribution[] {
  return [...observed.distributions]
    .filter(([projection]) => projection !== 'none')
    .toSorted(([one], [other]) => projectionOrder(one) - projectionOrder(other))
    .map(([, distribution]) => distribution);
}

/** The order of a reference's projections: 0, 1, ... and, last, the norm. */
export function projectionOrder(projection: number | 'none'): number {
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
