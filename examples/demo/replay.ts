import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedFlight } from './flight.ts';

export const WEEK_MS = 7 * 24 * 3_600_000;

export type Moment =
  | { readonly kind: 'departure'; readonly at: number; readonly flight: RecordedFlight }
  | { readonly kind: 'arrival'; readonly at: number; readonly flight: RecordedFlight; readonly late: boolean };

export interface Week {
  readonly isHeldBack: boolean;
  readonly start: number;
  readonly end: number;
  /** In the order of time: departures of this week, arrivals of this week or of those before. */
  readonly moments: readonly Moment[];
}

/** The time of the flights, not of the computer. It stands still until somebody moves it. */
export class SimulatedClock {
  #now: number;

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  advanceTo(ms: number): void {
    this.#now = Math.max(this.#now, ms);
  }
}

/**
 * Production keeps its true times. The rows held back are a random sample of a whole quarter and belong to no week:
 * they are laid evenly, in the order of their file, over as many weeks before production as make equal numbers.
 */
export function weeksOf(heldBack: readonly RecordedFlight[], production: readonly RecordedFlight[]): readonly Week[] {
  const [first, last] = [production.at(0), production.at(-1)];
  if (first === undefined || last === undefined) return [];
  const productionStart = weekStart(first.at.getTime());
  const productionWeeks = 1 + (weekStart(last.at.getTime()) - productionStart) / WEEK_MS;
  const heldBackWeeks = Math.round(heldBack.length / (production.length / productionWeeks));
  const start = productionStart - heldBackWeeks * WEEK_MS;

  const moments = [...laidEvenly(heldBack, start, productionStart), ...production].flatMap(momentsOf);
  moments.sort((one, other) => one.at - other.at);

  const count = heldBackWeeks + productionWeeks;
  // What arrives after the last week ends it.
  const byWeek = Map.groupBy(moments, ({ at }) => Math.min(count - 1, Math.floor((at - start) / WEEK_MS)));
  return Array.from({ length: count }, (_, index) => ({
    isHeldBack: index < heldBackWeeks,
    start: start + index * WEEK_MS,
    end: start + (index + 1) * WEEK_MS,
    moments: byWeek.get(index) ?? [],
  }));
}

/** Windows are aligned to 1970. */
function weekStart(at: number): number {
  return Math.floor(at / WEEK_MS) * WEEK_MS;
}

function laidEvenly(flights: readonly RecordedFlight[], start: number, end: number): readonly RecordedFlight[] {
  return flights.map((flight, index) => {
    const at = new Date(start + ((index + 0.5) / flights.length) * (end - start));
    const flown = flight.known_at === null ? null : flight.known_at.getTime() - flight.at.getTime();
    return { ...flight, at, known_at: flown === null ? null : new Date(at.getTime() + flown) };
  });
}

function momentsOf(flight: RecordedFlight): readonly Moment[] {
  const departure: Moment = { kind: 'departure', at: flight.at.getTime(), flight };
  if (flight.known_at === null || flight.late === null) return [departure];
  return [departure, { kind: 'arrival', at: flight.known_at.getTime(), flight, late: flight.late }];
}

export interface Player {
  readonly happens: (moment: Moment) => Promise<void>;
  readonly weekEnds: (week: Week) => Promise<void>;
}

/** Plays week after week, none in less than `weekTakesMs` of real time, until the end or the signal. */
export async function replay(
  weeks: readonly Week[],
  clock: SimulatedClock,
  player: Player,
  { weekTakesMs, signal }: { readonly weekTakesMs: number; readonly signal: AbortSignal },
): Promise<void> {
  for (const week of weeks) {
    const pace = sleep(weekTakesMs, undefined, { signal }).catch(() => undefined);
    for (const moment of week.moments) {
      if (signal.aborted) return;
      clock.advanceTo(moment.at);
      await player.happens(moment);
    }
    clock.advanceTo(week.end);
    await player.weekEnds(week);
    await pace;
  }
}
