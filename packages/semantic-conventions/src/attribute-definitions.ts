import * as attribute from './attributes.ts';
import * as value from './attribute-values.ts';
import { resourceAttributes } from './resource-attribute-definitions.ts';

export interface AttributeDefinition {
  readonly type: 'string' | 'int' | 'double' | 'string[]' | 'bytes' | 'map';
  readonly brief: string;
  readonly stability: 'development' | 'stable';
  /** The well-known values. */
  readonly values?: readonly (string | number)[];
  /** Values beside the well-known ones are allowed. */
  readonly isOpen?: boolean;
}

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
  [attribute.ATTR_ML_MODEL_NAME]: ours('string', 'The model, as its owners call it.'),
  [attribute.ATTR_ML_MODEL_VERSION]: ours('string', 'At most 16 live versions per process, then `_other`.'),
  [attribute.ATTR_ML_OPERATION_NAME]: oneOf(
    [value.ML_OPERATION_NAME_VALUE_PREDICT, value.ML_OPERATION_NAME_VALUE_EMBED, value.ML_OPERATION_NAME_VALUE_EXPLAIN],
    'What the model was asked to do.',
    { isOpen: true },
  ),
  [attribute.ATTR_ML_OPERATION_BATCH_SIZE]: ours('int', 'Rows in one call; only where more than 1.'),
  [attribute.ATTR_ML_SYSTEM_NAME]: oneOf(
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
  [attribute.ATTR_ML_PREDICTION_ID]: ours('string', 'One prediction, usually by its business key; never on metrics.'),
  [attribute.ATTR_ML_PREDICTION_VALUE]: ours('double', 'The number a regression answered.'),
  [attribute.ATTR_ML_PREDICTION_CLASS]: ours('string', 'The class a classifier answered.'),
  [attribute.ATTR_ML_PREDICTION_SCORE]: ours('double', 'The probability or score behind the class.'),
  [attribute.ATTR_ML_PREDICTION_TIME]: ours('double', 'When the prediction was made, in seconds since the epoch.'),
  [attribute.ATTR_ML_PREDICTION_ANOMALIES]: ours(
    'string[]',
    'Features and outputs whose value fell outside the reference, by name; spans only.',
  ),
  [attribute.ATTR_ML_PREDICTION_ANOMALY_SCORE]: ours(
    'double',
    'How unusual the row is as a whole, in typical distances of the reference: about 1 for an ordinary row; spans only, off by default.',
  ),
  [attribute.ATTR_ML_PREDICTION_ANOMALY_FEATURES]: ours(
    'string[]',
    'At most three features that make the row unusual, by name, the most first; spans only, off by default.',
  ),
  [attribute.ATTR_ML_PREDICTION_SAMPLE_RATIO]: ours('double', 'The share of predictions that are reported one by one.'),
  [attribute.ATTR_ML_OUTCOME_VALUE]: ours('double', 'The true number, once known.'),
  [attribute.ATTR_ML_OUTCOME_CLASS]: ours('string', 'The true class, once known.'),
  [attribute.ATTR_ML_FEATURE_NAME]: ours('string', 'At most 1,000 per model; names of the profile, else first seen.'),
  [attribute.ATTR_ML_FEATURE_NAMES]: ours('string[]', 'The features a matrix is about, in its order.'),
  [attribute.ATTR_ML_FEATURE_VALUES]: ours(
    'map',
    'Feature values by name, after the privacy policy; off by default. On spans one attribute each, `ml.feature.values.age`.',
  ),
  [attribute.ATTR_ML_FEATURE_KIND]: oneOf(
    [
      value.ML_FEATURE_KIND_VALUE_NUMERIC,
      value.ML_FEATURE_KIND_VALUE_CATEGORICAL,
      value.ML_FEATURE_KIND_VALUE_EMBEDDING,
    ],
    'Describes the feature; only on sketches.',
  ),
  [attribute.ATTR_ML_FEATURE_CATEGORY]: ours(
    'string',
    'A name that profile, schema or declaration knows, else `_unseen`; past 100 per feature `_other`.',
  ),
  [attribute.ATTR_ML_FEATURE_PROJECTION]: ours(
    'int',
    'Which random projection of an embedding, 0 to 15; −1 is its norm.',
  ),
  [attribute.ATTR_ML_FEATURE_OBSERVATION_STATUS]: oneOf(
    [value.ML_FEATURE_OBSERVATION_STATUS_VALUE_VALID, ...violations, value.ML_FEATURE_OBSERVATION_STATUS_VALUE_FAILED],
    'What became of one value; `failed`, on outputs only, is a call that threw.',
  ),
  [attribute.ATTR_ML_FEATURE_CHECK_NAME]: oneOf(
    [value.ML_FEATURE_CHECK_NAME_VALUE_DUPLICATE, value.ML_FEATURE_CHECK_NAME_VALUE_SCHEMA],
    'What whole rows were checked for: a repetition of a row before, or a match with the schema of the features.',
  ),
  [attribute.ATTR_ML_FEATURE_CHECK_RESULT]: oneOf(
    [value.ML_FEATURE_CHECK_RESULT_VALUE_PASS, value.ML_FEATURE_CHECK_RESULT_VALUE_FAIL],
    'Both together are the rows checked.',
  ),
  [attribute.ATTR_ML_FEATURE_VIOLATION_TYPE]: ours(
    'string',
    'What the schema complained of, as its library names it: `invalid_type`, `too_small`, ...; never a message.',
  ),
  [attribute.ATTR_ML_COMOMENT_COUNT]: ours('int', 'Complete rows behind the co-moments.'),
  [attribute.ATTR_ML_COMOMENT_DURATION]: ours('double', 'Seconds before the timestamp that the co-moments cover.'),
  [attribute.ATTR_ML_COMOMENT_MEANS]: ours(
    'bytes',
    'Means of the features, standardised by the profile and limited to ±3: float64, little endian.',
  ),
  [attribute.ATTR_ML_COMOMENT_SUMS]: ours(
    'bytes',
    'Σ(x−mean)(y−mean) of features standardised by the profile and limited to ±3: float64, little endian, lower triangle by rows.',
  ),
  [attribute.ATTR_ML_SAMPLE_TRACE_IDS]: ours('string[]', 'At most three traces in which it happened, as hex.'),
  [attribute.ATTR_ML_SAMPLE_SPAN_IDS]: ours('string[]', 'The spans in those traces, as hex.'),
  [attribute.ATTR_ML_OUTPUT_NAME]: oneOf(
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
  [attribute.ATTR_ML_REFERENCE_ID]: ours(
    'string',
    '`sha256:` and 16 hex digits of the canonical reference profile; required on every sketch with explicit bounds.',
  ),
  [attribute.ATTR_ML_SEGMENT_NAME]: ours('string', 'The dimension a point is split by; one a point.'),
  [attribute.ATTR_ML_SEGMENT_VALUE]: ours('string', 'At most 20 values a segment, then `_other`.'),
  [attribute.ATTR_ML_WINDOW_START]: ours('double', 'Start of the judged window, in seconds since the epoch.'),
  [attribute.ATTR_ML_WINDOW_END]: ours('double', 'End of the judged window, in seconds since the epoch.'),
  [attribute.ATTR_ML_DRIFT_METHOD]: oneOf(
    [
      value.ML_DRIFT_METHOD_VALUE_SIZE,
      value.ML_DRIFT_METHOD_VALUE_CORRELATION,
      value.ML_DRIFT_METHOD_VALUE_RECONSTRUCTION_ERROR,
      value.ML_DRIFT_METHOD_VALUE_WEIGHTED,
    ],
    'How the distance was measured; `size` and, of a model, `correlation` decide, others (`psi`, ...) are reported, or decide by a fixed limit.',
    { isOpen: true },
  ),
  [attribute.ATTR_ML_DRIFT_STATE]: oneOf(driftStates, 'The judgement on a feature, an output or a model.'),
  [attribute.ATTR_ML_DRIFT_PREVIOUS_STATE]: oneOf(driftStates, 'The judgement before this change.'),
  [attribute.ATTR_ML_DRIFT_PART]: oneOf(
    [
      value.ML_DRIFT_PART_VALUE_DISTRIBUTION,
      value.ML_DRIFT_PART_VALUE_MISSING,
      value.ML_DRIFT_PART_VALUE_TAILS,
      value.ML_DRIFT_PART_VALUE_CORRELATION,
    ],
    'Which part of the feature changed most; of a model, that its features go together otherwise.',
  ),
  [attribute.ATTR_ML_DRIFT_CHANGED_PAIRS]: ours(
    'string[]',
    'At most five pairs of features with their correlation in the reference and now: `age and pay 0.71 → 0.02`.',
  ),
  [attribute.ATTR_ML_DRIFT_DIRECTION]: ours(
    'string',
    'Which way it moved, in words for people: `higher and wider`, `category "NY" more frequent`.',
  ),
  [attribute.ATTR_ML_DRIFT_HORIZON]: oneOf(
    [value.ML_DRIFT_HORIZON_VALUE_WINDOW, value.ML_DRIFT_HORIZON_VALUE_1H],
    'How much recent data was merged before judging.',
    { isOpen: true },
  ),
  [attribute.ATTR_ML_DRIFT_SIZE]: ours('double', 'How far it moved, in standard deviations of the reference.'),
  [attribute.ATTR_ML_DRIFT_FLOOR]: ours('double', 'The size below which nobody wants to hear of it.'),
  [attribute.ATTR_ML_DRIFT_P_VALUE]: ours('double', 'How likely chance alone is, adjusted for all features tested.'),
  [attribute.ATTR_ML_DRIFT_ROWS]: ours('int', 'Rows judged.'),
  [attribute.ATTR_ML_DATA_QUALITY_RULE]: oneOf(violations, 'The rule that values broke, or a declared constraint.', {
    isOpen: true,
  }),
  [attribute.ATTR_ML_DATA_QUALITY_STATE]: oneOf(
    [value.ML_DATA_QUALITY_STATE_VALUE_OK, value.ML_DATA_QUALITY_STATE_VALUE_VIOLATED],
    'The judgement on one rule.',
  ),
  [attribute.ATTR_ML_DATA_QUALITY_RATIO]: ours('double', 'The share that broke the rule.'),
  [attribute.ATTR_ML_DATA_QUALITY_LIMIT]: ours('double', 'The share above which it is violated.'),
  [attribute.ATTR_ML_DATA_QUALITY_ROWS]: ours('int', 'Rows that the share is a share of.'),
  [attribute.ATTR_ML_PERFORMANCE_METRIC]: ours('string', '`accuracy`, `roc_auc`, `rmse`, ...'),
  [attribute.ATTR_ML_PERFORMANCE_SOURCE]: oneOf(
    [value.ML_PERFORMANCE_SOURCE_VALUE_REALISED, value.ML_PERFORMANCE_SOURCE_VALUE_ESTIMATED],
    'From ground truth, or estimated from calibrated scores.',
  ),
  [attribute.ATTR_ML_CONCEPT_DRIFT_DETECTOR]: ours('string', '`adwin`, `page-hinkley`, ...'),
  [attribute.ATTR_ML_CONCEPT_DRIFT_STATISTIC]: ours('double', "The detector's statistic when it detected."),
  [attribute.ATTR_ML_CONCEPT_DRIFT_ROWS]: ours('int', "Rows since the detector's baseline began."),
  [attribute.ATTR_ML_SECURITY_PATTERN]: oneOf(
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
  [attribute.ATTR_ML_SECURITY_OBSERVATIONS]: ours('int', 'Refused requests or suspicious rows of the window.'),
  [attribute.ATTR_DRIFTLINE_RULE_NAME]: ours('string', 'The alert rule, as the settings name it.'),
  [attribute.ATTR_DRIFTLINE_ALERT_ID]: ours('string', 'One alert from pending to resolved: rule and series, hashed.'),
  [attribute.ATTR_DRIFTLINE_ALERT_STATE]: oneOf(alertStates, 'Where the alert is in its life.'),
  [attribute.ATTR_DRIFTLINE_ALERT_PREVIOUS_STATE]: oneOf(
    alertStates,
    'Where the alert was; absent on its first change.',
  ),
  [attribute.ATTR_DRIFTLINE_ALERT_SEVERITY]: oneOf(
    [
      value.DRIFTLINE_ALERT_SEVERITY_VALUE_INFO,
      value.DRIFTLINE_ALERT_SEVERITY_VALUE_WARNING,
      value.DRIFTLINE_ALERT_SEVERITY_VALUE_CRITICAL,
    ],
    'How much the rule says it matters.',
  ),
  [attribute.ATTR_DRIFTLINE_ALERT_VALUE]: ours('double', "The measurement that met the rule's condition."),
  [attribute.ATTR_DRIFTLINE_ALERT_THRESHOLD]: ours('double', "The rule's limit."),
  [attribute.ATTR_DRIFTLINE_ALERT_SINCE]: ours('double', 'When the condition began, in seconds since the epoch.'),
  [attribute.ATTR_DRIFTLINE_EVENT_ID]: ours('string', 'The same for every delivery of one event.'),
  [attribute.ATTR_DRIFTLINE_CHANNEL_NAME]: ours('string', 'The notification channel, as the settings name it.'),
  [attribute.ATTR_DRIFTLINE_HEALTH_CHECK_NAME]: ours('string', 'The health check, as the service names it.'),
  [attribute.ATTR_DRIFTLINE_HEALTH_CHECK_TYPE]: ours(
    'string',
    '`model`, `model-health-test`, `system`, `gpu`, `data-quality`, `dependency`.',
  ),
  [attribute.ATTR_DRIFTLINE_HEALTH_STATE]: oneOf(
    [
      value.DRIFTLINE_HEALTH_STATE_VALUE_PASS,
      value.DRIFTLINE_HEALTH_STATE_VALUE_WARN,
      value.DRIFTLINE_HEALTH_STATE_VALUE_FAIL,
    ],
    'How a check stands; on spans, the service as a whole when the span began.',
  ),
  [attribute.ATTR_DRIFTLINE_HEALTH_FAILING_CHECKS]: ours('string[]', 'Checks that did not pass when the span began.'),
  [attribute.ATTR_DRIFTLINE_HEALTH_TEST_TYPE]: ours(
    'string',
    '`prediction`, `performance`, `latency`, `memory`, `startup`.',
  ),
  [attribute.ATTR_DRIFTLINE_HEALTH_TEST_UNIT]: ours(
    'string',
    'What a measurement counts, in UCUM: `s`, `By`, `1`, ...',
  ),
  [attribute.ATTR_DRIFTLINE_HEALTH_TEST_MESSAGE]: ours('string', 'What was seen, and against what, in words.'),
  [attribute.ATTR_DRIFTLINE_INGEST_RESULT]: ours(
    'string',
    '`merged`, `duplicate`, or why the point was refused: `late`, `future`, ...',
  ),
  [attribute.ATTR_DRIFTLINE_INSTRUMENTATION_STAGE]: ours(
    'string',
    'Where it failed: `features`, `prediction`, `export`, ...',
  ),
  [attribute.ATTR_DRIFTLINE_INSTRUMENTATION_DROP_REASON]: ours('string', '`buffer_full`, `minimum_rows`, ...'),
  [attribute.ATTR_DEPLOYMENT_ENVIRONMENT_NAME]: opentelemetrys('string', 'Part of what counts as one model.'),
  [attribute.ATTR_ERROR_TYPE]: opentelemetrys('string', 'Why an operation failed; the same on span and metric.'),
  [attribute.ATTR_SERVER_ADDRESS]: opentelemetrys('string', 'The host of a remote model.'),
  [attribute.ATTR_SERVER_PORT]: opentelemetrys('int', 'The port of a remote model.'),
  [attribute.ATTR_SERVICE_INSTANCE_ID]: opentelemetrys(
    'string',
    'One process; on results, the deployment of the drift service.',
  ),
  [attribute.ATTR_SERVICE_NAME]: opentelemetrys('string', 'Part of what counts as one model.'),
  [attribute.ATTR_SERVICE_NAMESPACE]: opentelemetrys(
    'string',
    "Copied to the results from the observed service's resource.",
  ),
  [attribute.ATTR_HTTP_RESPONSE_STATUS_CODE]: opentelemetrys('int', 'What a request was answered with.'),
  [attribute.ATTR_TEST_CASE_NAME]: ours('string', 'One thing that a test looked at.'),
  [attribute.ATTR_TEST_CASE_RESULT_STATUS]: oneOf(
    [
      value.TEST_CASE_RESULT_STATUS_VALUE_PASS,
      value.TEST_CASE_RESULT_STATUS_VALUE_FAIL,
      value.TEST_CASE_RESULT_STATUS_VALUE_UNCERTAIN,
    ],
    'What it found; `uncertain` is ours: too little was measured to be sure.',
    { isOpen: true },
  ),
  [attribute.ATTR_TEST_SUITE_NAME]: ours('string', 'The model health test, as its file names it.'),
  [attribute.ATTR_URL_FULL]: opentelemetrys('string', 'The page that shows it.'),
  ...resourceAttributes,
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
