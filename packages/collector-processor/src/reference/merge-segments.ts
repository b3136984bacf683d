import {
  type FeatureReference,
  ProfileError,
  type ReferenceProfile,
  referenceOfSegment,
  type SegmentFeature,
  segmentFeature,
  type SegmentReference,
  type SegmentReferences,
} from '@driftline/sketches';
import { MOST_SEGMENTS } from './segment-references.ts';

type Merge = (name: string, a: FeatureReference, b: FeatureReference) => FeatureReference;

/**
 * The segments of two profiles on the same edges. A value that only one of them has is kept as it is: in the other it
 * was too rare to be a segment. Throws a ProfileError where only one was built with segments of an attribute.
 */
export function segmentsTogether(
  a: ReferenceProfile,
  b: ReferenceProfile,
  merge: Merge,
): Pick<ReferenceProfile, 'segments'> {
  const [ofA, ofB] = [a.segments ?? {}, b.segments ?? {}];
  const names = [...new Set([...Object.keys(ofA), ...Object.keys(ofB)])];
  const onlyOnce = names.find((name) => !(Object.hasOwn(ofA, name) && Object.hasOwn(ofB, name)));
  if (onlyOnce !== undefined) {
    throw new ProfileError(
      `profiles cannot be merged: only one of them has segments of ${JSON.stringify(onlyOnce)}. Build both with --segment ${onlyOnce}.`,
    );
  }
  if (names.length === 0) return {};
  return { segments: Object.fromEntries(names.map((name) => [name, together(a, ofA[name], ofB[name], merge)])) };
}

function together(
  whole: ReferenceProfile,
  a: SegmentReferences = {},
  b: SegmentReferences = {},
  merge: Merge,
): SegmentReferences {
  const merged = new Map(Object.entries(a));
  for (const [value, other] of Object.entries(b)) {
    const own = merged.get(value);
    merged.set(value, own === undefined ? other : sumOf(whole, own, other, merge));
  }
  const largest = [...merged].toSorted(([a, one], [b, other]) => other.rows - one.rows || (a < b ? -1 : 1));
  return Object.fromEntries(
    largest.slice(0, MOST_SEGMENTS).map(([value, segment]) => [value, withoutCalibration(segment)]),
  );
}

function sumOf(whole: ReferenceProfile, a: SegmentReference, b: SegmentReference, merge: Merge): SegmentReference {
  return {
    rows: a.rows + b.rows,
    features: allOf(whole.features, a.features, b.features, merge),
    outputs: allOf(whole.outputs, a.outputs, b.outputs, merge),
  };
}

type Own = Readonly<Record<string, SegmentFeature>>;

function allOf(wholes: ReferenceProfile['features'], a: Own, b: Own, merge: Merge): Own {
  return Object.fromEntries(
    Object.entries(a).flatMap(([name, own]) => {
      const [whole, other] = [wholes[name], b[name]];
      const one = whole && referenceOfSegment(whole, own);
      const two = whole && other && referenceOfSegment(whole, other);
      return one === undefined || two === undefined ? [] : [[name, segmentFeature(merge(name, one, two))]];
    }),
  );
}

/** As of the whole: what the chunks of each settled about dependent rows does not add up. */
function withoutCalibration(merged: SegmentReference): SegmentReference {
  const { calibration: _, ...segment } = merged;
  return { ...segment, features: withoutPhi(segment.features), outputs: withoutPhi(segment.outputs) };
}

function withoutPhi(own: Own): Own {
  return Object.fromEntries(
    Object.entries(own).map(([name, calibrated]) => {
      const { phi: _, missingPhi: __, ...feature } = calibrated;
      return [name, feature];
    }),
  );
}
