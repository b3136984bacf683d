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
