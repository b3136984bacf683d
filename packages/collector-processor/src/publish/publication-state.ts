import type { DriftState, FeatureMeasurement, WindowMeasurement } from '../evaluate/measurement.ts';
import { violationsOf } from '../evaluate/data-quality/judgement/evidence.ts';
import type { SecurityCounts } from '../evaluate/security.ts';
import { type Segment, segmentKey } from '../evaluate/segment.ts';
import { CORRELATION_KEY, remembered, subjectKey } from '../evaluate/subjects.ts';

/** What publication must remember of one model besides its last window. Plain JSON, kept in the evaluation state. */
export interface PublicationState {
  /** Since when the counters count, in milliseconds since the epoch. */
  readonly since: number;
  readonly latest: WindowMeasurement;
  readonly lateRows: number;
  /** Refused requests and suspicious rows so far, by pattern; absent in what older versions stored. */
  readonly security?: SecurityCounts;
  /**
   * What is known of each feature and output, by `subjectKey`; the model itself is `''`, a segment its `segmentKey`, and how
   * features go together has a key of its own.
   */
  readonly subjects: Readonly<Record<string, SubjectHistory>>;
}

export interface SubjectHistory {
  /** The last state that was a judgement. */
  readonly judged?: DriftState;
  /** Every state it was ever in: only those have a series. */
  readonly entered: readonly DriftState[];
  /** Every rule of data quality it ever violated: only those have a series. */
  readonly violated: readonly string[];
}

export function afterWindow(before: PublicationState | undefined, window: WindowMeasurement): PublicationState {
  const subjects = [
    { key: '', state: window.state, violations: violationsOf(window.quality ?? [], {}) },
    ...(window.correlation ? [{ key: CORRELATION_KEY, state: window.correlation.state, violations: {} }] : []),
    ...window.features.map((feature) => subjectOf(feature)),
    ...(window.segments ?? []).flatMap((segment) => [
      { key: segmentKey(segment), state: segment.state, violations: {} },
      ...segment.features.map((feature) => subjectOf(feature, segment)),
    ]),
  ];
  return {
    since: before?.since ?? window.windowStart,
    latest: window,
    lateRows: (before?.lateRows ?? 0) + window.lateRows,
    security: together(before?.security ?? {}, window.security ?? {}),
    subjects: remembered(
      before?.subjects ?? {},
      Object.fromEntries(
        subjects.map(({ key, state, violations }) => {
          const history = before?.subjects[key];
          const judged = isJudgement(state) ? state : history?.judged;
          return [
            key,
            {
              ...(judged === undefined ? {} : { judged }),
              entered: union(history?.entered, [state]),
              violated: union(history?.violated, Object.keys(violations)),
            },
          ];
        }),
      ),
    ),
  };
}

/** Too few rows, or no reference, say nothing, so they change nothing: else sparse traffic would be news each window. */
export function isJudgement(state: DriftState): boolean {
  return state !== 'insufficient_data' && state !== 'no_reference';
}

function subjectOf(feature: FeatureMeasurement, segment?: Segment) {
  return { key: subjectKey(feature, segment), state: feature.state, violations: feature.violations };
}

function together(one: SecurityCounts, other: SecurityCounts): SecurityCounts {
  return Object.fromEntries(
    union(Object.keys(one), Object.keys(other)).map((pattern) => [pattern, own(one, pattern) + own(other, pattern)]),
  );
}

/** Patterns are named by senders: `constructor` too. */
function own(counts: SecurityCounts, pattern: string): number {
  return Object.hasOwn(counts, pattern) ? (counts[pattern] ?? 0) : 0;
}

function union<T>(known: readonly T[] | undefined, more: readonly T[]): readonly T[] {
  return [...new Set([...(known ?? []), ...more])];
}
