import { ATTR_ML_FEATURE_NAME } from '@driftline/semantic-conventions';
import type { HeldSeries } from '../panes/series-state.ts';

/** Traces in which a feature had a value outside the reference, by feature. */
export type SampleTraces = ReadonlyMap<string, readonly string[]>;

export function sampleTracesOf(held: Iterable<HeldSeries>): SampleTraces {
  const traces = new Map<string, readonly string[]>();
  for (const { series, state } of held) {
    const feature = series.attributes[ATTR_ML_FEATURE_NAME];
    if (state.kind !== 'samples' || typeof feature !== 'string') continue;
    traces.set(
      feature,
      state.spans.map(({ traceId }) => traceId),
    );
  }
  return traces;
}
