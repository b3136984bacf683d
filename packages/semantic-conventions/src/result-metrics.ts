import * as attribute from './attributes.ts';
import { byDrift, byModel, byPerformance, bySegment, bySubject } from './metric-attributes.ts';
import { counter, gauge, type MetricDefinitions, upDownCounter } from './metric-definition.ts';
import * as metric from './metrics.ts';

/** From the drift service to the backend, on the observed service's resource. */
export const resultMetrics = {
  [metric.METRIC_ML_DRIFT_SCORE]: gauge('{score}', 'How far the distribution is from the reference.', byDrift),
  [metric.METRIC_ML_DRIFT_DETECTABLE_SIZE]: gauge(
    '{score}',
    'The smallest size these rows could show; above the threshold it says: too few rows.',
    bySubject,
  ),
  [metric.METRIC_ML_DRIFT_THRESHOLD]: gauge('{score}', 'The score from which on it counts as drift.', byDrift),
  [metric.METRIC_ML_DRIFT_P_VALUE]: {
    ...gauge('1', 'How likely chance alone is, adjusted for all features tested.', byDrift),
    isOptIn: true,
  },
  [metric.METRIC_ML_DRIFT_STATUS]: upDownCounter(
    '1',
    '1 for the state a model, feature or segment is in, 0 for the others.',
    {
      ...bySubject,
      [attribute.ATTR_ML_DRIFT_STATE]: 'required',
    },
  ),
  [metric.METRIC_ML_DRIFT_FEATURE_RATIO]: gauge('1', 'Share of features in drift.', byModel),
  [metric.METRIC_ML_DATA_QUALITY_VIOLATION_RATIO]: gauge(
    '1',
    'Share of rows that broke a rule; only rules that were ever broken.',
    { ...bySubject, [attribute.ATTR_ML_DATA_QUALITY_RULE]: 'required' },
  ),
  [metric.METRIC_ML_PERFORMANCE_VALUE]: gauge('{score}', 'How well the model does.', byPerformance),
  [metric.METRIC_ML_PERFORMANCE_LOWER_BOUND]: gauge('{score}', 'Lower end of its confidence interval.', byPerformance),
  [metric.METRIC_ML_PERFORMANCE_UPPER_BOUND]: gauge('{score}', 'Upper end of its confidence interval.', byPerformance),
  [metric.METRIC_ML_CONCEPT_DRIFT_DETECTIONS]: counter(
    '{detection}',
    'How often a detector found that errors changed.',
    {
      ...byModel,
      [attribute.ATTR_ML_CONCEPT_DRIFT_DETECTOR]: 'required',
    },
  ),
  [metric.METRIC_ML_SECURITY_DETECTIONS]: counter(
    '{observation}',
    'Refused requests and suspicious rows of judged windows, by pattern.',
    { ...byModel, [attribute.ATTR_ML_SECURITY_PATTERN]: 'required' },
  ),
  [metric.METRIC_DRIFTLINE_WINDOW_ROWS]: gauge('{row}', 'Rows in the last judged window.', {
    ...byModel,
    ...bySegment,
  }),
  [metric.METRIC_DRIFTLINE_WINDOW_LAG]: gauge('s', 'Age of the last judged window.', byModel),
  [metric.METRIC_DRIFTLINE_WINDOW_LATE_ROWS]: counter(
    '{row}',
    'Rows that came after their window was sealed: counted, not merged.',
    byModel,
  ),
  [metric.METRIC_DRIFTLINE_REFERENCE_AGE]: gauge('s', 'Time since the reference profile was made.', byModel),
  [metric.METRIC_DRIFTLINE_ALERT_STATUS]: upDownCounter('1', '1 for the state an alert is in, 0 for the others.', {
    [attribute.ATTR_ML_MODEL_NAME]: 'conditional',
    [attribute.ATTR_ML_MODEL_VERSION]: 'conditional',
    [attribute.ATTR_DRIFTLINE_RULE_NAME]: 'required',
    [attribute.ATTR_DRIFTLINE_ALERT_SEVERITY]: 'required',
    [attribute.ATTR_DRIFTLINE_ALERT_STATE]: 'required',
  }),
} as const satisfies MetricDefinitions;
