import { describe, expect, it } from 'vitest';
import type { Observations } from '../evaluate/observations.ts';
import { decodeShelf, ReferenceEntries, type Slot } from './reference-entries.ts';
import { rollingPlan, scatterKey } from './rolling-plan.ts';
import { addWindow, closeSlot, type RollingState } from './rolling-reference.ts';
import { kept } from './rolling-subjects.ts';
import { nothingKnown } from './known-shapes.ts';

const day = 24 * 3_600_000;
const hour = 3_600_000;
const plan = rollingPlan({ kind: 'seasonal', cycle: 'daily', periods: 2, minPeriods: 2 }, hour, 100);

describe('what a season keeps', () => {
  it('is a feature for as long as it is sent, or drifts, and for some seasons after', () => {
    const slots = (days: number, drifted: Slot['drifted'] = {}) => [
      slot(0, ['x', 'renamed']),
      slot(1, ['x', 'renamed']),
      ...Array.from({ length: days }, (_, i) => slot(2 + i, ['x'], drifted)),
    ];
    expect(namesIn(kept(plan, slots(8)))).toEqual(['renamed', 'x']);
    expect(namesIn(kept(plan, slots(9)))).toEqual(['x']);
    expect(namesIn(kept(plan, slots(9, { 'feature renamed': 10 })))).toEqual(['renamed', 'x']);
  });

  it('is no scatter of a feature that it has forgotten', async () => {
    const store = new Map<string, Uint8Array>();
    let state: RollingState | undefined;
    const live = async (from: number, until: number, names: readonly string[]) => {
      for (let at = from; at < until; at += 1) {
        const entries = new ReferenceEntries((keys) =>
          Promise.resolve(new Map(keys.flatMap((key) => [[key, store.get(key)] as const]).filter(isThere))),
        );
        const window = { start: at * day, end: at * day + hour };
        state = await closeSlot(plan, state, window, { entries, shapes: nothingKnown, segments: [] });
        state = await addWindow(
          plan,
          state,
          {
            window,
            measurement: { rows: 100, features: [] },
            observations: names.map((name) => observed(name, at)),
            segments: undefined,
            moments: [],
          },
          entries,
        );
        for (const [key, bytes] of entries.writes()) {
          if (bytes === undefined) store.delete(key);
          else store.set(key, bytes);
        }
      }
      return Object.keys(decodeShelf(store.get(scatterKey(plan))!).scatter ?? {});
    };
    expect(await live(0, 4, ['x', 'renamed'])).toEqual(['feature x', 'feature renamed']);
    expect(await live(4, 16, ['x'])).toEqual(['feature x']);
  });

  it('is bounded, however many names are sent', () => {
    const names = (from: number) => Array.from({ length: 6000 }, (_, i) => `f${from + i}`);
    const held = kept(plan, [slot(0, names(0)), slot(1, names(6000))]);
    expect(namesIn(held)).toHaveLength(10_000);
    expect(held[1]?.subjects).toHaveLength(6000);
  });
});

function isThere(entry: readonly [string, Uint8Array | undefined]): entry is readonly [string, Uint8Array] {
  return entry[1] !== undefined;
}

function observed(name: string, at: number): Observations {
  const categories = new Map([
    ['a', 50 + at],
    ['b', 50],
  ]);
  return { role: 'feature', name, referenceId: '', distributions: new Map(), categories, statuses: new Map() };
}

function slot(at: number, names: readonly string[], drifted: Slot['drifted'] = {}): Slot {
  const subjects = names.map((name) => {
    return { role: 'feature', name, missing: 0, distributions: [], categories: { a: 1 } } as const;
  });
  return { start: at * day, end: at * day + hour, subjects, drifted };
}

function namesIn(slots: readonly Slot[]): readonly string[] {
  return [...new Set(slots.flatMap(({ subjects }) => subjects.map(({ name }) => name)))].toSorted();
}
