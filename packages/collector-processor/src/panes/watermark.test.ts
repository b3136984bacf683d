import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fraudModel } from '../../../../test/support/units.ts';
import type { ModelProgress, PaneProgress, WriterProgress } from '../store/store.ts';
import { isDue, type SealRules, sealable } from './watermark.ts';

const minute = 60_000;
const paneMs = 5 * minute;
const rules: SealRules = { latenessMs: minute, holdMs: 10 * minute, serviceStart: 0 };

describe('a pane is sealed', () => {
  it('when every sender that is there has passed it and its lateness', () => {
    const at = (otherEnd: number) => reasons({ maxEnd: 6, writers: [{ lastEnd: 6 }, { lastEnd: otherEnd }] });
    expect(at(5.9)).toEqual([]);
    expect(at(6)).toEqual(['passed']);
  });

  it('without a sender that is gone, and without one whose data are sealed already', () => {
    const gone = { lastEnd: 1, lastSeen: 6, intervalMs: 0 };
    expect(reasons({ maxEnd: 6, now: 7, writers: [{ lastEnd: 6 }, gone] })).toEqual([]);
    expect(reasons({ maxEnd: 6, now: 7.1, writers: [{ lastEnd: 6 }, gone] })).toEqual(['passed']);
    expect(reasons({ maxEnd: 6, now: 7.1, writers: [{ lastEnd: 6 }, { ...gone, intervalMs: minute }] })).toEqual([]);
    const laggard = { lastEnd: 4 };
    expect(reasons({ sealedEnd: 5, panes: [5], maxEnd: 11, now: 11, writers: [{ lastEnd: 11 }, laggard] })).toEqual([
      'passed',
    ]);
  });

  it('when a straggler was waited for long enough, counted from when the pane was due', () => {
    const at = (now: number) => reasons({ maxEnd: 6, dueSince: 7, now, writers: [{ lastEnd: 1, lastSeen: now }] });
    expect(at(16.9)).toEqual([]);
    expect(at(17)).toEqual(['hold']);
  });

  it('when nobody sends any more, but not while its own time runs', () => {
    const silent = { lastEnd: 1, lastSeen: 1 };
    expect(reasons({ maxEnd: 1, now: 5.9, writers: [silent] })).toEqual([]);
    expect(reasons({ maxEnd: 1, now: 6, writers: [silent] })).toEqual(['idle']);
    expect(reasons({ maxEnd: 1, now: 6, writers: [{ ...silent, lastSeen: 5.5 }] })).toEqual([]);
  });

  it('never before the service has listened for a moment', () => {
    const serviceStart = 5.5 * minute;
    const writers = [{ lastEnd: 6 }];
    expect(reasons({ maxEnd: 6, now: 6.4, writers }, { ...rules, serviceStart })).toEqual([]);
    expect(reasons({ maxEnd: 6, now: 6.5, writers }, { ...rules, serviceStart })).toEqual(['passed']);
  });

  it('by event time alone when history is replayed today', () => {
    const today = Date.UTC(2026, 10, 20) / minute;
    const writers = [{ lastEnd: 11, lastSeen: today }];
    expect(reasons({ panes: [0, 5, 10], maxEnd: 11, now: today, writers })).toEqual(['passed', 'passed']);
  });
});

describe('with any senders', () => {
  it('nothing is late that was on its way no longer than the lateness allows (I6), and panes are sealed in order', () => {
    fc.assert(
      fc.property(schedule({ mostDelayMs: minute }), (units) => {
        const { late, sealed } = simulate(units);
        expect(late).toEqual([]);
        expect(sealed.map(({ pane }) => pane.start)).toEqual(
          sealed.map(({ pane }) => pane.start).toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('something is late when it was longer on its way, so that the property above can fail', () => {
    const units = fc.sample(schedule({ mostDelayMs: 40 * minute }), 200);
    expect(units.some((schedule) => simulate(schedule).late.length > 0)).toBe(true);
  });

  it('every pane is sealed in time: hold after it was due, or once everybody is gone (I7)', () => {
    fc.assert(
      fc.property(schedule({ mostDelayMs: 40 * minute }), (units) => {
        const { open, sealed, silentAt } = simulate(units);
        expect(open).toEqual([]);
        for (const { pane, at, dueAt } of sealed) {
          const afterSilence = Math.max(silentAt + 3 * minute, pane.end + rules.latenessMs);
          const latest = Math.min(dueAt === undefined ? Infinity : dueAt + rules.holdMs, afterSilence);
          expect(at).toBeLessThanOrEqual(latest + tick);
        }
      }),
      { numRuns: 300 },
    );
  });
});

interface Sent {
  readonly writer: string;
  /** Event time; the unit ends here, and lies in one pane. */
  readonly end: number;
  readonly arrival: number;
}

/** Senders with periods of a minute, with gaps, each unit delayed at random. */
function schedule({ mostDelayMs }: { readonly mostDelayMs: number }): fc.Arbitrary<readonly Sent[]> {
  const unit = fc.record({
    writer: fc.constantFrom('a', 'b', 'c'),
    period: fc.integer({ min: 1, max: 60 }),
    delay: fc.integer({ min: 0, max: mostDelayMs }),
  });
  return fc
    .array(unit, { minLength: 1, maxLength: 60 })
    .map((units) =>
      units
        .map(({ writer, period, delay }) => ({ writer, end: period * minute, arrival: period * minute + delay }))
        .toSorted((a, b) => a.arrival - b.arrival),
    );
}

const tick = 10_000;

/** What the store and the evaluator do, every ten seconds, with the rules under test. */
function simulate(units: readonly Sent[]) {
  const writers = new Map<string, WriterProgress>();
  const panes = new Map<number, PaneProgress>();
  const dueAt = new Map<number, number>();
  const late: Sent[] = [];
  const sealed: { pane: PaneProgress; at: number; dueAt: number | undefined }[] = [];
  let progress: ModelProgress = { model: fraudModel, sealedEnd: 0, maxEnd: 0, lastSeen: 0, lateRows: 0, panes: [] };
  const queue = [...units];
  for (let now = 0; now <= 150 * minute; now += tick) {
    while (queue[0] !== undefined && queue[0].arrival <= now) {
      const { writer, end, arrival } = queue[0];
      const start = Math.floor((end - minute / 2) / paneMs) * paneMs;
      if (start < progress.sealedEnd) late.push(queue[0]);
      else {
        panes.set(start, panes.get(start) ?? { start, end: start + paneMs, isSealed: false });
        const lastEnd = Math.max(end, writers.get(writer)?.lastEnd ?? 0);
        writers.set(writer, { writer, name: writer, lastEnd, lastSeen: arrival, intervalMs: minute });
        progress = { ...progress, maxEnd: Math.max(end, progress.maxEnd), lastSeen: arrival };
      }
      queue.shift();
    }
    for (const [start, pane] of panes) {
      if (isDue(pane, progress, rules) && !dueAt.has(start)) dueAt.set(start, now);
      panes.set(start, { ...pane, ...(dueAt.has(start) ? { dueSince: dueAt.get(start)! } : {}) });
    }
    progress = { ...progress, panes: [...panes.values()].toSorted((a, b) => a.start - b.start) };
    for (const { pane } of sealable(progress, [...writers.values()], rules, now)) {
      panes.delete(pane.start);
      sealed.push({ pane, at: now, dueAt: dueAt.get(pane.start) });
      progress = { ...progress, sealedEnd: pane.end };
    }
  }
  return { late, sealed, open: [...panes.values()], silentAt: progress.lastSeen };
}

interface Scene {
  /** Starts, in minutes as everything here. */
  readonly panes?: readonly number[];
  readonly sealedEnd?: number;
  readonly maxEnd: number;
  readonly dueSince?: number;
  readonly now?: number;
  readonly writers: readonly { readonly lastEnd: number; readonly lastSeen?: number; readonly intervalMs?: number }[];
}

function reasons({ panes = [0], sealedEnd = 0, maxEnd, dueSince, now = 6, writers }: Scene, withRules = rules) {
  const progress: ModelProgress = {
    model: fraudModel,
    sealedEnd: sealedEnd * minute,
    maxEnd: maxEnd * minute,
    lastSeen: now * minute,
    lateRows: 0,
    panes: panes.map((start) => ({
      start: start * minute,
      end: start * minute + paneMs,
      isSealed: false,
      ...(dueSince === undefined ? {} : { dueSince: dueSince * minute }),
    })),
  };
  const present = writers.map(({ lastEnd, lastSeen = now, intervalMs = minute }, i) => ({
    writer: String(i),
    name: '',
    lastEnd: lastEnd * minute,
    lastSeen: lastSeen * minute,
    intervalMs,
  }));
  return sealable(progress, present, withRules, now * minute).map(({ reason }) => reason);
}
