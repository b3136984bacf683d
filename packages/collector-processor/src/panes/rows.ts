import {
  ATTR_ML_FEATURE_NAME,
  ATTR_ML_OUTPUT_NAME,
  ATTR_ML_SEGMENT_NAME,
  METRIC_ML_FEATURE_OBSERVATIONS,
  METRIC_ML_OUTPUT_OBSERVATIONS,
} from '@driftline/semantic-conventions';
import type { IdentifiedPoint } from '../receive/unit.ts';

/** Rows that the points speak of: the largest sum over statuses among features and outputs. */
export function rowsOf(points: Iterable<IdentifiedPoint>): number {
  const rows = new Map<string, number>();
  for (const { series, value } of points) {
    const { metric, attributes, temporality } = series;
    if (metric !== METRIC_ML_FEATURE_OBSERVATIONS && metric !== METRIC_ML_OUTPUT_OBSERVATIONS) continue;
    if (value.kind !== 'sum' || temporality !== 'delta' || ATTR_ML_SEGMENT_NAME in attributes) continue;
    const subject = JSON.stringify([attributes[ATTR_ML_FEATURE_NAME] ?? null, attributes[ATTR_ML_OUTPUT_NAME] ?? null]);
    rows.set(subject, (rows.get(subject) ?? 0) + value.value);
  }
  return Math.max(0, ...rows.values());
}
