import * as value from './attribute-values.ts';

export interface AttributeDefinition {
  readonly type: 'string' | 'int' | 'double' | 'string[]' | 'bytes' | 'map';
  readonly brief: string;
  readonly stability: 'development' | 'stable';
  /** The well-known values. */
  readonly values?: readonly (string | number)[];
  /** Values beside the well-known ones are allowed. */
  readonly isOpen?: boolean;
}

export const ATTR_ML_MODEL_NAME = 'ml.model.name';
export const ATTR_ML_MODEL_VERSION = 'ml.model.version';
export const ATTR_ML_OPERATION_NAME = 'ml.operation.name';
export const ATTR_ML_OPERATION_BATCH_SIZE = 'ml.operation.batch.size';
export const ATTR_ML_SYSTEM_NAME = 'ml.system.name';
export const ATTR_ML_PREDICTION_ID = 'ml.prediction.id';
export const ATTR_ML_PREDICTION_VALUE = 'ml.prediction.value';
export const ATTR_ML_PREDICTION_CLASS = 'ml.prediction.class';
export const ATTR_ML_PREDICTION_SCORE = 'ml.prediction.score';
export const ATTR_ML_PREDICTION_TIME = 'ml.prediction.time';
export const ATTR_ML_PREDICTION_SAMPLE_RATIO = 'ml.prediction.sample_ratio';
export const ATTR_ML_OUTCOME_VALUE = 'ml.outcome.value';
export const ATTR_ML_OUTCOME_CLASS = 'ml.outcome.class';
export const ATTR_ML_FEATURE_NAME = 'ml.feature.name';
export const ATTR_ML_FEATURE_NAMES = 'ml.feature.names';
export const ATTR_ML_FEATURE_VALUES = 'ml.feature.values';
export const ATTR_ML_FEATURE_KIND = 'ml.feature.kind';
export const ATTR_ML_FEATURE_CATEGORY = 'ml.feature.category';
export const ATTR_ML_FEATURE_PROJECTION = 'ml.feature.projection';
export const ATTR_ML_FEATURE_OBSERVATION_STATUS = 'ml.feature.observation.status';
export const ATTR_ML_COMOMENT_COUNT = 'ml.comoment.count';
export const ATTR_ML_COMOMENT_DURATION = 'ml.comoment.duration';
export const ATTR_ML_COMOMENT_MEANS = 'ml.comoment.means';
export const ATTR_ML_COMOMENT_SUMS = 'ml.comoment.sums';
export const ATTR_ML_SAMPLE_TRACE_IDS = 'ml.sample.trace_ids';
export const ATTR_ML_SAMPLE_SPAN_IDS = 'ml.sample.span_ids';
export const ATTR_ML_OUTPUT_NAME = 'ml.output.name';
export const ATTR_ML_REFERENCE_ID = 'ml.reference.id';
export const ATTR_ML_SEGMENT_NAME = 'ml.segment.name';
export const ATTR_ML_SEGMENT_VALUE = 'ml.segment.value';
export const ATTR_ML_WINDOW_START = 'ml.window.start';
export const ATTR_ML_WINDOW_END = 'ml.window.end';
export const ATTR_ML_DRIFT_METHOD = 'ml.drift.method';
export const ATTR_ML_DRIFT_STATE = 'ml.drift.state';
export const ATTR_ML_DRIFT_PREVIOUS_STATE = 'ml.drift.previous_state';
export const ATTR_ML_DRIFT_PART = 'ml.drift.part';
export const ATTR_ML_DRIFT_HORIZON = 'ml.drift.horizon';
export const ATTR_ML_DRIFT_SIZE = 'ml.drift.size';
export const ATTR_ML_DRIFT_FLOOR = 'ml.drift.floor';
export const ATTR_ML_DRIFT_P_VALUE = 'ml.drift.p_value';
export const ATTR_ML_DRIFT_ROWS = 'ml.drift.rows';
export const ATTR_ML_DATA_QUALITY_RULE = 'ml.data_quality.rule';
export const ATTR_ML_PERFORMANCE_METRIC = 'ml.performance.metric';
export const ATTR_ML_PERFORMANCE_SOURCE = 'ml.performance.source';
export const ATTR_ML_CONCEPT_DRIFT_DETECTOR = 'ml.concept_drift.detector';
export const ATTR_ML_CONCEPT_DRIFT_STATISTIC = 'ml.concept_drift.statistic';
export const ATTR_ML_CONCEPT_DRIFT_ROWS = 'ml.concept_drift.rows';
export const ATTR_ML_SECURITY_PATTERN = 'ml.security.pattern';
export const ATTR_ML_SECURITY_OBSERVATIONS = 'ml.security.observations';
export const ATTR_DRIFTLINE_RULE_NAME = 'driftline.rule.name';
export const ATTR_DRIFTLINE_ALERT_ID = 'driftline.alert.id';
export const ATTR_DRIFTLINE_ALERT_STATE = 'driftline.alert.state';
export const ATTR_DRIFTLINE_ALERT_PREVIOUS_STATE = 'driftline.alert.previous_state';
export const ATTR_DRIFTLINE_ALERT_SEVERITY = 'driftline.alert.severity';
export const ATTR_DRIFTLINE_ALERT_VALUE = 'driftline.alert.value';
export const ATTR_DRIFTLINE_ALERT_THRESHOLD = 'driftline.alert.threshold';
export const ATTR_DRIFTLINE_ALERT_SINCE = 'driftline.alert.since';
export const ATTR_DRIFTLINE_EVENT_ID = 'driftline.event.id';
export const ATTR_DRIFTLINE_CHANNEL_NAME = 'driftline.channel.name';
export const ATTR_DRIFTLINE_INGEST_RESULT = 'driftline.ingest.result';
export const ATTR_DRIFTLINE_INSTRUMENTATION_STAGE = 'driftline.instrumentation.stage';
export const ATTR_DRIFTLINE_INSTRUMENTATION_DROP_REASON = 'driftline.instrumentation.drop_reason';

/* OpenTelemetry's own names that our telemetry carries. */
export const ATTR_DEPLOYMENT_ENVIRONMENT_NAME = 'deployment.environment.name';
export const ATTR_ERROR_TYPE = 'error.type';
export const ATTR_SERVER_ADDRESS = 'server.address';
export const ATTR_SERVER_PORT = 'server.port';
export const ATTR_SERVICE_INSTANCE_ID = 'service.instance.id';
export const ATTR_SERVICE_NAME = 'service.name';
export const ATTR_SERVICE_NAMESPACE = 'service.namespace';
export const ATTR_URL_FULL = 'url.full';

const driftStates = [
  value.ML_DRIFT_STATE_VALUE_OK,
  value.ML_DRIFT_STATE_VALUE_WARNING,
  value.ML_DRIFT_STATE_VALUE_DRIFT,
  value.ML_DRIFT_STATE_VALUE_INSUFFICIENT_DATA,
  value.ML_DRIFT_STATE_VALUE_NO_REFERENCE,
] as const;

const alertStates = [
  value.DRIFTLINE_ALERT_STATE_VALUE_PENDING,
  value.DRIFTLINE_ALERT_STATE_VALUE_FIRING,
  value.DRIFTLINE_ALERT_STATE_VALUE_RESOLVED,
] as const;

const violations = [
  value.ML_FEATURE_OBSERVATION_STATUS_VALUE_MISSING,
  value.ML_FEATURE_OBSERVATION_STATUS_VALUE_NOT_A_NUMBER,
  value.ML_FEATURE_OBSERVATION_STATUS_VALUE_WRONG_TYPE,
  value.ML_FEATURE_OBSERVATION_STATUS_VALUE_OUT_OF_RANGE,
  value.ML_FEATURE_OBSERVATION_STATUS_VALUE_UNSEEN,
  value.ML_FEATURE_OBSERVATION_STATUS_VALUE_UNEXPECTED,
] as const;

export const attributes = {
  [ATTR_ML_MODEL_NAME]: ours('string', 'The model, as its owners call it.'),
  [ATTR_ML_MODEL_VERSION]: ours('string', 'At most 16 live versions per process, then `_other`.'),
  [ATTR_ML_OPERATION_NAME]: oneOf(
    [value.ML_OPERATION_NAME_VALUE_PREDICT, value.ML_OPERATION_NAME_VALUE_EMBED, value.ML_OPERATION_NAME_VALUE_EXPLAIN],
    'What the model was asked to do.',
    { isOpen: true },
  ),
  [ATTR_ML_OPERATION_BATCH_SIZE]: ours('int', 'Rows in one call; only where more than 1.'),
  [ATTR_ML_SYSTEM_NAME]: oneOf(
    [
      value.ML_SYSTEM_NAME_VALUE_ONNXRUNTIME,
      value.ML_SYSTEM_NAME_VALUE_TENSORFLOW_JS,
      value.ML_SYSTEM_NAME_VALUE_TRANSFORMERS_JS,
      value.ML_SYSTEM_NAME_VALUE_KSERVE,
      value.ML_SYSTEM_NAME_VALUE_TENSORFLOW_SERVING,
      value.ML_SYSTEM_NAME_VALUE_AWS_SAGEMAKER,
      value.ML_SYSTEM_NAME_VALUE_GCP_VERTEX_AI,
    ],
    'The runtime or service that executed the model.',
    { isOpen: true },
  ),
  [ATTR_ML_PREDICTION_ID]: ours('string', 'One prediction, usually by its business key; never on metrics.'),
  [ATTR_ML_PREDICTION_VALUE]: ours('double', 'The number a regression answered.'),
  [ATTR_ML_PREDICTION_CLASS]: ours('string', 'The class a classifier answered.'),
  [ATTR_ML_PREDICTION_SCORE]: ours('double', 'The probability or score behind the class.'),
  [ATTR_ML_PREDICTION_TIME]: ours('double', 'When the prediction was made, in seconds since the epoch.'),
  [ATTR_ML_PREDICTION_SAMPLE_RATIO]: ours('double', 'The share of predictions that are reported one by one.'),
  [ATTR_ML_OUTCOME_VALUE]: ours('double', 'The true number, once known.'),
  [ATTR_ML_OUTCOME_CLASS]: ours('string', 'The true class, once known.'),
  [ATTR_ML_FEATURE_NAME]: ours('string', 'At most 1,000 per model; names of the profile, else first seen.'),
  [ATTR_ML_FEATURE_NAMES]: ours('string[]', 'The features a matrix is about, in its order.'),
  [ATTR_ML_FEATURE_VALUES]: ours('map', 'Feature values by name; off by default.'),
  [ATTR_ML_FEATURE_KIND]: oneOf(
    [
      value.ML_FEATURE_KIND_VALUE_NUMERIC,
      value.ML_FEATURE_KIND_VALUE_CATEGORICAL,
      value.ML_FEATURE_KIND_VALUE_EMBEDDING,
    ],
    'Describes the feature; only on sketches.',
  ),
  [ATTR_ML_FEATURE_CATEGORY]: ours(
    'string',
    'A name that profile, schema or declaration knows, else `_unseen`; past 100 per feature `_other`.',
  ),
  [ATTR_ML_FEATURE_PROJECTION]: ours('int', 'Which random projection of an embedding, 0 to 15; −1 is its norm.'),
  [ATTR_ML_FEATURE_OBSERVATION_STATUS]: oneOf(
    [value.ML_FEATURE_OBSERVATION_STATUS_VALUE_VALID, ...violations, value.ML_FEATURE_OBSERVATION_STATUS_VALUE_FAILED],
    'What became of one value; `failed`, on outputs only, is a call that threw.',
  ),
  [ATTR_ML_COMOMENT_COUNT]: ours('int', 'Complete rows behind the co-moments.'),
  [ATTR_ML_COMOMENT_DURATION]: ours('double', 'Seconds before the timestamp that the co-moments cover.'),
  [ATTR_ML_COMOMENT_MEANS]: ours('bytes', 'Means of the standardised features: float64, little endian.'),
  [ATTR_ML_COMOMENT_SUMS]: ours(
    'bytes',
    'Σ(x−mean)(y−mean) of standardised features: float64, little endian, lower triangle by rows.',
  ),
  [ATTR_ML_SAMPLE_TRACE_IDS]: ours('string[]', 'At most three traces in which it happened, as hex.'),
  [ATTR_ML_SAMPLE_SPAN_IDS]: ours('string[]', 'The spans in those traces, as hex.'),
  [ATTR_ML_OUTPUT_NAME]: oneOf(
    [
      value.ML_OUTPUT_NAME_VALUE_VALUE,
      value.ML_OUTPUT_NAME_VALUE_SCORE,
      value.ML_OUTPUT_NAME_VALUE_CLASS,
      value.ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE,
      value.ML_OUTPUT_NAME_VALUE_LATENCY,
    ],
    'Which output of the model; `latency` is the seconds the call took.',
    { isOpen: true },
  ),
  [ATTR_ML_REFERENCE_ID]: ours(
    'string',
    '`sha256:` and 16 hex digits of the canonical reference profile; required on every sketch with explicit bounds.',
  ),
  [ATTR_ML_SEGMENT_NAME]: ours('string', 'The dimension a point is split by; one a point.'),
  [ATTR_ML_SEGMENT_VALUE]: ours('string', 'At most 20 values a segment, then `_other`.'),
  [ATTR_ML_WINDOW_START]: ours('double', 'Start of the judged window, in seconds since the epoch.'),
  [ATTR_ML_WINDOW_END]: ours('double', 'End of the judged window, in seconds since the epoch.'),
  [ATTR_ML_DRIFT_METHOD]: oneOf(
    [value.ML_DRIFT_METHOD_VALUE_SIZE],
    'How the distance was measured; `size` decides, others (`psi`, `hellinger`, ...) are reported.',
    { isOpen: true },
  ),
  [ATTR_ML_DRIFT_STATE]: oneOf(driftStates, 'The judgement on a feature, an output or a model.'),
  [ATTR_ML_DRIFT_PREVIOUS_STATE]: oneOf(driftStates, 'The judgement before this change.'),
  [ATTR_ML_DRIFT_PART]: oneOf(
    [value.ML_DRIFT_PART_VALUE_DISTRIBUTION, value.ML_DRIFT_PART_VALUE_MISSING, value.ML_DRIFT_PART_VALUE_TAILS],
    'Which part of the feature changed most.',
  ),
  [ATTR_ML_DRIFT_HORIZON]: oneOf(
    [value.ML_DRIFT_HORIZON_VALUE_WINDOW, value.ML_DRIFT_HORIZON_VALUE_1H],
    'How much recent data was merged before judging.',
    { isOpen: true },
  ),
  [ATTR_ML_DRIFT_SIZE]: ours('double', 'How far it moved, in standard deviations of the reference.'),
  [ATTR_ML_DRIFT_FLOOR]: ours('double', 'The size below which nobody wants to hear of it.'),
  [ATTR_ML_DRIFT_P_VALUE]: ours('double', 'How likely chance alone is, adjusted for all features tested.'),
  [ATTR_ML_DRIFT_ROWS]: ours('int', 'Rows judged.'),
  [ATTR_ML_DATA_QUALITY_RULE]: oneOf(violations, 'The rule that values broke, or a declared constraint.', {
    isOpen: true,
  }),
  [ATTR_ML_PERFORMANCE_METRIC]: ours('string', '`accuracy`, `roc_auc`, `rmse`, ...'),
  [ATTR_ML_PERFORMANCE_SOURCE]: oneOf(
    [value.ML_PERFORMANCE_SOURCE_VALUE_REALISED, value.ML_PERFORMANCE_SOURCE_VALUE_ESTIMATED],
    'From ground truth, or estimated from calibrated scores.',
  ),
  [ATTR_ML_CONCEPT_DRIFT_DETECTOR]: ours('string', '`adwin`, `page-hinkley`, ...'),
  [ATTR_ML_CONCEPT_DRIFT_STATISTIC]: ours('double', "The detector's statistic when it detected."),
  [ATTR_ML_CONCEPT_DRIFT_ROWS]: ours('int', "Rows since the detector's baseline began."),
  [ATTR_ML_SECURITY_PATTERN]: oneOf(
    [
      value.ML_SECURITY_PATTERN_VALUE_UNAUTHENTICATED,
      value.ML_SECURITY_PATTERN_VALUE_FORBIDDEN,
      value.ML_SECURITY_PATTERN_VALUE_THROTTLED,
      value.ML_SECURITY_PATTERN_VALUE_INVALID,
      value.ML_SECURITY_PATTERN_VALUE_MALFORMED,
      value.ML_SECURITY_PATTERN_VALUE_FLOOD,
      value.ML_SECURITY_PATTERN_VALUE_PROBING,
    ],
    'Refused requests by their reason, and suspicious rows by what is suspicious about them.',
  ),
  [ATTR_ML_SECURITY_OBSERVATIONS]: ours('int', 'Refused requests or suspicious rows of the window.'),
  [ATTR_DRIFTLINE_RULE_NAME]: ours('string', 'The alert rule, as the settings name it.'),
  [ATTR_DRIFTLINE_ALERT_ID]: ours('string', 'One alert from pending to resolved: rule and series, hashed.'),
  [ATTR_DRIFTLINE_ALERT_STATE]: oneOf(alertStates, 'Where the alert is in its life.'),
  [ATTR_DRIFTLINE_ALERT_PREVIOUS_STATE]: oneOf(alertStates, 'Where the alert was; absent on its first change.'),
  [ATTR_DRIFTLINE_ALERT_SEVERITY]: oneOf(
    [
      value.DRIFTLINE_ALERT_SEVERITY_VALUE_INFO,
      value.DRIFTLINE_ALERT_SEVERITY_VALUE_WARNING,
      value.DRIFTLINE_ALERT_SEVERITY_VALUE_CRITICAL,
    ],
    'How much the rule says it matters.',
  ),
  [ATTR_DRIFTLINE_ALERT_VALUE]: ours('double', "The measurement that met the rule's condition."),
  [ATTR_DRIFTLINE_ALERT_THRESHOLD]: ours('double', "The rule's limit."),
  [ATTR_DRIFTLINE_ALERT_SINCE]: ours('double', 'When the condition began, in seconds since the epoch.'),
  [ATTR_DRIFTLINE_EVENT_ID]: ours('string', 'The same for every delivery of one event.'),
  [ATTR_DRIFTLINE_CHANNEL_NAME]: ours('string', 'The notification channel, as the settings name it.'),
  [ATTR_DRIFTLINE_INGEST_RESULT]: ours(
    'string',
    '`merged`, `duplicate`, or why the point was refused: `late`, `future`, ...',
  ),
  [ATTR_DRIFTLINE_INSTRUMENTATION_STAGE]: ours('string', 'Where it failed: `features`, `prediction`, `export`, ...'),
  [ATTR_DRIFTLINE_INSTRUMENTATION_DROP_REASON]: ours('string', '`buffer_full`, `minimum_rows`, ...'),
  [ATTR_DEPLOYMENT_ENVIRONMENT_NAME]: opentelemetrys('string', 'Part of what counts as one model.'),
  [ATTR_ERROR_TYPE]: opentelemetrys('string', 'Why an operation failed; the same on span and metric.'),
  [ATTR_SERVER_ADDRESS]: opentelemetrys('string', 'The host of a remote model.'),
  [ATTR_SERVER_PORT]: opentelemetrys('int', 'The port of a remote model.'),
  [ATTR_SERVICE_INSTANCE_ID]: opentelemetrys('string', 'One process; on results, the deployment of the drift service.'),
  [ATTR_SERVICE_NAME]: opentelemetrys('string', 'Part of what counts as one model.'),
  [ATTR_SERVICE_NAMESPACE]: opentelemetrys('string', "Copied to the results from the observed service's resource."),
  [ATTR_URL_FULL]: opentelemetrys('string', 'The page that shows it.'),
} as const satisfies Readonly<Record<string, AttributeDefinition>>;

export type AttributeName = keyof typeof attributes;

function ours<const Type extends AttributeDefinition['type']>(type: Type, brief: string) {
  return { type, brief, stability: 'development' } as const;
}

function oneOf<const Value extends string>(
  values: readonly Value[],
  brief: string,
  { isOpen = false }: { readonly isOpen?: boolean } = {},
) {
  return { type: 'string', brief, stability: 'development', values, isOpen } as const;
}

function opentelemetrys<const Type extends AttributeDefinition['type']>(type: Type, brief: string) {
  return { type, brief, stability: 'stable' } as const;
}
