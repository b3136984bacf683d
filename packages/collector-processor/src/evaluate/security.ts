import { ATTR_ML_SECURITY_PATTERN, METRIC_ML_SECURITY_OBSERVATIONS } from '@driftline/semantic-conventions';
import type { HeldSeries } from '../panes/series-state.ts';

/** Refused requests and suspicious rows, by pattern; only those that occurred. */
export type SecurityCounts = Readonly<Record<string, number>>;

/** More patterns than anybody sends honestly. */
const MOST_PATTERNS = 50;

export function securityOf(held: Iterable<HeldSeries>): SecurityCounts {
  const counts = new Map<string, number>();
  for (const { series, state } of held) {
    const pattern = series.attributes[ATTR_ML_SECURITY_PATTERN];
    if (series.metric !== METRIC_ML_SECURITY_OBSERVATIONS || typeof pattern !== 'string') continue;
    if (state.kind !== 'sum' || !(state.value > 0)) continue;
    if (counts.has(pattern) || counts.size < MOST_PATTERNS) {
      counts.set(pattern, (counts.get(pattern) ?? 0) + state.value);
    }
  }
  return Object.fromEntries([...counts].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
