import { HOUR_MS } from '../durations.ts';
import { formatDuration } from '../settings/units.ts';

/** A reference that moves along with time: what to keep, and which of it a window is compared with. */
export interface RollingPlan {
  /** As results name it: `previous:1d`, `seasonal:daily`. */
  readonly id: string;
  readonly kind: 'previous' | 'seasonal';
  readonly slotMs: number;
  /** `previous`: how far back; `seasonal`: after how long the same slot comes again. */
  readonly periodMs: number;
  /** `seasonal`: earlier periods to pool, and how few will do. */
  readonly periods: number;
  readonly minPeriods: number;
  /** Of one feature; a pool of slots has more than each of them. */
  readonly mostCategories: number;
}

export type RollingSource =
  | { readonly kind: 'previous'; readonly periodMs: number }
  | {
      readonly kind: 'seasonal';
      readonly cycle: 'daily' | 'weekly';
      readonly periods?: number | undefined;
      readonly minPeriods?: number | undefined;
    };

export function rollingPlan(source: RollingSource, windowMs: number, mostCategories: number): RollingPlan {
  if (source.kind === 'previous') {
    const slots = Math.min(PREVIOUS_SLOTS, Math.max(1, Math.floor(source.periodMs / windowMs)));
    const slotMs = Math.ceil(source.periodMs / slots / windowMs) * windowMs;
    const id = `previous:${formatDuration(source.periodMs)}`;
    return { id, kind: 'previous', slotMs, periodMs: source.periodMs, periods: 1, minPeriods: 1, mostCategories };
  }
  const defaults = cycles[source.cycle];
  const periods = source.periods ?? defaults.periods;
  return {
    id: `seasonal:${source.cycle}`,
    kind: 'seasonal',
    slotMs: Math.max(HOUR_MS, windowMs),
    periodMs: defaults.ms,
    periods,
    minPeriods: Math.min(source.minPeriods ?? LEAST_PERIODS, periods),
    mostCategories,
  };
}

/** The slot that most of a window lies in. */
export function slotStartOf({ slotMs }: RollingPlan, { start, end }: { readonly start: number; readonly end: number }) {
  return Math.floor((start + end) / 2 / slotMs) * slotMs;
}

/** What is kept of another slot length cannot be gone on with: the length is part of every key. */
export function rollingKey({ id, slotMs }: Pick<RollingPlan, 'id' | 'slotMs'>): string {
  return `${id}@${slotMs}`;
}

/** What is kept apart, so that it is read only where it is wanted, and so that older services leave alone what they do not know. */
export type RollingPart = 'whole' | 'segments' | 'moments';

export function openKey(plan: RollingPlan, part: RollingPart = 'whole'): string {
  return `${partKey(plan, part)}/open`;
}

export function scatterKey(plan: RollingPlan, part: RollingPart = 'whole'): string {
  return `${partKey(plan, part)}/scatter`;
}

export function shelfKey(plan: RollingPlan, slotStart: number, part: RollingPart = 'whole'): string {
  const phase = plan.kind === 'previous' ? 0 : Math.floor(modulo(slotStart, plan.periodMs) / plan.slotMs);
  return `${partKey(plan, part)}/${phase}`;
}

/** Everything that is ever kept of it. */
export function keysOf(plan: RollingPlan): readonly string[] {
  const phases = plan.kind === 'previous' ? 1 : Math.ceil(plan.periodMs / plan.slotMs);
  return parts.flatMap((part) => {
    const shelves = Array.from({ length: phases }, (_, phase) => `${partKey(plan, part)}/${phase}`);
    return [openKey(plan, part), scatterKey(plan, part), ...shelves];
  });
}

const parts: readonly RollingPart[] = ['whole', 'segments', 'moments'];

function partKey(plan: RollingPlan, part: RollingPart): string {
  return part === 'whole' ? rollingKey(plan) : `${rollingKey(plan)}/${part}`;
}

const DAY_MS = 24 * HOUR_MS;
const PREVIOUS_SLOTS = 24;
/** With fewer, how far a day wobbles is not known well enough to correct by. */
const LEAST_PERIODS = 4;

export const cycles = {
  daily: { ms: DAY_MS, periods: 7 },
  weekly: { ms: 7 * DAY_MS, periods: 4 },
} as const;

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
