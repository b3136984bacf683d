import { HOUR_MS } from '../durations.ts';
import type { ReferenceEntries, Shelf, Slot, SubjectScatter } from './reference-entries.ts';
import { doAddUp, keyOfSubject, mergeSubjects, type ReferenceSubject, rowsOfSubject } from './reference-subject.ts';
import { openKey, type RollingPart, type RollingPlan, scatterKey } from './rolling-plan.ts';
import { replaced, saysAnything, slotScatter } from './slot-scatter.ts';
import type { KnownShapes } from './known-shapes.ts';

/** What closing and reading need beside the plan. */
export interface Shelves {
  readonly entries: ReferenceEntries;
  readonly shapes: KnownShapes;
  /** The attributes whose values are judged apart. */
  readonly segments: readonly string[];
}

/** What an older service left open of a part that it does not know is of another time, and nothing to go on with. */
export async function openSlot(
  plan: RollingPlan,
  start: number,
  entries: ReferenceEntries,
  part: RollingPart = 'whole',
): Promise<Slot | undefined> {
  return (await entries.get(openKey(plan, part)))?.slots.find((slot) => slot.start === start);
}

/** A slot with a window more in it. What is in `drifted` has just been found to drift. */
export function withWindow(
  plan: RollingPlan,
  {
    start,
    open,
    drifted,
  }: { readonly start: number; readonly open: Slot | undefined; readonly drifted: ReadonlySet<string> },
  seen: readonly ReferenceSubject[],
): Slot {
  const driftedRows = seen
    .filter((subject) => drifted.has(keyOfSubject(subject)))
    .map((subject) => [keyOfSubject(subject), rowsOfSubject(subject)] as const);
  // A change that lasts must not become what is normal by lasting; the previous period is whatever it was.
  const taken = plan.kind === 'seasonal' ? seen.filter((subject) => !drifted.has(keyOfSubject(subject))) : seen;
  return {
    start,
    end: start + plan.slotMs,
    subjects: mergeSubjects([open?.subjects ?? [], taken], plan.mostCategories).slice(0, MOST_SUBJECTS),
    drifted: addedUp(open?.drifted ?? {}, driftedRows),
  };
}

/** Puts what is kept of a shelf, and of a season how far its slots scatter. */
export async function putSlots(
  plan: RollingPlan,
  { part, key, before }: { readonly part: RollingPart; readonly key: string; readonly before: Shelf | undefined },
  slots: readonly Slot[],
  entries: ReferenceEntries,
  shapes: KnownShapes,
): Promise<void> {
  if (plan.kind === 'previous') {
    entries.put(key, { slots });
    return;
  }
  const scatter: Record<string, SubjectScatter> = Object.fromEntries(
    [...partsBySubject(slots)].map(([name, all]) => {
      const { subject } = pooledParts(all, plan);
      const alike = all.filter((part) => doAddUp(part, subject));
      return [name, slotScatter(subject, alike, shapes)];
    }),
  );
  entries.put(key, { slots, scatter });
  const everywhere = (await entries.get(scatterKey(plan, part)))?.scatter ?? {};
  const names = new Set([...Object.keys(everywhere), ...Object.keys(scatter)]);
  entries.put(scatterKey(plan, part), {
    slots: [],
    scatter: Object.fromEntries(
      [...names].flatMap((name) => {
        const sums = replaced(everywhere[name], before?.scatter?.[name], scatter[name]);
        return saysAnything(sums) ? [[name, sums] as const] : [];
      }),
    ),
  });
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
    recent.toReversed().flatMap(({ subjects, drifted }) => [...subjects.map(keyOfSubject), ...Object.keys(drifted)]),
  );
  const known = new Set([...heard].slice(0, MOST_SUBJECTS));
  const found = new Map<string, number>();
  return slots
    .toReversed()
    .flatMap((slot, age) => {
      const subjects = slot.subjects.filter((subject) => {
        const key = keyOfSubject(subject);
        const already = found.get(key) ?? 0;
        found.set(key, already + 1);
        return known.has(key) && already < periods;
      });
      return subjects.length === 0 && age >= periods ? [] : [{ ...slot, subjects }];
    })
    .toReversed();
}

export interface Pooled {
  readonly subject: ReferenceSubject;
  /** How many slots it is made of. */
  readonly periods: number;
}

export function partsBySubject(slots: readonly Slot[]): ReadonlyMap<string, readonly ReferenceSubject[]> {
  return Map.groupBy(
    slots.flatMap(({ subjects }) => subjects),
    keyOfSubject,
  );
}

/** Only what adds up with the newest: senders may have gone over to other buckets. */
export function pooledParts(parts: readonly ReferenceSubject[], { mostCategories }: RollingPlan): Pooled {
  const newest = parts.findLast((part) => rowsOfSubject(part) > 0) ?? parts.at(-1);
  const alike = parts.filter((part) => newest !== undefined && doAddUp(part, newest));
  const [subject] = mergeSubjects(
    alike.map((part) => [part]),
    mostCategories,
  );
  return { subject: subject ?? parts[0]!, periods: alike.length };
}

export function addedUp(
  known: Readonly<Record<string, number>>,
  more: readonly (readonly [string, number])[],
): Readonly<Record<string, number>> {
  const sums = new Map(Object.entries(known));
  for (const [key, rows] of more) sums.set(key, (sums.get(key) ?? 0) + rows);
  return Object.fromEntries(sums);
}

/** Beyond the period: the hour that a window may reach back. */
export const SPARE_MS = HOUR_MS;
/** As many times the earlier periods that are pooled. */
export const FORGOTTEN_AFTER = 4;
/** Names come from senders. */
const MOST_SUBJECTS = 10_000;
