import { beforeAll, describe, expect, it } from 'vitest';
import { type RecordedFlight, readFlights } from './flight.ts';
import { type Moment, replay, SimulatedClock, type Week, weeksOf } from './replay.ts';

let heldBack: readonly RecordedFlight[];
let production: readonly RecordedFlight[];
let weeks: readonly Week[];

beforeAll(async () => {
  [heldBack, production] = await Promise.all([readFlights('held-back'), readFlights('production')]);
  weeks = weeksOf(heldBack, production);
});

const flown = ({ at, known_at }: RecordedFlight): number => (known_at?.getTime() ?? 0) - at.getTime();
const departures = (week: Week): readonly Moment[] => week.moments.filter(({ kind }) => kind === 'departure');

describe('the weeks of the replay', () => {
  it('are six of rows held back, then 38 of production, 1,200 departures each', () => {
    expect(weeks.map(({ isHeldBack }) => isHeldBack)).toEqual([...Array(6).fill(true), ...Array(38).fill(false)]);
    expect(weeks.map((week) => departures(week).length)).toEqual(Array(44).fill(1_200));
    expect(new Date(weeks[6]?.start ?? 0).toISOString()).toBe('2013-04-04T00:00:00.000Z');
  });

  it('keep the true times of production, and lose no flight and no truth', () => {
    const played = weeks.slice(6).flatMap(departures);
    expect(played.map(({ at }) => at)).toEqual(production.map(({ at }) => at.getTime()));
    const known = [...heldBack, ...production].filter(({ late }) => late !== null).length;
    expect(weeks.flatMap(({ moments }) => moments).filter(({ kind }) => kind === 'arrival')).toHaveLength(known);
  });

  it('deal the rows held back in the order of their file, with the time each truth took', () => {
    const played = weeks.slice(0, 6).flatMap(departures);
    expect(played.map(({ flight }) => flight.id)).toEqual(heldBack.map(({ id }) => id));
    const [first] = heldBack.filter(({ known_at }) => known_at !== null);
    const laid = played.find(({ flight }) => flight.id === first?.id)?.flight;
    expect(laid && flown(laid)).toBe(first && flown(first));
  });

  it('tell the truth after the prediction it belongs to', () => {
    const seen = new Set<string>();
    for (const moment of weeks.flatMap(({ moments }) => moments)) {
      if (moment.kind === 'departure') seen.add(moment.flight.id);
      else expect(seen.has(moment.flight.id)).toBe(true);
    }
  });
});

describe('the clock of the replay', () => {
  it('shows each moment its own time, each week its end, and never goes back', async () => {
    const clock = new SimulatedClock(0);
    const times: number[] = [];
    const shown = new Set<boolean>();
    await replay(
      weeks.slice(0, 2),
      clock,
      {
        happens: async (moment) => {
          times.push(clock.now());
          shown.add(clock.now() === moment.at);
        },
        weekEnds: async (week) => {
          expect(clock.now()).toBe(week.end);
        },
      },
      { weekTakesMs: 0, signal: new AbortController().signal },
    );
    expect(shown).toEqual(new Set([true]));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it('stops at the signal between two moments', async () => {
    const stop = new AbortController();
    let happened = 0;
    await replay(
      weeks,
      new SimulatedClock(0),
      {
        happens: async () => {
          happened += 1;
          if (happened === 10) stop.abort();
        },
        weekEnds: async () => expect.unreachable(),
      },
      { weekTakesMs: 60_000, signal: stop.signal },
    );
    expect(happened).toBe(10);
  });
});
