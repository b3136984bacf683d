import { contentOf } from '../../packages/collector-processor/src/panes/pane-content.ts';
import type { PaneLimits } from '../../packages/collector-processor/src/panes/series-census.ts';
import type { Unit } from '../../packages/collector-processor/src/receive/unit.ts';
import type { PanePartial } from '../../packages/collector-processor/src/store/store.ts';
import { pointOf, unitOf } from './units.ts';

export const wideLimits: PaneLimits = {
  features: 1_000,
  categories: 1_000_000,
  segments: 1_000,
  series: 1_000_000,
  cumulativeStreams: 10_000,
};

/** One row in a category of its own: a pane's categories then tell which units it counts, and how often. */
export function numberedUnit(number: number): Unit {
  const point = pointOf({
    metric: 'ml.feature.category.observations',
    attributes: { 'ml.feature.name': 'ledger', 'ml.feature.category': String(number) },
    value: { kind: 'sum', value: 1 },
  });
  return unitOf({ writer: `w${number % 3}`, start: 1_000 + number, end: 1_001 + number, points: [point] });
}

/** How often each number is counted. */
export function ledgerOf(partials: readonly PanePartial[]): ReadonlyMap<number, number> {
  return new Map(
    Array.from(contentOf(partials).values(), ({ series, state }) => [
      Number(series.attributes['ml.feature.category']),
      state.kind === 'sum' ? state.value : Number.NaN,
    ]),
  );
}
