import * as attribute from './attributes.ts';
import { counter, gauge, histogram, type MetricDefinitions, upDownCounter } from './metric-definition.ts';

export const METRIC_ML_PREDICTION_DURATION = 'ml.prediction.duration';
export const METRIC_ML_CLIENT_PREDICTION_DURATION = 'ml.client.prediction.duration';
export const METRIC_ML_PREDICTION_ACTIVE = 'ml.prediction.active';
export const METRIC_ML_PREDICTION_ROWS = 'ml.prediction.rows';

export const METRIC_ML_FEATURE_VALUE = 'ml.feature.value';
export const METRIC_ML_FEATURE_CATEGORY_OBSERVATIONS = 'ml.feature.category.observations';
export const METRIC_ML_FEATURE_OBSERVATIONS = 'ml.feature.observations';
export const METRIC_ML_OUTPUT_VALUE = 'ml.output.value';
export const METRIC_ML_OUTPUT_CATEGORY_OBSERVATIONS = 'ml.output.category.observations';
export const METRIC_ML_OUTPUT_OBSERVATIONS = 'ml.output.observations';
export const METRIC_ML_SECURITY_OBSERVATIONS = 'ml.security.observations';

export const METRIC_ML_DRIFT_SCORE = 'ml.drift.score';
export const METRIC_ML_DRIFT_DETECTABLE_SIZE = 'ml.drift.detectable_size';
export const METRIC_ML_DRIFT_THRESHOLD = 'ml.drift.threshold';
export const METRIC_ML_DRIFT_P_VALUE = 'ml.drift.p_value';
export const METRIC_ML_DRIFT_STATUS = 'ml.drift.status';
export const METRIC_ML_DRIFT_FEATURE_RATIO = 'ml.drift.feature.ratio';
export const METRIC_ML_DATA_QUALITY_VIOLATION_RATIO = 'ml.data_quality.violation.ratio';
export const METRIC_ML_PERFORMANCE_VALUE = 'ml.performance.value';
export const METRIC_ML_PERFORMANCE_LOWER_BOUND = 'ml.performance.lower_bound';
export const METRIC_ML_PERFORMANCE_UPPER_BOUND = 'ml.performance.upper_bound';
export const METRIC_ML_SECURITY_DETECTIONS = 'ml.security.detections';
export const METRIC_ML_CONCEPT_DRIFT_DETECTIONS = 'ml.concept_drift.detections';
export const METRIC_DRIFTLINE_WINDOW_ROWS = 'driftline.window.rows';
export const METRIC_DRIFTLINE_WINDOW_LAG = 'driftline.window.lag';
export const METRIC_DRIFTLINE_WINDOW_LATE_ROWS = 'driftline.window.late_rows';
export const METRIC_DRIFTLINE_REFERENCE_AGE = 'driftline.reference.age';
export const METRIC_DRIFTLINE_ALERT_STATUS = 'driftline.alert.status';

export const METRIC_DRIFTLINE_INSTRUMENTATION_ERRORS = 'driftline.instrumentation.errors';
export const METRIC_DRIFTLINE_INSTRUMENTATION_DROPPED_ROWS = 'driftline.instrumentation.dropped_rows';
export const METRIC_DRIFTLINE_INGEST_POINTS = 'driftline.ingest.points';
export const METRIC_DRIFTLINE_INGEST_GAPS = 'driftline.ingest.gaps';
export const METRIC_DRIFTLINE_INGEST_COARSE = 'driftline.ingest.coarse';
export const METRIC_DRIFTLINE_STORE_DEGRADED = 'driftline.store.degraded';
export const METRIC_DRIFTLINE_EVALUATION_FAILED = 'driftline.evaluation.failed';
export const METRIC_DRIFTLINE_PUBLISH_CAPPED_SERIES = 'driftline.publish.capped_series';
export const METRIC_DRIFTLINE_ALERT_DELIVERIES = 'driftline.alert.deliveries';

/** Seconds: a tree answers in 0.1 ms, a remote language model in half a minute. */
export const PREDICTION_DURATION_BOUNDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

const byModel = {
  [attribute.ATTR_ML_MODEL_NAME]: 'required',
  [attribute.ATTR_ML_MODEL_VERSION]: 'recommended',
} as const;

const bySegment = {
  [attribute.ATTR_ML_SEGMENT_NAME]: 'conditional',
  [attribute.ATTR_ML_SEGMENT_VALUE]: 'conditional',
} as const;

const byCall = {
  ...byModel,
  [attribute.ATTR_ML_OPERATION_NAME]: 'required',
  [attribute.ATTR_ML_SYSTEM_NAME]: 'recommended',
  [attribute.ATTR_ERROR_TYPE]: 'conditional',
} as const;

const byRemoteCall = {
  ...byCall,
  [attribute.ATTR_SERVER_ADDRESS]: 'recommended',
  [attribute.ATTR_SERVER_PORT]: 'recommended',
} as const;

const byFeature = { ...byModel, [attribute.ATTR_ML_FEATURE_NAME]: 'required' } as const;
const byOutput = { ...byModel, [attribute.ATTR_ML_OUTPUT_NAME]: 'required' } as const;

/** One feature or one output; neither where the judgement is on several at once. */
const bySubject = {
  ...byModel,
  [attribute.ATTR_ML_FEATURE_NAME]: 'conditional',
  [attribute.ATTR_ML_OUTPUT_NAME]: 'conditional',
} as const;

const byDrift = { ...bySubject, [attribute.ATTR_ML_DRIFT_METHOD]: 'required', ...bySegment } as const;

const byPerformance = {
  ...byModel,
  [attribute.ATTR_ML_PERFORMANCE_METRIC]: 'required',
  [attribute.ATTR_ML_PERFORMANCE_SOURCE]: 'required',
} as const;

/** To the observed service's own backend, over its own OpenTelemetry set-up. */
export const operationMetrics = {
  [METRIC_ML_PREDICTION_DURATION]: {
    ...histogram('s', 'Duration of predictions in this process.', byCall),
    bounds: PREDICTION_DURATION_BOUNDS,
  },
  [METRIC_ML_CLIENT_PREDICTION_DURATION]: {
    ...histogram('s', 'Duration of predictions by a remote model, seen by its caller.', byRemoteCall),
    bounds: PREDICTION_DURATION_BOUNDS,
  },
  [METRIC_ML_PREDICTION_ACTIVE]: upDownCounter('{prediction}', 'Predictions under way; always cumulative.', byModel),
  [METRIC_ML_PREDICTION_ROWS]: counter('{row}', 'Rows predicted; a batch counts as many.', {
    ...byModel,
    [attribute.ATTR_ERROR_TYPE]: 'conditional',
  }),
} as const satisfies MetricDefinitions;

/** To the drift service only: 107 Prometheus series a feature belong in no vendor's bill. Always delta. */
export const sketchMetrics = {
  [METRIC_ML_FEATURE_VALUE]: histogram(
    '1',
    "Distribution of a numeric feature on the profile's edges, exponential without a profile.",
    {
      ...byFeature,
      [attribute.ATTR_ML_FEATURE_KIND]: 'recommended',
      [attribute.ATTR_ML_REFERENCE_ID]: 'conditional',
      [attribute.ATTR_ML_FEATURE_PROJECTION]: 'conditional',
      ...bySegment,
    },
  ),
  [METRIC_ML_FEATURE_CATEGORY_OBSERVATIONS]: counter('{observation}', 'Values of a categorical feature by category.', {
    ...byFeature,
    [attribute.ATTR_ML_FEATURE_CATEGORY]: 'required',
    [attribute.ATTR_ML_REFERENCE_ID]: 'conditional',
    ...bySegment,
  }),
  [METRIC_ML_FEATURE_OBSERVATIONS]: counter(
    '{observation}',
    'Values of a feature by what became of them; their sum is the rows seen.',
    { ...byFeature, [attribute.ATTR_ML_FEATURE_OBSERVATION_STATUS]: 'required', ...bySegment },
  ),
  [METRIC_ML_OUTPUT_VALUE]: histogram(
    '1',
    'Distribution of a numeric output: value, probability, anomaly score, latency in seconds.',
    { ...byOutput, [attribute.ATTR_ML_REFERENCE_ID]: 'conditional', ...bySegment },
  ),
  [METRIC_ML_OUTPUT_CATEGORY_OBSERVATIONS]: counter('{observation}', 'Predictions by predicted class.', {
    ...byOutput,
    [attribute.ATTR_ML_FEATURE_CATEGORY]: 'required',
    ...bySegment,
  }),
  [METRIC_ML_OUTPUT_OBSERVATIONS]: counter(
    '{observation}',
    'Values of an output by what became of them, failed calls among them.',
    { ...byOutput, [attribute.ATTR_ML_FEATURE_OBSERVATION_STATUS]: 'required', ...bySegment },
  ),
  [METRIC_ML_SECURITY_OBSERVATIONS]: counter('{observation}', 'Refused requests and suspicious rows, by pattern.', {
    ...byModel,
    [attribute.ATTR_ML_SECURITY_PATTERN]: 'required',
  }),
} as const satisfies MetricDefinitions;

/** From the drift service to the backend, on the observed service's resource. */
export const resultMetrics = {
  [METRIC_ML_DRIFT_SCORE]: gauge('{score}', 'How far the distribution is from the reference.', byDrift),
  [METRIC_ML_DRIFT_DETECTABLE_SIZE]: gauge(
    '{score}',
    'The smallest size these rows could show; above the threshold it says: too few rows.',
    bySubject,
  ),
  [METRIC_ML_DRIFT_THRESHOLD]: gauge('{score}', 'The score from which on it counts as drift.', byDrift),
  [METRIC_ML_DRIFT_P_VALUE]: {
    ...gauge('1', 'How likely chance alone is, adjusted for all features tested.', byDrift),
    isOptIn: true,
  },
  [METRIC_ML_DRIFT_STATUS]: upDownCounter('1', '1 for the state a model or feature is in, 0 for the others.', {
    ...bySubject,
    [attribute.ATTR_ML_DRIFT_STATE]: 'required',
  }),
  [METRIC_ML_DRIFT_FEATURE_RATIO]: gauge('1', 'Share of features in drift.', byModel),
  [METRIC_ML_DATA_QUALITY_VIOLATION_RATIO]: gauge(
    '1',
    'Share of rows that broke a rule; only rules that were ever broken.',
    { ...bySubject, [attribute.ATTR_ML_DATA_QUALITY_RULE]: 'required' },
  ),
  [METRIC_ML_PERFORMANCE_VALUE]: gauge('{score}', 'How well the model does.', byPerformance),
  [METRIC_ML_PERFORMANCE_LOWER_BOUND]: gauge('{score}', 'Lower end of its confidence interval.', byPerformance),
  [METRIC_ML_PERFORMANCE_UPPER_BOUND]: gauge('{score}', 'Upper end of its confidence interval.', byPerformance),
  [METRIC_ML_CONCEPT_DRIFT_DETECTIONS]: counter('{detection}', 'How often a detector found that errors changed.', {
    ...byModel,
    [attribute.ATTR_ML_CONCEPT_DRIFT_DETECTOR]: 'required',
  }),
  [METRIC_ML_SECURITY_DETECTIONS]: counter(
    '{observation}',
    'Refused requests and suspicious rows of judged windows, by pattern.',
    { ...byModel, [attribute.ATTR_ML_SECURITY_PATTERN]: 'required' },
  ),
  [METRIC_DRIFTLINE_WINDOW_ROWS]: gauge('{row}', 'Rows in the last judged window.', byModel),
  [METRIC_DRIFTLINE_WINDOW_LAG]: gauge('s', 'Age of the last judged window.', byModel),
  [METRIC_DRIFTLINE_WINDOW_LATE_ROWS]: counter(
    '{row}',
    'Rows that came after their window was sealed: counted, not merged.',
    byModel,
  ),
  [METRIC_DRIFTLINE_REFERENCE_AGE]: gauge('s', 'Time since the reference profile was made.', byModel),
  [METRIC_DRIFTLINE_ALERT_STATUS]: upDownCounter('1', '1 for the state an alert is in, 0 for the others.', {
    [attribute.ATTR_ML_MODEL_NAME]: 'conditional',
    [attribute.ATTR_ML_MODEL_VERSION]: 'conditional',
    [attribute.ATTR_DRIFTLINE_RULE_NAME]: 'required',
    [attribute.ATTR_DRIFTLINE_ALERT_SEVERITY]: 'required',
    [attribute.ATTR_DRIFTLINE_ALERT_STATE]: 'required',
  }),
} as const satisfies MetricDefinitions;

/** About Driftline itself, on the resource of the process that sends them. */
export const selfMetrics = {
  [METRIC_DRIFTLINE_INSTRUMENTATION_ERRORS]: counter(
    '{error}',
    "Monitoring's own failures inside the observed service; the prediction went on.",
    {
      [attribute.ATTR_ML_MODEL_NAME]: 'conditional',
      [attribute.ATTR_DRIFTLINE_INSTRUMENTATION_STAGE]: 'required',
    },
  ),
  [METRIC_DRIFTLINE_INSTRUMENTATION_DROPPED_ROWS]: counter(
    '{row}',
    'Rows whose sketches were given up: the export failed for too long, or too few rows to hide one among them.',
    { ...byModel, [attribute.ATTR_DRIFTLINE_INSTRUMENTATION_DROP_REASON]: 'required' },
  ),
  [METRIC_DRIFTLINE_INGEST_POINTS]: counter('{point}', 'Points received, by what became of them.', {
    [attribute.ATTR_DRIFTLINE_INGEST_RESULT]: 'required',
  }),
  [METRIC_DRIFTLINE_INGEST_GAPS]: counter(
    '{gap}',
    "Times a sender's unit did not start where its last one ended.",
    byModel,
  ),
  [METRIC_DRIFTLINE_INGEST_COARSE]: counter(
    '{unit}',
    'Units that cover more time than a pane: export more often, or widen the window.',
    byModel,
  ),
  [METRIC_DRIFTLINE_STORE_DEGRADED]: gauge(
    '{flag}',
    '1 while points are acknowledged without the configured durability.',
    {},
  ),
  [METRIC_DRIFTLINE_EVALUATION_FAILED]: counter(
    '{window}',
    'Windows set aside because judging them failed three times.',
    byModel,
  ),
  [METRIC_DRIFTLINE_PUBLISH_CAPPED_SERIES]: gauge(
    '{series}',
    'Series left out because of `publish.max_series`; features that are `ok` go first.',
    {},
  ),
  [METRIC_DRIFTLINE_ALERT_DELIVERIES]: counter(
    '{delivery}',
    'Notifications sent; those with an `error.type` failed and are tried again.',
    { [attribute.ATTR_DRIFTLINE_CHANNEL_NAME]: 'required', [attribute.ATTR_ERROR_TYPE]: 'conditional' },
  ),
} as const satisfies MetricDefinitions;

export const metrics = { ...operationMetrics, ...sketchMetrics, ...resultMetrics, ...selfMetrics } as const;

export type MetricName = keyof typeof metrics;
