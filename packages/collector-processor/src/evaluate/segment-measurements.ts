import { ML_SEGMENT_VALUE_VALUE_OTHER } from '@driftline/semantic-conventions';
import type { ModelReferences } from '../reference/model-references.ts';
import { manyTogether } from '../reference/segment-references.ts';
import type { FeatureMeasurement, PerformanceMeasurement, SegmentMeasurement } from './measurement.ts';
import { type Segment, segmentKey } from './segment.ts';
import type { ChosenSegments, ObservedSegment } from './segment-observations.ts';
import { worstState } from './drift/decision/state.ts';

/**
 * Where any segment is judged, the whole has one half of the level and all segments together the other: expectation is
 * linear, so the promise of false alarms holds for both, and however many segments there are, the whole is judged alike.
 */
export const SHARE_OF_WHOLE = 0.5;

/** Whether anything is judged apart: a matter of settings and reference, never of what this window holds. */
export function areSegmentsJudged({ segments }: ModelReferences, names: readonly string[]): boolean {
  return segments !== undefined && names.some((name) => segments.values(name).length > 0);
}

export interface SegmentInput extends ChosenSegments {
  readonly names: readonly string[];
  /** Of the whole. */
  readonly rows: number;
  readonly references: ModelReferences;
  /** What was judged of each segment, by `segmentKey`. */
  readonly features: ReadonlyMap<string, readonly FeatureMeasurement[]>;
  readonly performanceOf: (segment: ObservedSegment) => readonly PerformanceMeasurement[];
}

/** What was seen, and after it whatever the reference has and nobody sent now: a segment that disappears is news. */
export function segmentMeasurements(input: SegmentInput): readonly SegmentMeasurement[] {
  return input.names.flatMap((name) => {
    const seen = input.apart.filter((segment) => segment.name === name);
    const isSeen = new Set([...seen.map(({ value }) => value), ...(input.folded.get(name) ?? [])]);
    const absent = (input.references.segments?.values(name) ?? []).filter((value) => !isSeen.has(value));
    return [
      ...seen.map((segment) => measured(segment, input)),
      ...absent.map((value): SegmentMeasurement => {
        const standing = standingOf({ name, value }, input.references);
        const unseen = {
          name,
          value,
          rows: 0,
          share: 0,
          state: 'insufficient_data',
          features: [],
          performance: [],
        } as const;
        return 'share' in standing ? { ...unseen, referenceShare: standing.share } : unseen;
      }),
    ];
  });
}

function measured(segment: ObservedSegment, input: SegmentInput): SegmentMeasurement {
  const { name, value, rows } = segment;
  const standing = standingOf(segment, input.references);
  const seen = {
    name,
    value,
    rows,
    share: input.rows === 0 ? 0 : Math.min(1, rows / input.rows),
    performance: input.performanceOf(segment),
  };
  if ('reason' in standing) return { ...seen, state: 'no_reference', reason: standing.reason, features: [] };
  const features = input.features.get(segmentKey(segment)) ?? [];
  const states = features.map(({ state }) => state);
  return {
    ...seen,
    referenceShare: standing.share,
    state: states.length === 0 ? 'insufficient_data' : worstState(states),
    features,
  };
}

function standingOf(segment: Segment, { segments }: ModelReferences) {
  if (segment.value === ML_SEGMENT_VALUE_VALUE_OTHER) {
    return { reason: manyTogether };
  }
  return segments?.standing(segment) ?? { reason: 'the reference is of the whole alone' };
}
