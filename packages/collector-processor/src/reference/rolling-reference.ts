import type { Observations } from '../evaluate/observations.ts';
import { subjectKey } from '../evaluate/subjects.ts';
import { type Comparable, type Learning, type ModelReferences, nothingToCompareWith } from './model-references.ts';
import type { ReferenceEntries, Shelf, Slot, SubjectScatter } from './reference-entries.ts';
import { doAddUp, mergeSubjects, type ReferenceSubject, rowsOfSubject, subjectsOf } from './reference-subject.ts';
import { formatDuration } from '../settings/units.ts';
import { openKey, type RollingPlan, scatterKey, shelfKey, slotStartOf } from './rolling-plan.ts';
import { dependenceOf, replaced, saysAnything, slotScatter } from './slot-scatter.ts';
import type { KnownShapes } from './known-shapes.ts';
import { compareWith } from './subject-comparison.ts';

/** How far a moving reference has come. Plain JSON, in the evaluation state; the sketches lie on shelves beside it. */
export interface RollingState {
  /** Start of the first slot, in milliseconds since the epoch. */
  readonly since: number;
  /** Start of the slot that windows are still added to. */
  readonly openStart?: number;
  /** What it was kept by: other settings begin anew, and know from here what to clear away. */
  readonly plan: RollingPlan;
}

export interface Period {
  readonly start: number;
  readonly end: number;
}

/** Closes the slot that a window has left behind. Before the window is judged, so that it may be compared with it. */
export async function closeSlot(
  plan: RollingPlan,
  state: RollingState | undefined,
  window: Period,
  entries: ReferenceEntries,
  shapes: KnownShapes,
): Promise<RollingState> {
  const slotStart = slotStartOf(plan, window);
  if (state === undefined) return { since: slotStart, plan };
  const { openStart } = state;
  if (openStart === undefined || openStart >= slotStart) return state;
  const [closed] = (await entries.get(openKey(plan)))?.slots ?? [];
  if (closed !== undefined) {
    const key = shelfKey(plan, openStart);
    const shelf = await entries.get(key);
    const slots = kept(plan, [...(shelf?.slots ?? []), closed]);
    if (plan.kind === 'seasonal') await putWithScatter(plan, key, shelf, slots, entries, shapes);
    else entries.put(key, { slots });
  }
  entries.drop([openKey(plan)]);
  return { since: state.since, plan };
}

/** Adds a judged window to the slot that is open. What is in `drifted` has just been found to drift. */
export async function addWindow(
  plan: RollingPlan,
  state: RollingState,
  window: Period,
  observations: readonly Observations[],
  drifted: ReadonlySet<string>,
  entries: ReferenceEntries,
): Promise<RollingState> {
  const seen = subjectsOf(observations);
  if (seen.length === 0) return state;
  const start = slotStartOf(plan, window);
  const [open] = state.openStart === start ? ((await entries.get(openKey(plan)))?.slots ?? []) : [];
  const driftedRows = seen
    .filter((subject) => drifted.has(subjectKey(subject)))
    .map((subject) => [subjectKey(subject), rowsOfSubject(subject)] as const);
  const slot: Slot = {
    start,
    end: start + plan.slotMs,
    // A change that lasts must not become what is normal by lasting; the previous period is whatever it was.
    subjects: mergeSubjects(
      [
        open?.subjects ?? [],
        plan.kind === 'seasonal' ? seen.filter((subject) => !drifted.has(subjectKey(subject))) : seen,
      ],
      plan.mostCategories,
    ).slice(0, MOST_SUBJECTS),
    drifted: addedUp(open?.drifted ?? {}, driftedRows),
  };
  entries.put(openKey(plan), { slots: [slot] });
  return { since: Math.min(state.since, start), openStart: start, plan };
}

/** What one horizon of a window is compared with. Slots that end after the horizon began are no part of it. */
export async function rollingReferences(
  plan: RollingPlan,
  state: RollingState,
  horizon: Period,
  entries: ReferenceEntries,
  shapes: KnownShapes,
): Promise<ModelReferences> {
  const { slots, progress } = await slotsFor(plan, state, horizon, entries);
  const scatter = plan.kind === 'seasonal' ? (await entries.get(scatterKey(plan)))?.scatter : undefined;
  const least = plan.kind === 'seasonal' ? plan.minPeriods : 1;
  if (slots.length < least) return { ...nothingToCompareWith, learning: progress };

  const bySubject = new Map<string, readonly ReferenceSubject[]>();
  for (const slot of slots) {
    for (const subject of slot.subjects) {
      const key = subjectKey(subject);
      bySubject.set(key, [...(bySubject.get(key) ?? []), subject]);
    }
  }
  const pooled = new Map([...bySubject].map(([key, parts]) => [key, pooledParts(parts, plan)]));
  return {
    calibration: undefined,
    subjects: [...pooled.values()].map(({ subject }) => subject),
    drifted: driftedIn(plan, slots, pooled),
    compare(observed): Comparable {
      const key = subjectKey(observed);
      const found = pooled.get(key);
      const compared = { referenceId: plan.id, ...compareWith(found?.subject, observed, shapes) };
      if (plan.kind === 'previous' || found === undefined) return compared;
      const { periods } = found;
      if (periods < least) return { ...compared, reference: undefined, problem: 'too_few_periods' };
      return { ...compared, dependence: { seasonal: dependenceOf(scatter?.[key], periods) } };
    },
  };
}

interface Pooled {
  readonly subject: ReferenceSubject;
  /** How many slots it is made of. */
  readonly periods: number;
}

/** Only what adds up with the newest: senders may have gone over to other buckets. */
function pooledParts(parts: readonly ReferenceSubject[], { mostCategories }: RollingPlan): Pooled {
  const newest = parts.findLast((part) => rowsOfSubject(part) > 0) ?? parts.at(-1);
  const alike = parts.filter((part) => newest !== undefined && doAddUp(part, newest));
  const [subject] = mergeSubjects(
    alike.map((part) => [part]),
    mostCategories,
  );
  return { subject: subject ?? parts[0]!, periods: alike.length };
}

async function slotsFor(
  plan: RollingPlan,
  { since }: RollingState,
  horizon: Period,
  entries: ReferenceEntries,
): Promise<{ readonly slots: readonly Slot[]; readonly progress: Learning }> {
  if (plan.kind === 'seasonal') {
    const start = slotStartOf(plan, horizon);
    const shelf = await entries.get(shelfKey(plan, start));
    const slots = (shelf?.slots ?? []).filter((slot) => slot.start < start);
    const progress = {
      needs: `the same time of ${plan.minPeriods} earlier periods`,
      has: `${slots.length} so far`,
    };
    return { slots, progress };
  }
  const end = Math.floor(horizon.start / plan.slotMs) * plan.slotMs;
  const start = end - plan.periodMs;
  const shelf = await entries.get(shelfKey(plan, end));
  const slots = (shelf?.slots ?? []).filter((slot) => slot.end <= end && slot.start >= start);
  // Part of a day is no day: its hours would be compared with others.
  const has = since > start ? `${formatDuration(Math.max(0, end - since))} so far` : 'no rows of that time';
  const progress = { needs: `${formatDuration(plan.periodMs)} before the window`, has };
  return { slots: since > start ? [] : slots, progress };
}

/**
 * What no later window reads goes. Of a season each subject has its own: those left out are older, and what nobody has
 * sent for several seasons is not waited for any longer.
 */
export function kept({ kind, periods, periodMs, slotMs }: RollingPlan, slots: readonly Slot[]): readonly Slot[] {
  const newest = slots.at(-1);
  if (newest === undefined) return slots;
  if (kind === 'previous') return slots.filter(({ start }) => start >= newest.end - periodMs - SPARE_MS - slotMs);
  const recent = slots.filter(({ start }) => start >= newest.start - FORGOTTEN_AFTER * periods * periodMs);
  // What is left out as drifted was sent as well.
  const heard = new Set(
    recent
      .toReversed()
      .flatMap(({ subjects, drifted }) => [...subjects.map((subject) => subjectKey(subject)), ...Object.keys(drifted)]),
  );
  const known = new Set([...heard].slice(0, MOST_SUBJECTS));
  const found = new Map<string, number>();
  return slots
    .toReversed()
    .flatMap((slot, age) => {
      const subjects = slot.subjects.filter((subject) => {
        const key = subjectKey(subject);
        const already = found.get(key) ?? 0;
        found.set(key, already + 1);
        return known.has(key) && already < periods;
      });
      return subjects.length === 0 && age >= periods ? [] : [{ ...slot, subjects }];
    })
    .toReversed();
}

async function putWithScatter(
  plan: RollingPlan,
  key: string,
  before: Shelf | undefined,
  slots: readonly Slot[],
  entries: ReferenceEntries,
  shapes: KnownShapes,
): Promise<void> {
  const parts = new Map<string, ReferenceSubject[]>();
  for (const subject of slots.flatMap(({ subjects }) => subjects)) {
    const name = subjectKey(subject);
    parts.set(name, [...(parts.get(name) ?? []), subject]);
  }
  const scatter: Record<string, SubjectScatter> = Object.fromEntries(
    [...parts].map(([name, all]) => {
      const { subject } = pooledParts(all, plan);
      return [
        name,
        slotScatter(
          subject,
          all.filter((part) => doAddUp(part, subject)),
          shapes,
        ),
      ];
    }),
  );
  entries.put(key, { slots, scatter });
  const everywhere = (await entries.get(scatterKey(plan)))?.scatter ?? {};
  const names = new Set([...Object.keys(everywhere), ...Object.keys(scatter)]);
  entries.put(scatterKey(plan), {
    slots: [],
    scatter: Object.fromEntries(
      [...names].flatMap((name) => {
        const sums = replaced(everywhere[name], before?.scatter?.[name], scatter[name]);
        return saysAnything(sums) ? [[name, sums] as const] : [];
      }),
    ),
  });
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

function addedUp(
  known: Readonly<Record<string, number>>,
  more: readonly (readonly [string, number])[],
): Readonly<Record<string, number>> {
  const sums = new Map(Object.entries(known));
  for (const [key, rows] of more) sums.set(key, (sums.get(key) ?? 0) + rows);
  return Object.fromEntries(sums);
}

/** Beyond the period: the hour that a window may reach back. */
const SPARE_MS = 3_600_000;
const DRIFTED_SHARE = 0.05;
/** As many times the earlier periods that are pooled. */
const FORGOTTEN_AFTER = 4;
/** Names come from senders. */
const MOST_SUBJECTS = 10_000;
