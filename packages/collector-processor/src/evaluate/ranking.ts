import { worstState } from './drift/decision/state.ts';
import { timesItsLimit } from './drift/decision/times-its-limit.ts';
import type { DriftState, FeatureMeasurement, RankingMeasurement, RoleStates } from './measurement.ts';

type Ranked = Pick<FeatureMeasurement, 'name' | 'state' | 'size' | 'threshold' | 'judgedBy'>;

/**
 * Features by how many times their limit they moved, which shares and standard deviations have in common. Where some
 * have an importance, each counts for so much of it, and features without one count for nothing.
 */
export function rankFeatures(
  features: readonly Ranked[],
  importanceOf: (name: string) => number | undefined,
): RankingMeasurement {
  const judged = features.filter(({ state }) => state !== 'no_reference' && state !== 'insufficient_data');
  const isWeighted = judged.some(({ name }) => importanceOf(name) !== undefined);
  const weightOf = ({ name }: Ranked) => (isWeighted ? (importanceOf(name) ?? 0) : 1);
  const weightedMove = (feature: Ranked) => weightOf(feature) * timesItsLimit(feature);
  const order = judged.toSorted((a, b) => weightedMove(b) - weightedMove(a) || timesItsLimit(b) - timesItsLimit(a));
  const byDrift = order.map(({ name }) => name);
  const weights = sum(judged.map(weightOf));
  if (!isWeighted || weights === 0) return { byDrift };
  return { byDrift, weightedDrift: sum(judged.map(weightedMove)) / weights };
}

/** Whether what the model is asked changed, and whether what it answers did: one may without the other. */
export function statesByRole(measured: readonly Pick<FeatureMeasurement, 'role' | 'state'>[]): RoleStates {
  const statesOf = (role: FeatureMeasurement['role']): readonly DriftState[] =>
    measured.filter((one) => one.role === role).map(({ state }) => state);
  const [features, predictions] = [statesOf('feature'), statesOf('output')];
  return {
    ...(features.length > 0 && { features: worstState(features) }),
    ...(predictions.length > 0 && { predictions: worstState(predictions) }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
