import { noErrors, type RealisedOutcomes } from '../evaluate/performance/performance-metric.ts';
import type { PanePartial } from '../store/store.ts';
import { mergeStates } from './merge-states.ts';
import type { HeldSeries, PaneContent } from './series-state.ts';
import { decodeHeld } from './state-codec.ts';

/** What `Store.readPane` gave, whoever committed it. */
export function contentOf(partials: readonly PanePartial[]): PaneContent {
  return mergePanes(
    partials.map(({ states }) => new Map(Array.from(states, ([key, bytes]) => [key, decodeHeld(bytes)]))),
  );
}

/** Sums of doubles depend on their order: in the order of keys, and of panes, the same panes give the same bytes. */
export function mergePanes(panes: readonly PaneContent[]): PaneContent {
  const merged = new Map<string, HeldSeries>();
  for (const key of new Set(panes.flatMap((pane) => [...pane.keys()]).toSorted())) {
    const held = panes.flatMap((pane) => pane.get(key) ?? []);
    merged.set(
      key,
      held.reduce((one, other) => ({ series: one.series, state: mergeStates(one.state, other.state) })),
    );
  }
  return merged;
}

/** All predictions of the pane whose truth is known, of whatever segment. */
export function outcomesOf(pane: PaneContent): RealisedOutcomes {
  return outcomesIn([...pane.values()]);
}

export function outcomesIn(held: readonly HeldSeries[]): RealisedOutcomes {
  return outcomesTogether(held.flatMap(({ state }) => (state.kind === 'outcomes' ? [state] : [])));
}

export function outcomesTogether(outcomes: readonly RealisedOutcomes[]): RealisedOutcomes {
  return outcomes.reduce<RealisedOutcomes>(
    (sum, more) => {
      const merged = mergeStates({ kind: 'outcomes', ...sum }, { kind: 'outcomes', ...more });
      return merged.kind === 'outcomes' ? merged : sum;
    },
    { confusion: new Map(), errors: noErrors },
  );
}
