import { METRIC_ML_FEATURE_DISTINCT } from '@driftline/semantic-conventions';
import { DistinctValues } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import type { HeldSeries } from '../../../panes/series-state.ts';
import { qualityCountsOf } from './quality-counts.ts';

/** Of users `from` to `until`, as a sender of one profile counted them. */
function distinctUsers(from: number, until: number, profile: string): HeldSeries {
  const values = new DistinctValues();
  for (let user = from; user < until; user++) values.record(`user ${user}`);
  const attributes = { 'ml.feature.name': 'user', 'ml.reference.id': profile };
  return {
    series: { key: profile, metric: METRIC_ML_FEATURE_DISTINCT, unit: '1', temporality: 'delta', attributes },
    state: {
      kind: 'histogram',
      edges: Float64Array.from(DistinctValues.edges),
      counts: Float64Array.from(values.counts),
      sum: 0,
    },
  };
}

describe('different values', () => {
  const counted = (...held: readonly HeldSeries[]) => qualityCountsOf(held).distinct.get('user') ?? 0;

  it('are those of all senders of a feature together, each value once', () => {
    const whole = counted(distinctUsers(0, 3000, 'a'));
    expect(counted(distinctUsers(0, 2000, 'a'), distinctUsers(1000, 3000, 'b'))).toBe(whole);
    expect(counted(distinctUsers(1000, 3000, 'b'), distinctUsers(0, 2000, 'a'))).toBe(whole);
    expect(whole).toBeGreaterThan(1.3 * counted(distinctUsers(0, 2000, 'a')));
  });
});
