/** The well-known values of enum attributes, `<ATTRIBUTE>_VALUE_<VALUE>`. */

export const ML_OPERATION_NAME_VALUE_PREDICT = 'predict';
export const ML_OPERATION_NAME_VALUE_EMBED = 'embed';
export const ML_OPERATION_NAME_VALUE_EXPLAIN = 'explain';

export const ML_SYSTEM_NAME_VALUE_ONNXRUNTIME = 'onnxruntime';
export const ML_SYSTEM_NAME_VALUE_TENSORFLOW_JS = 'tensorflow_js';
export const ML_SYSTEM_NAME_VALUE_TRANSFORMERS_JS = 'transformers_js';
export const ML_SYSTEM_NAME_VALUE_KSERVE = 'kserve';
export const ML_SYSTEM_NAME_VALUE_TENSORFLOW_SERVING = 'tensorflow_serving';
export const ML_SYSTEM_NAME_VALUE_AWS_SAGEMAKER = 'aws.sagemaker';
export const ML_SYSTEM_NAME_VALUE_GCP_VERTEX_AI = 'gcp.vertex_ai';

/** Stands for every version past the sixteenth that is live in one process. */
export const ML_MODEL_VERSION_VALUE_OTHER = '_other';

export const ML_FEATURE_KIND_VALUE_NUMERIC = 'numeric';
export const ML_FEATURE_KIND_VALUE_CATEGORICAL = 'categorical';
export const ML_FEATURE_KIND_VALUE_EMBEDDING = 'embedding';

/** A category that neither profile nor schema names. Its own name stays in the process. */
export const ML_FEATURE_CATEGORY_VALUE_UNSEEN = '_unseen';
/** Every category past the bound on categories of one feature. */
export const ML_FEATURE_CATEGORY_VALUE_OTHER = '_other';

/** The embedding's length, beside its projections 0 to 15. */
export const ML_FEATURE_PROJECTION_VALUE_NORM = -1;

export const ML_FEATURE_OBSERVATION_STATUS_VALUE_VALID = 'valid';
export const ML_FEATURE_OBSERVATION_STATUS_VALUE_MISSING = 'missing';
export const ML_FEATURE_OBSERVATION_STATUS_VALUE_NOT_A_NUMBER = 'not_a_number';
export const ML_FEATURE_OBSERVATION_STATUS_VALUE_WRONG_TYPE = 'wrong_type';
export const ML_FEATURE_OBSERVATION_STATUS_VALUE_OUT_OF_RANGE = 'out_of_range';
export const ML_FEATURE_OBSERVATION_STATUS_VALUE_UNSEEN = 'unseen';
export const ML_FEATURE_OBSERVATION_STATUS_VALUE_UNEXPECTED = 'unexpected';
/** The call threw, so there is no output; only on outputs. */
export const ML_FEATURE_OBSERVATION_STATUS_VALUE_FAILED = 'failed';

/** Has a row occurred before, with the same value of every feature? */
export const ML_FEATURE_CHECK_NAME_VALUE_DUPLICATE = 'duplicate';
/** Does a row match the schema of the features? */
export const ML_FEATURE_CHECK_NAME_VALUE_SCHEMA = 'schema';
export const ML_FEATURE_CHECK_RESULT_VALUE_PASS = 'pass';
export const ML_FEATURE_CHECK_RESULT_VALUE_FAIL = 'fail';

export const ML_OUTPUT_NAME_VALUE_VALUE = 'value';
export const ML_OUTPUT_NAME_VALUE_SCORE = 'score';
export const ML_OUTPUT_NAME_VALUE_CLASS = 'class';
export const ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE = 'anomaly_score';
/** Seconds a prediction took: its count is the throughput. */
export const ML_OUTPUT_NAME_VALUE_LATENCY = 'latency';

export const ML_SEGMENT_VALUE_VALUE_OTHER = '_other';

/** The size that decides, in standard deviations of the reference; every other method is reported beside it. */
export const ML_DRIFT_METHOD_VALUE_SIZE = 'size';
export const ML_DRIFT_METHOD_VALUE_CORRELATION = 'correlation';
export const ML_DRIFT_METHOD_VALUE_RECONSTRUCTION_ERROR = 'reconstruction_error';
/** Of a model: the mean of how many times its limit each feature moved, by importance. */
export const ML_DRIFT_METHOD_VALUE_WEIGHTED = 'weighted';

export const ML_DRIFT_STATE_VALUE_OK = 'ok';
export const ML_DRIFT_STATE_VALUE_WARNING = 'warning';
export const ML_DRIFT_STATE_VALUE_DRIFT = 'drift';
export const ML_DRIFT_STATE_VALUE_INSUFFICIENT_DATA = 'insufficient_data';
export const ML_DRIFT_STATE_VALUE_NO_REFERENCE = 'no_reference';

export const ML_DRIFT_PART_VALUE_DISTRIBUTION = 'distribution';
export const ML_DRIFT_PART_VALUE_MISSING = 'missing';
export const ML_DRIFT_PART_VALUE_TAILS = 'tails';
export const ML_DRIFT_PART_VALUE_CORRELATION = 'correlation';

export const ML_DRIFT_HORIZON_VALUE_WINDOW = 'window';
export const ML_DRIFT_HORIZON_VALUE_1H = '1h';

export const ML_DATA_QUALITY_STATE_VALUE_OK = 'ok';
export const ML_DATA_QUALITY_STATE_VALUE_VIOLATED = 'violated';

export const ML_PERFORMANCE_SOURCE_VALUE_REALISED = 'realised';
export const ML_PERFORMANCE_SOURCE_VALUE_ESTIMATED = 'estimated';

/** Refused by the service in front of the model: who is it, may it, too often, or not readable. */
export const ML_SECURITY_PATTERN_VALUE_UNAUTHENTICATED = 'unauthenticated';
export const ML_SECURITY_PATTERN_VALUE_FORBIDDEN = 'forbidden';
export const ML_SECURITY_PATTERN_VALUE_THROTTLED = 'throttled';
export const ML_SECURITY_PATTERN_VALUE_INVALID = 'invalid';
/** A row of which half the features or more are outside the reference. */
export const ML_SECURITY_PATTERN_VALUE_MALFORMED = 'malformed';
/** One caller asks for far more than is usual. */
export const ML_SECURITY_PATTERN_VALUE_FLOOD = 'flood';
/** One caller sweeps the same input. */
export const ML_SECURITY_PATTERN_VALUE_PROBING = 'probing';

export const DRIFTLINE_ALERT_STATE_VALUE_PENDING = 'pending';
export const DRIFTLINE_ALERT_STATE_VALUE_FIRING = 'firing';
export const DRIFTLINE_ALERT_STATE_VALUE_RESOLVED = 'resolved';

export const DRIFTLINE_ALERT_SEVERITY_VALUE_INFO = 'info';
export const DRIFTLINE_ALERT_SEVERITY_VALUE_WARNING = 'warning';
export const DRIFTLINE_ALERT_SEVERITY_VALUE_CRITICAL = 'critical';

/** The words of draft-inadarei-api-health-check. */
export const DRIFTLINE_HEALTH_STATE_VALUE_PASS = 'pass';
export const DRIFTLINE_HEALTH_STATE_VALUE_WARN = 'warn';
export const DRIFTLINE_HEALTH_STATE_VALUE_FAIL = 'fail';

export const TEST_CASE_RESULT_STATUS_VALUE_PASS = 'pass';
export const TEST_CASE_RESULT_STATUS_VALUE_FAIL = 'fail';
/** Ours: measured too little to be sure. */
export const TEST_CASE_RESULT_STATUS_VALUE_UNCERTAIN = 'uncertain';

export const ERROR_TYPE_VALUE_OTHER = '_OTHER';
