import {
  type FeatureReference,
  referenceOfSegment,
  type ReferenceProfile,
  type SegmentFeature,
  type SegmentReference,
} from '@driftline/sketches';
import type { Observations } from '../evaluate/observations.ts';
import type { Segment } from '../evaluate/segment.ts';

/** Which segments have a reference of their own. */
export interface ReferencedSegments {
  /** Values of an attribute that have one. */
  values(name: string): readonly string[];
  /** How large a part of the reference it is, or why there is none. */
  standing(segment: Segment): SegmentStanding;
}

export type SegmentStanding = { readonly share: number } | { readonly reason: string };

/** With fewer rows there would be no verdict, so nothing is kept of it. */
export const LEAST_SEGMENT_ROWS = 500;
/** Of one attribute, the largest: what a profile or an evaluation state holds is bounded. */
export const MOST_SEGMENTS = 20;

export function profileSegments(profiles: readonly ReferenceProfile[]): ReferencedSegments {
  return {
    values: (name) => [...new Set(profiles.flatMap((profile) => Object.keys(segmentsIn(profile, name) ?? {})))],
    standing(segment) {
      const profile = profiles.find((one) => segmentOf(one, segment) !== undefined);
      const own = profile && segmentOf(profile, segment);
      if (profile !== undefined && own !== undefined) return { share: own.rows / profile.rows };
      const isBuilt = profiles.some((one) => segmentsIn(one, segment.name) !== undefined);
      return { reason: isBuilt ? notAmongThem('the profile') : noneBuilt(segment.name) };
    },
  };
}

/** What the rows of one segment looked like; undefined where the profile does not know the segment or the column. */
export function segmentSubject(
  profile: ReferenceProfile,
  { role, name, segment }: Observations & { readonly segment: Segment },
): FeatureReference | undefined {
  const own = segmentOf(profile, segment);
  const [wholes, owns] = role === 'feature' ? [profile.features, own?.features] : [profile.outputs, own?.outputs];
  const [whole, counted] = [property(wholes, name), property(owns, name)];
  return whole && counted && remembered(whole, counted);
}

export function segmentOf(profile: ReferenceProfile, { name, value }: Segment): SegmentReference | undefined {
  return property(segmentsIn(profile, name), value);
}

export const stillBeingLearnt = 'the reference is still being learnt';

export const manyTogether = 'these are many values together, and which they are changes with the traffic';

export function notAmongThem(reference: string): string {
  return `${reference} has none of it: it had fewer than ${LEAST_SEGMENT_ROWS} rows, or ${MOST_SEGMENTS} others had more`;
}

function noneBuilt(name: string): string {
  return `the profile has no segments of ${name}; build it with --segment ${name}`;
}

function segmentsIn(profile: ReferenceProfile, name: string) {
  return property(profile.segments, name);
}

/** Names and values come from senders: `constructor` is one of them too. */
function property<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Bins are the same for every window. */
const references = new WeakMap<SegmentFeature, FeatureReference>();

function remembered(whole: FeatureReference, own: SegmentFeature): FeatureReference | undefined {
  const known = references.get(own) ?? referenceOfSegment(whole, own);
  if (known !== undefined) references.set(own, known);
  return known;
}
