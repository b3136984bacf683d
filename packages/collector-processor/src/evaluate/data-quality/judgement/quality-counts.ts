import {
  ATTR_ML_FEATURE_CHECK_NAME,
  ATTR_ML_FEATURE_CHECK_RESULT,
  ATTR_ML_FEATURE_NAME,
  ATTR_ML_FEATURE_VIOLATION_TYPE,
  ATTR_ML_SEGMENT_NAME,
  METRIC_ML_FEATURE_DISTINCT,
  METRIC_ML_FEATURE_ROWS,
  METRIC_ML_FEATURE_VIOLATIONS,
  ML_FEATURE_CHECK_NAME_VALUE_DUPLICATE,
  ML_FEATURE_CHECK_NAME_VALUE_SCHEMA,
  ML_FEATURE_CHECK_RESULT_VALUE_FAIL,
} from '@driftline/semantic-conventions';
import { DistinctValues } from '@driftline/sketches';
import type { HeldSeries } from '../../../panes/series-state.ts';
import type { CheckedRows, FeatureEvidence } from '../quality-rule.ts';

/** What senders count for data quality beside distributions and statuses; mostly only where they are asked to. */
export interface QualityCounts {
  readonly compared: CheckedRows | undefined;
  readonly validated: CheckedRows | undefined;
  /** Estimated number of different values, by feature. */
  readonly distinct: ReadonlyMap<string, number>;
  /** Rows by what the schema complained of, by feature. */
  readonly violations: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export const noQualityCounts: QualityCounts = {
  compared: undefined,
  validated: undefined,
  distinct: new Map(),
  violations: new Map(),
};

/** More features, and more kinds of complaints, than anybody has honestly. */
const MOST_NAMES = 1_000;
const MOST_TYPES = 50;

/** Points of segments are parts of a whole that is counted beside them. */
export function qualityCountsOf(held: Iterable<HeldSeries>): QualityCounts {
  const checks = new Map<string, { rows: number; failed: number }>();
  const distinct = new Map<string, DistinctValues>();
  const violations = new Map<string, Map<string, number>>();
  for (const { series, state } of held) {
    const { metric, attributes } = series;
    if (ATTR_ML_SEGMENT_NAME in attributes) continue;
    const feature = String(attributes[ATTR_ML_FEATURE_NAME] ?? '');
    if (metric === METRIC_ML_FEATURE_DISTINCT && state.kind === 'histogram' && hasRoom(distinct, feature, MOST_NAMES)) {
      const values = DistinctValues.fromBuckets(state.edges, state.counts);
      const known = distinct.get(feature);
      // Of other senders, or counted against another profile: what both saw is one value.
      if (values !== undefined && known !== undefined) known.merge(values);
      else if (values !== undefined) distinct.set(feature, values);
    } else if (metric === METRIC_ML_FEATURE_ROWS && state.kind === 'sum') {
      const name = String(attributes[ATTR_ML_FEATURE_CHECK_NAME] ?? '');
      const check = checks.get(name) ?? { rows: 0, failed: 0 };
      check.rows += state.value;
      if (attributes[ATTR_ML_FEATURE_CHECK_RESULT] === ML_FEATURE_CHECK_RESULT_VALUE_FAIL) check.failed += state.value;
      if (hasRoom(checks, name, MOST_TYPES)) checks.set(name, check);
    } else if (metric === METRIC_ML_FEATURE_VIOLATIONS && state.kind === 'sum') {
      const byType = violations.get(feature) ?? new Map<string, number>();
      const type = String(attributes[ATTR_ML_FEATURE_VIOLATION_TYPE] ?? '');
      if (hasRoom(byType, type, MOST_TYPES)) byType.set(type, (byType.get(type) ?? 0) + state.value);
      if (hasRoom(violations, feature, MOST_NAMES)) violations.set(feature, byType);
    }
  }
  return {
    compared: checks.get(ML_FEATURE_CHECK_NAME_VALUE_DUPLICATE),
    validated: checks.get(ML_FEATURE_CHECK_NAME_VALUE_SCHEMA),
    distinct: new Map([...distinct].map(([feature, values]) => [feature, values.estimate()])),
    violations,
  };
}

/** Of one feature; undefined where no sender checks rows by a schema. */
export function schemaEvidence(
  { validated, violations }: QualityCounts,
  { role, name }: Pick<FeatureEvidence, 'role' | 'name'>,
): FeatureEvidence['schema'] {
  if (validated === undefined || role !== 'feature') return undefined;
  return { rows: validated.rows, violations: violations.get(name) ?? new Map() };
}

function hasRoom(map: ReadonlyMap<string, unknown>, key: string, most: number): boolean {
  return map.has(key) || map.size < most;
}
