import { inflation } from '../evaluate/drift/decision/overdispersion.ts';
import { freeRows } from '../evaluate/drift/decision/seasonal-inflation.ts';
import type { MomentsReference, SeasonalPairs } from '../evaluate/multivariate/compared-moments.ts';
import { ofPairs, scatterOfZ } from '../evaluate/multivariate/fisher-z.ts';
import type { ReportedMoments } from '../evaluate/multivariate/reported-moments.ts';
import { type CapturedMoments, standardisedMoments, withMoments } from './captured.ts';
import type { PairScatter, ReferenceEntries, Slot } from './reference-entries.ts';
import { openKey, type RollingPlan, scatterKey, shelfKey } from './rolling-plan.ts';
import { FORGOTTEN_AFTER, openSlot, SPARE_MS } from './rolling-subjects.ts';

/** Adds how features went together in a window to the slot that is open. */
export async function addMoments(
  plan: RollingPlan,
  start: number,
  reported: readonly ReportedMoments[],
  entries: ReferenceEntries,
): Promise<void> {
  if (reported.length === 0) return;
  const key = openKey(plan, 'moments');
  const open = await openSlot(plan, start, entries, 'moments');
  // Names come from senders.
  const { moments = [] } = withMoments([...(open?.moments ?? []), ...reported]);
  const largest = moments.toSorted((one, other) => other.count - one.count).slice(0, MOST_SENDERS);
  entries.put(key, { slots: [{ start, end: start + plan.slotMs, subjects: [], drifted: {}, moments: largest }] });
}

export async function closeMoments(plan: RollingPlan, start: number, entries: ReferenceEntries): Promise<void> {
  const closed = await openSlot(plan, start, entries, 'moments');
  if (closed === undefined) return;
  entries.drop([openKey(plan, 'moments')]);
  const key = shelfKey(plan, start, 'moments');
  const before = await entries.get(key);
  const slots = kept(plan, [...(before?.slots ?? []), { ...closed, moments: (closed.moments ?? []).map(rounded) }]);
  if (plan.kind === 'previous') {
    entries.put(key, { slots });
    return;
  }
  const scatter = pairScatter(slots);
  entries.put(key, { slots, pairScatter: scatter });
  const everywhere = (await entries.get(scatterKey(plan, 'moments')))?.pairScatter ?? [];
  const sums = replaced(everywhere, before?.pairScatter ?? [], scatter);
  entries.put(scatterKey(plan, 'moments'), { slots: [], pairScatter: sums });
}

/** What senders of one profile reported is compared with; undefined until there are periods enough. */
export function rollingMoments(
  plan: RollingPlan,
  slots: readonly Slot[],
  everywhere: readonly PairScatter[],
  reported: ReportedMoments,
): MomentsReference | undefined {
  const parts = slots.flatMap(({ moments = [] }) => moments.filter((one) => isSame(one, reported)));
  if (parts.length < (plan.kind === 'seasonal' ? plan.minPeriods : 1)) return undefined;
  const pooled = { id: plan.id, ...pooledWithin(parts) };
  const scatter = plan.kind === 'seasonal' ? everywhere.find((one) => isSame(one, reported)) : undefined;
  return scatter === undefined || scatter.free < LEAST_FREE ? pooled : { ...pooled, seasonal: seasonalPairs(scatter) };
}

/**
 * How features went together inside of the slots: the means of days, or of hours, differ, and a window of a few minutes
 * has none of that. One row for each slot but the first is what their means cost.
 */
export function pooledWithin(parts: readonly CapturedMoments[]): CapturedMoments {
  const [first] = parts;
  if (first === undefined) throw new RangeError('moments: there is nothing to pool');
  const rows = parts.reduce((sum, { count }) => sum + count, 0);
  const total = (of: (part: CapturedMoments) => number) => parts.reduce((sum, part) => sum + of(part), 0);
  return {
    referenceId: first.referenceId,
    names: first.names,
    count: Math.max(1, rows - parts.length + 1),
    means: first.names.map((_, i) => total(({ means, count }) => ((means[i] ?? 0) * count) / Math.max(1, rows))),
    sums: first.sums.map((_, i) => total(({ sums }) => sums[i] ?? 0)),
  };
}

/** What no later window reads goes: of each sender's profile the newest periods stay, however old they are. */
function kept({ kind, periods, periodMs, slotMs }: RollingPlan, slots: readonly Slot[]): readonly Slot[] {
  const newest = slots.at(-1);
  if (newest === undefined) return slots;
  if (kind === 'previous') return slots.filter(({ start }) => start >= newest.end - periodMs - SPARE_MS - slotMs);
  const recent = slots.filter(({ start }) => start >= newest.start - FORGOTTEN_AFTER * periods * periodMs);
  const found = new Map<string, number>();
  return recent
    .toReversed()
    .flatMap((slot) => {
      const moments = (slot.moments ?? []).filter((one) => {
        const key = keyOf(one);
        const already = found.get(key) ?? 0;
        if (already === 0 && found.size >= MOST_SENDERS) return false;
        found.set(key, already + 1);
        return already < periods;
      });
      return moments.length === 0 ? [] : [{ ...slot, moments }];
    })
    .toReversed();
}

/** Of one slot of the cycle: how Fisher's z of each pair scatters over the days, by the rows of these. */
function pairScatter(slots: readonly Slot[]): readonly PairScatter[] {
  const bySender = Map.groupBy(
    slots.flatMap(({ moments = [] }) => moments.filter(({ count }) => count >= LEAST_DAY_ROWS)),
    keyOf,
  );
  return [...bySender.values()].flatMap((days) => {
    const [first] = days;
    const free = days.length - 1;
    if (first === undefined || free < 1) return [];
    const each = days.map((day) => standardisedMoments(day));
    const phi = ofPairs(first.names.length, (one, other) => {
      const samples = each.flatMap((day) => {
        const r = day.correlation(one, other);
        return r === undefined ? [] : [{ r, rows: day.count }];
      });
      // A feature that did not vary on most days says nothing, and counts as one whose rows are independent.
      return samples.length < 2 ? free : free * scatterOfZ(samples);
    });
    const { referenceId, names } = first;
    const rows = freeRows(days.map(({ count }) => count));
    return [{ referenceId, names, phi: phi.map((value) => Number(value.toPrecision(6))), rows, free }];
  });
}

/** One slot was closed anew: what it said goes, and what it says now comes. */
function replaced(
  all: readonly PairScatter[],
  removed: readonly PairScatter[],
  added: readonly PairScatter[],
): readonly PairScatter[] {
  const signed = [all, added, removed.map((one) => scaled(one, -1))].flat();
  return [...Map.groupBy(signed, keyOf).values()]
    .map(([first, ...others]) => others.reduce((sum, one) => together(sum, one), first ?? NO_SCATTER))
    .filter(({ free }) => free > 0);
}

const NO_SCATTER: PairScatter = { referenceId: '', names: [], phi: [], rows: 0, free: 0 };

function scaled({ phi, rows, free, ...about }: PairScatter, by: number): PairScatter {
  return { ...about, phi: phi.map((value) => value * by), rows: rows * by, free: free * by };
}

function together(one: PairScatter, other: PairScatter): PairScatter {
  const phi = one.phi.map((value, i) => value + (other.phi[i] ?? 0));
  return { ...one, phi, rows: one.rows + other.rows, free: one.free + other.free };
}

/** As of features: with an allowance for knowing it from few days, or what all pairs do on average. */
function seasonalPairs({ phi, rows, free }: PairScatter): SeasonalPairs {
  const own = phi.map((value) => value / free);
  const pooled = own.reduce((sum, value) => sum + value, 0) / Math.max(1, own.length);
  return { variances: own.map((value) => inflation(value, pooled, free + 1)), rows: rows / free };
}

function isSame(one: Pick<CapturedMoments, 'referenceId' | 'names'>, other: typeof one): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf({ referenceId, names }: Pick<CapturedMoments, 'referenceId' | 'names'>): string {
  return JSON.stringify([referenceId, names]);
}

/** Sums about their own means lose no digits where it counts, and a slot of 50 features has 1,325 numbers. */
function rounded({ referenceId, names, count, means, sums }: CapturedMoments): CapturedMoments {
  return { referenceId, names, count, means: means.map(nineDigits), sums: sums.map(nineDigits) };
}

function nineDigits(value: number): number {
  return Number(value.toPrecision(9));
}

/** Senders whose profiles differ are standardised otherwise, and kept apart. */
const MOST_SENDERS = 4;
/** A day with fewer complete rows says little of a correlation. */
const LEAST_DAY_ROWS = 20;
/** Days less one over all slots: with fewer, the wobble is not known well enough to correct by. */
const LEAST_FREE = 20;
