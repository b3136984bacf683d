export const EVENT_ML_FEATURE_COMOMENTS = 'ml.feature.comoments';
export const EVENT_ML_FEATURE_SAMPLES = 'ml.feature.samples';
export const EVENT_ML_PREDICTION_RESULT = 'ml.prediction.result';
export const EVENT_ML_PREDICTION_OUTCOME = 'ml.prediction.outcome';
export const EVENT_ML_DRIFT_CHANGE = 'ml.drift.change';
export const EVENT_ML_DATA_QUALITY_CHANGE = 'ml.data_quality.change';
export const EVENT_ML_SECURITY_CHANGE = 'ml.security.change';
export const EVENT_ML_CONCEPT_DRIFT_DETECTION = 'ml.concept_drift.detection';
export const EVENT_DRIFTLINE_ALERT_CHANGE = 'driftline.alert.change';
export const EVENT_DRIFTLINE_HEALTH_TEST_RESULT = 'driftline.health.test.result';

export const SEVERITY_DEBUG = 5;
export const SEVERITY_INFO = 9;
export const SEVERITY_WARN = 13;
export const SEVERITY_ERROR = 17;

export type EventSeverity = typeof SEVERITY_DEBUG | typeof SEVERITY_INFO | typeof SEVERITY_WARN | typeof SEVERITY_ERROR;
