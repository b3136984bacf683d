import { CoMoments } from '@driftline/sketches';
import { ML_SEGMENT_VALUE_VALUE_OTHER } from '@driftline/semantic-conventions';
import type { ReportedMoments } from '../evaluate/multivariate/reported-moments.ts';
import type { Observations } from '../evaluate/observations.ts';
import type { ObservedSegment } from '../evaluate/segment-observations.ts';
import { subjectKey } from '../evaluate/subjects.ts';
import type { ModelReferences } from './model-references.ts';
import { type KnownShapes, nothingKnown } from './known-shapes.ts';
import { compareWith } from './subject-comparison.ts';
import { type CapturedSegment, type ReferenceSubject, subjectsOf } from './reference-subject.ts';
import { LEAST_SEGMENT_ROWS, MOST_SEGMENTS, notAmongThem } from './segment-references.ts';

/** A reference made of early traffic, for models that no profile describes. Plain JSON, in the evaluation state. */
export type Capture =
  | { readonly state: 'capturing'; readonly rows: number }
  | { readonly state: 'captured'; readonly reference: CapturedReference };

export interface CapturedReference {
  /** End of the last pane that was taken, in milliseconds since the epoch. */
  readonly capturedAt: number;
  readonly rows: number;
  readonly subjects: readonly ReferenceSubject[];
  /** Of the same panes, those with enough rows; absent where there are none. */
  readonly segments?: readonly CapturedSegment[];
  /** Of senders that have a profile, by which their values are standardised; absent in what older versions captured. */
  readonly moments?: readonly CapturedMoments[];
}

export interface CapturedMoments {
  readonly referenceId: string;
  readonly names: readonly string[];
  readonly count: number;
  readonly means: readonly number[];
  readonly sums: readonly number[];
}

/** Freezes what was seen so far. Where senders counted on several edges, the one with the most rows is taken. */
export function captureReference(
  observations: readonly Observations[],
  rows: number,
  capturedAt: number,
  {
    segments = [],
    moments = [],
  }: { readonly segments?: readonly ObservedSegment[]; readonly moments?: readonly ReportedMoments[] } = {},
): CapturedReference {
  return {
    capturedAt,
    rows,
    subjects: subjectsOf(observations),
    ...withSegments(largestSegments(frozen(segments))),
    ...withMoments(moments),
  };
}

/** Of one window, all of them: which are large enough is known when enough rows are together. */
export function frozen(segments: readonly ObservedSegment[]): readonly CapturedSegment[] {
  return segments.map(({ name, value, rows, observations }) => {
    return { name, value, rows, subjects: subjectsOf(observations) };
  });
}

export function withSegments(segments: readonly CapturedSegment[] | undefined): Pick<CapturedReference, 'segments'> {
  return segments === undefined || segments.length === 0 ? {} : { segments };
}

/** Of several windows together, by the profile that the senders standardised with. */
export function withMoments(moments: readonly ReportedMoments[]): Pick<CapturedReference, 'moments'> {
  const together = Map.groupBy(moments, ({ referenceId, names }) => JSON.stringify([referenceId, names]));
  const merged = [...together.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const sum = standardisedMoments(first);
    for (const other of others) sum.merge(standardisedMoments(other));
    const { referenceId, names } = first;
    return [{ referenceId, names, count: sum.count, means: Array.from(sum.means), sums: Array.from(sum.sums) }];
  });
  return merged.length === 0 ? {} : { moments: merged };
}

/** The values came standardised. */
export function standardisedMoments({ names, count, means, sums }: ReportedMoments): CoMoments {
  return CoMoments.from({ features: names.map((name) => ({ name, mean: 0, sd: 1 })), count, means, sums });
}

export function capturedId({ capturedAt }: Pick<CapturedReference, 'capturedAt'>): string {
  return `captured:${new Date(capturedAt).toISOString()}`;
}

export function capturedReferences(reference: CapturedReference, shapes: KnownShapes = nothingKnown): ModelReferences {
  const { rows, subjects, segments = [] } = reference;
  const referenceId = capturedId(reference);
  // Bins of a profile are those of the whole: a segment has its own.
  const ofOwnBins = { ...nothingKnown, order: shapes.order };
  const byKey = new Map(subjects.map((subject) => [subjectKey(subject), subject]));
  const ofSegments = new Map(
    segments.flatMap((segment) => segment.subjects.map((subject) => [subjectKey(subject, segment), subject])),
  );
  return {
    calibration: undefined,
    subjects,
    compare(observed) {
      const { segment } = observed;
      return segment === undefined
        ? { referenceId, ...compareWith(byKey.get(subjectKey(observed)), observed, shapes) }
        : { referenceId, ...compareWith(ofSegments.get(subjectKey(observed, segment)), observed, ofOwnBins) };
    },
    segments: {
      values: (name) => segments.filter((segment) => segment.name === name).map(({ value }) => value),
      standing({ name, value }) {
        const own = segments.find((segment) => segment.name === name && segment.value === value);
        return own === undefined ? { reason: notAmongThem('the captured reference') } : { share: own.rows / rows };
      },
    },
    moments(reported) {
      const known = reference.moments?.find((one) => one.referenceId === reported.referenceId);
      return known && { ...known, id: referenceId };
    },
  };
}

export function largestSegments(segments: readonly CapturedSegment[]): readonly CapturedSegment[] {
  const known = segments.filter(
    ({ value, rows }) => rows >= LEAST_SEGMENT_ROWS && value !== ML_SEGMENT_VALUE_VALUE_OTHER,
  );
  return [...Map.groupBy(known, ({ name }) => name).values()].flatMap((ofName) =>
    ofName.toSorted((one, other) => other.rows - one.rows).slice(0, MOST_SEGMENTS),
  );
}
