import type { ObservedSegment } from '../evaluate/segment-observations.ts';
import { type Segment, segmentKey } from '../evaluate/segment.ts';
import { ML_SEGMENT_VALUE_VALUE_OTHER } from '@driftline/semantic-conventions';
import type { ReferenceEntries, SegmentSizes, Slot } from './reference-entries.ts';
import { type ReferenceSubject, subjectsOf } from './reference-subject.ts';
import { openKey, type RollingPlan, shelfKey } from './rolling-plan.ts';
import { kept, openSlot, putSlots, type Shelves, withWindow } from './rolling-subjects.ts';
import {
  LEAST_SEGMENT_ROWS,
  MOST_SEGMENTS,
  notAmongThem,
  type ReferencedSegments,
  stillBeingLearnt,
} from './segment-references.ts';

/** A judged window: what its segments looked like, and which subjects of them were found to drift. */
export interface WindowOfSegments {
  readonly segments: readonly ObservedSegment[];
  /** Of the whole. */
  readonly rows: number;
  readonly drifted: ReadonlySet<string>;
}

export async function addSegments(
  plan: RollingPlan,
  start: number,
  { segments, rows, drifted }: WindowOfSegments,
  entries: ReferenceEntries,
): Promise<void> {
  const key = openKey(plan, 'segments');
  const open = await openSlot(plan, start, entries, 'segments');
  const named = segments.filter(({ value }) => value !== ML_SEGMENT_VALUE_VALUE_OTHER);
  const slot = withWindow(plan, { start, open, drifted }, named.flatMap(subjectsOfSegment));
  const sizes = together([open?.sizes, { rows, segments: named }]);
  const [bounded] = withLargest([{ ...slot, sizes }], 2 * MOST_SEGMENTS);
  if (bounded !== undefined) entries.put(key, { slots: [bounded] });
}

/** What was kept of attributes that settings choose no longer goes as its slot comes again. */
export async function closeSegments(
  plan: RollingPlan,
  start: number,
  { segments: names, shapes, entries }: Shelves,
): Promise<void> {
  const key = shelfKey(plan, start, 'segments');
  const closed = await openSlot(plan, start, entries, 'segments');
  const before = await entries.get(key);
  if (closed === undefined && before === undefined) return;
  entries.drop([openKey(plan, 'segments')]);
  const all = [...(before?.slots ?? []), ...(closed === undefined ? [] : [closed])];
  const slots = withLargest(
    kept(plan, all).map((slot) => chosen(slot, names)),
    MOST_SEGMENTS,
  );
  await putSlots(plan, { part: 'segments', key, before }, slots, entries, shapes);
}

/**
 * What the slots of a horizon say of segments: those with rows enough for a verdict, of a season in periods enough. One
 * that is named too early would take the whole's level, and the segments of the references after it, for nothing.
 */
export function referencedSegments(plan: RollingPlan, slots: readonly Slot[]): ReferencedSegments {
  // Of a season there may be older ones, kept for a subject that drifts.
  const recent = plan.kind === 'seasonal' ? slots.slice(-plan.periods) : slots;
  const { rows, segments } = together(recent.map(({ sizes }) => sizes));
  const least = plan.kind === 'seasonal' ? plan.minPeriods : 1;
  const isLearnt = (segment: Segment) =>
    slots.filter(({ sizes }) => sizeIn(sizes, segment) !== undefined).length >= least;
  const large = segments.filter((segment) => segment.rows >= LEAST_SEGMENT_ROWS);
  const judged = large.filter(isLearnt);
  return {
    values: (name) => judged.filter((segment) => segment.name === name).map(({ value }) => value),
    standing(segment) {
      const own = sizeIn({ rows, segments: large }, segment);
      if (slots.length < least || (own !== undefined && !isLearnt(own))) return { reason: stillBeingLearnt };
      return own === undefined ? { reason: notAmongThem(inWords[plan.kind]) } : { share: own.rows / Math.max(1, rows) };
    },
  };
}

function sizeIn(sizes: SegmentSizes | undefined, { name, value }: Segment) {
  return sizes?.segments.find((segment) => segment.name === name && segment.value === value);
}

const inWords = { previous: 'the period before', seasonal: 'the same time of earlier periods' } as const;

/** Of the rows of one country, the country says nothing. */
function subjectsOfSegment({ name, value, observations }: ObservedSegment): readonly ReferenceSubject[] {
  return subjectsOf(observations.filter((one) => !(one.role === 'feature' && one.name === name))).map((subject) => {
    return { ...subject, segment: { name, value } };
  });
}

function together(sizes: readonly (SegmentSizes | undefined)[]): SegmentSizes {
  const all = sizes.filter((one) => one !== undefined);
  const merged = [
    ...Map.groupBy(
      all.flatMap(({ segments }) => segments),
      segmentKey,
    ).values(),
  ].map((parts) => {
    const { name, value } = parts[0] ?? { name: '', value: '' };
    return { name, value, rows: parts.reduce((sum, part) => sum + part.rows, 0) };
  });
  return { rows: all.reduce((sum, { rows }) => sum + rows, 0), segments: merged };
}

/** Values come from senders, and features are many: of each attribute the largest over all slots, for as long as there is room. */
function withLargest(slots: readonly Slot[], most: number): readonly Slot[] {
  const { segments } = together(slots.map(({ sizes }) => sizes));
  const largest = [...Map.groupBy(segments, ({ name }) => name).values()].flatMap((ofName) =>
    ofName.toSorted(bySize).slice(0, most),
  );
  let room = (MOST_SEGMENT_SUBJECTS * most) / MOST_SEGMENTS;
  const subjects = Map.groupBy(
    slots.flatMap((slot) => slot.subjects),
    ({ segment }) => segment && segmentKey(segment),
  );
  const known = new Set(
    largest.toSorted(bySize).flatMap((segment) => {
      const key = segmentKey(segment);
      const features = new Set((subjects.get(key) ?? []).map(({ role, name }) => `${role} ${name}`)).size;
      room -= features;
      return room >= 0 ? [key] : [];
    }),
  );
  return slots.map((slot) => onlyOf(slot, (segment) => known.has(segmentKey(segment))));
}

function chosen(slot: Slot, names: readonly string[]): Slot {
  return onlyOf(slot, ({ name }) => names.includes(name));
}

function onlyOf({ sizes, ...slot }: Slot, isWanted: (segment: Segment) => boolean): Slot {
  return {
    ...slot,
    subjects: slot.subjects.filter(({ segment }) => segment !== undefined && isWanted(segment)),
    ...(sizes && { sizes: { rows: sizes.rows, segments: sizes.segments.filter(isWanted) } }),
  };
}

/** Equal ones by name, so that whoever repeats it gets the same. */
function bySize(one: SegmentSizes['segments'][number], other: typeof one): number {
  return other.rows - one.rows || (segmentKey(one) < segmentKey(other) ? -1 : 1);
}

/** Features and outputs of all segments in one slot: 20 segments of 50 features. */
const MOST_SEGMENT_SUBJECTS = 1000;
