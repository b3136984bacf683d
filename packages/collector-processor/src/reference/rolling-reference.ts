import { formatDuration } from '../settings/units.ts';
import type { WindowMeasurement, FeatureMeasurement } from '../evaluate/measurement.ts';
import type { ReportedMoments } from '../evaluate/multivariate/reported-moments.ts';
import type { Observations } from '../evaluate/observations.ts';
import type { ObservedSegment } from '../evaluate/segment-observations.ts';
import { subjectKey } from '../evaluate/subjects.ts';
import { type Comparable, type Learning, type ModelReferences, nothingToCompareWith } from './model-references.ts';
import type { ReferenceEntries, Slot } from './reference-entries.ts';
import { rowsOfSubject, subjectsOf } from './reference-subject.ts';
import { addMoments, closeMoments, rollingMoments } from './rolling-moments.ts';
import { openKey, type RollingPart, type RollingPlan, scatterKey, shelfKey, slotStartOf } from './rolling-plan.ts';
import { addSegments, closeSegments, referencedSegments } from './rolling-segments.ts';
import {
  addedUp,
  kept,
  openSlot,
  partsBySubject,
  type Pooled,
  pooledParts,
  putSlots,
  type Shelves,
  withWindow,
} from './rolling-subjects.ts';
import { dependenceOf } from './slot-scatter.ts';
import { type ReferencedSegments, stillBeingLearnt } from './segment-references.ts';
import { compareWith } from './subject-comparison.ts';
import { type KnownShapes, nothingKnown } from './known-shapes.ts';

/** How far a moving reference has come. Plain JSON, in the evaluation state; the sketches lie on shelves beside it. */
export interface RollingState {
  /** Start of the first slot, in milliseconds since the epoch. */
  readonly since: number;
  /** Start of the slot that windows are still added to. */
  readonly openStart?: number;
  /** `previous`: since when each part beside the whole has had every row. Nothing where it last had none, or not yet. */
  readonly fedSince?: FedSince;
  /** What it was kept by: other settings begin anew, and know from here what to clear away. */
  readonly plan: RollingPlan;
}

type FedSince = Readonly<Partial<Record<Exclude<RollingPart, 'whole'>, number>>>;

export interface Period {
  readonly start: number;
  readonly end: number;
}

/** Closes the slot that a window has left behind. Before the window is judged, so that it may be compared with it. */
export async function closeSlot(
  plan: RollingPlan,
  state: RollingState | undefined,
  window: Period,
  { entries, shapes, segments }: Shelves,
): Promise<RollingState> {
  const slotStart = slotStartOf(plan, window);
  if (state === undefined) return { since: slotStart, plan };
  const { openStart, ...others } = state;
  if (openStart === undefined || openStart >= slotStart) return state;
  const closed = await openSlot(plan, openStart, entries);
  if (closed !== undefined) {
    const key = shelfKey(plan, openStart);
    const before = await entries.get(key);
    const slots = kept(plan, [...(before?.slots ?? []), closed]);
    await putSlots(plan, { part: 'whole', key, before }, slots, entries, shapes);
  }
  entries.drop([openKey(plan)]);
  await closeSegments(plan, openStart, { segments, shapes: ofOwnBins(shapes), entries });
  await closeMoments(plan, openStart, entries);
  return { ...others, plan };
}

type Judgement = Pick<WindowMeasurement, 'rows' | 'features' | 'segments' | 'correlation'>;

/** A judged window, and what it says by itself. */
export interface JudgedWindow {
  readonly window: Period;
  readonly measurement: Judgement;
  readonly observations: readonly Observations[];
  /** Undefined where no segment is judged against this reference. */
  readonly segments: readonly ObservedSegment[] | undefined;
  readonly moments: readonly ReportedMoments[];
}

/** Adds a judged window to the slot that is open. */
export async function addWindow(
  plan: RollingPlan,
  state: RollingState,
  { window, measurement, observations, segments, moments }: JudgedWindow,
  entries: ReferenceEntries,
): Promise<RollingState> {
  const seen = subjectsOf(observations);
  if (seen.length === 0) return state;
  const start = slotStartOf(plan, window);
  const open = await openSlot(plan, start, entries);
  const drifted = driftedFrom(plan.id, measurement);
  entries.put(openKey(plan), { slots: [withWindow(plan, { start, open, drifted }, seen)] });
  if (segments !== undefined) {
    const found = { segments, rows: measurement.rows, drifted: driftedSegments(plan.id, measurement) };
    await addSegments(plan, start, found, entries);
  }
  const hasOtherCorrelations = plan.kind === 'seasonal' && isCorrelationDrifted(plan.id, measurement);
  if (!hasOtherCorrelations) await addMoments(plan, start, moments, entries);
  const kept = { since: Math.min(state.since, start), openStart: start, plan };
  if (plan.kind === 'seasonal') return kept;
  // Of a slot that has begun without them, rows are missing.
  const from = window.start <= start ? start : start + plan.slotMs;
  const known = { segments: from, moments: from, ...state.fedSince };
  return { ...kept, fedSince: { moments: known.moments, ...(segments !== undefined && { segments: known.segments }) } };
}

/** By what this reference itself says, where there are several: each has its own idea of what is normal. */
function driftedFrom(id: string, { features }: Judgement): ReadonlySet<string> {
  const isDrifted = ({ state, referenceId, references }: FeatureMeasurement) =>
    references === undefined
      ? state === 'drift' && referenceId === id
      : references.some((one) => one.referenceId === id && one.state === 'drift');
  return new Set(features.filter(isDrifted).map((feature) => subjectKey(feature)));
}

/** Segments are judged against one reference only. */
function driftedSegments(id: string, { segments = [] }: Judgement): ReadonlySet<string> {
  return new Set(
    segments.flatMap((segment) =>
      segment.features
        .filter(({ state, referenceId }) => state === 'drift' && referenceId === id)
        .map((feature) => subjectKey(feature, segment)),
    ),
  );
}

function isCorrelationDrifted(id: string, { correlation }: Judgement): boolean {
  if (correlation === undefined) return false;
  const told = correlation.references ?? [correlation];
  return told.some(({ referenceId, state }) => referenceId === id && state === 'drift');
}

/** What one horizon of a window is compared with. Slots that end after the horizon began are no part of it. */
export async function rollingReferences(
  plan: RollingPlan,
  state: RollingState,
  horizon: Period,
  { entries, shapes, segments: names }: Shelves,
): Promise<ModelReferences> {
  const { slots, progress } = await slotsFor(plan, state, horizon, entries);
  const least = plan.kind === 'seasonal' ? plan.minPeriods : 1;
  if (slots.length < least) return { ...nothingToCompareWith, segments: stillLearning, learning: progress };

  const scatterOf = async (part: RollingPart) =>
    plan.kind === 'seasonal' ? await entries.get(scatterKey(plan, part)) : undefined;
  const parts = partsBySubject(slots);
  const whole = { pooledOf: pooledLazily(parts, plan), scatter: (await scatterOf('whole'))?.scatter };
  const ofSegments = names.length === 0 ? [] : await partFor(plan, state, horizon, 'segments', entries);
  const apart = {
    pooledOf: pooledLazily(partsBySubject(ofSegments), plan),
    scatter: (await scatterOf('segments'))?.scatter,
  };
  const ofMoments = await partFor(plan, state, horizon, 'moments', entries);
  const pairScatter = (await scatterOf('moments'))?.pairScatter ?? [];
  const pooled = new Map([...parts.keys()].map((key) => [key, whole.pooledOf(key)!]));
  return {
    calibration: undefined,
    subjects: [...pooled.values()].map(({ subject }) => subject),
    drifted: driftedIn(plan, slots, pooled),
    compare(observed): Comparable {
      const key = subjectKey(observed, observed.segment);
      const { pooledOf, scatter } = observed.segment === undefined ? whole : apart;
      const found = pooledOf(key);
      const known = observed.segment === undefined ? shapes : ofOwnBins(shapes);
      const compared = { referenceId: plan.id, ...compareWith(found?.subject, observed, known) };
      if (plan.kind === 'previous' || found === undefined) return compared;
      const { periods } = found;
      if (periods < least) return { ...compared, reference: undefined, problem: 'too_few_periods' };
      return { ...compared, dependence: { seasonal: dependenceOf(scatter?.[key], periods) } };
    },
    segments: referencedSegments(plan, ofSegments),
    moments: (reported) => rollingMoments(plan, ofMoments, pairScatter, reported),
  };
}

/** Bins of a profile are those of the whole: a segment has its own. */
function ofOwnBins({ order }: KnownShapes): KnownShapes {
  return { ...nothingKnown, order };
}

const stillLearning: ReferencedSegments = {
  values: () => [],
  standing: () => ({ reason: stillBeingLearnt }),
};

/** A window asks for some of what was kept. */
function pooledLazily(
  parts: ReturnType<typeof partsBySubject>,
  plan: RollingPlan,
): (key: string) => Pooled | undefined {
  const known = new Map<string, Pooled>();
  return (key) => {
    const own = parts.get(key);
    const pooled = known.get(key) ?? (own && pooledParts(own, plan));
    if (pooled !== undefined) known.set(key, pooled);
    return pooled;
  };
}

async function slotsFor(
  plan: RollingPlan,
  { since }: RollingState,
  horizon: Period,
  entries: ReferenceEntries,
): Promise<{ readonly slots: readonly Slot[]; readonly progress: Learning }> {
  const slots = await slotsBefore(plan, horizon, 'whole', entries);
  if (plan.kind === 'seasonal') {
    const progress = {
      needs: `the same time of ${plan.minPeriods} earlier periods`,
      has: `${slots.length} so far`,
    };
    return { slots, progress };
  }
  const { start, end } = periodBefore(plan, horizon);
  // Part of a day is no day: its hours would be compared with others.
  const has = since > start ? `${formatDuration(Math.max(0, end - since))} so far` : 'no rows of that time';
  const progress = { needs: `${formatDuration(plan.periodMs)} before the window`, has };
  return { slots: since > start ? [] : slots, progress };
}

/** Of the same slots, what is kept apart. Of a period before, nothing until it had all rows of it: no rows are none. */
async function partFor(
  plan: RollingPlan,
  { fedSince }: RollingState,
  horizon: Period,
  part: Exclude<RollingPart, 'whole'>,
  entries: ReferenceEntries,
): Promise<readonly Slot[]> {
  const isPartial =
    plan.kind === 'previous' && (fedSince?.[part] ?? Number.POSITIVE_INFINITY) > periodBefore(plan, horizon).start;
  return isPartial ? [] : await slotsBefore(plan, horizon, part, entries);
}

async function slotsBefore(
  plan: RollingPlan,
  horizon: Period,
  part: RollingPart,
  entries: ReferenceEntries,
): Promise<readonly Slot[]> {
  if (plan.kind === 'seasonal') {
    const start = slotStartOf(plan, horizon);
    const shelf = await entries.get(shelfKey(plan, start, part));
    return (shelf?.slots ?? []).filter((slot) => slot.start < start);
  }
  const { start, end } = periodBefore(plan, horizon);
  const shelf = await entries.get(shelfKey(plan, end, part));
  return (shelf?.slots ?? []).filter((slot) => slot.end <= end && slot.start >= start);
}

/** In whole slots. */
function periodBefore({ slotMs, periodMs }: RollingPlan, horizon: Period): Period {
  const end = Math.floor(horizon.start / slotMs) * slotMs;
  return { start: end - periodMs, end };
}

/** Subjects of which a part worth naming was found to drift. */
function driftedIn(
  plan: RollingPlan,
  slots: readonly Slot[],
  pooled: ReadonlyMap<string, Pooled>,
): NonNullable<ModelReferences['drifted']> {
  const rows = slots.reduce<Readonly<Record<string, number>>>(
    (sum, { drifted }) => addedUp(sum, Object.entries(drifted)),
    {},
  );
  const names = Object.entries(rows).flatMap(([key, count]) => {
    const held = pooled.get(key);
    const all = (held === undefined ? 0 : rowsOfSubject(held.subject)) + (plan.kind === 'seasonal' ? count : 0);
    return count > DRIFTED_SHARE * all ? [key] : [];
  });
  return { subjects: names, isLeftOut: plan.kind === 'seasonal' };
}

const DRIFTED_SHARE = 0.05;
