import type { AttributeName } from './attribute-definitions.ts';
import * as attribute from './attributes.ts';
import * as event from './events.ts';

/** A log record with an event name, a timestamp and attributes; no body, no severity text. */
export interface EventDefinition {
  /** The severities it occurs with, by OpenTelemetry's severity number. */
  readonly severities: readonly event.EventSeverity[];
  readonly brief: string;
  readonly attributes: readonly AttributeName[];
  /** Sent only when asked for. */
  readonly isOptIn?: boolean;
  readonly stability: 'development';
}

const model = [attribute.ATTR_ML_MODEL_NAME, attribute.ATTR_ML_MODEL_VERSION] as const;

const segment = [attribute.ATTR_ML_SEGMENT_NAME, attribute.ATTR_ML_SEGMENT_VALUE] as const;

const prediction = [
  attribute.ATTR_ML_PREDICTION_ID,
  attribute.ATTR_ML_PREDICTION_CLASS,
  attribute.ATTR_ML_PREDICTION_SCORE,
  attribute.ATTR_ML_PREDICTION_VALUE,
] as const;

/** To the drift service only, as the sketches. */
export const sketchEvents = {
  [event.EVENT_ML_FEATURE_COMOMENTS]: {
    severities: [event.SEVERITY_DEBUG],
    brief:
      'How features vary together, one per model and period: at most 50 features, complete rows only, 1 row in 16.',
    attributes: [
      ...model,
      attribute.ATTR_ML_REFERENCE_ID,
      attribute.ATTR_ML_FEATURE_NAMES,
      attribute.ATTR_ML_COMOMENT_COUNT,
      attribute.ATTR_ML_COMOMENT_DURATION,
      attribute.ATTR_ML_COMOMENT_MEANS,
      attribute.ATTR_ML_COMOMENT_SUMS,
    ],
    stability: 'development',
  },
  [event.EVENT_ML_FEATURE_SAMPLES]: {
    severities: [event.SEVERITY_DEBUG],
    brief: 'Sampled spans whose value fell outside the reference.',
    attributes: [
      ...model,
      attribute.ATTR_ML_FEATURE_NAME,
      attribute.ATTR_ML_SAMPLE_TRACE_IDS,
      attribute.ATTR_ML_SAMPLE_SPAN_IDS,
    ],
    stability: 'development',
  },
  [event.EVENT_ML_PREDICTION_RESULT]: {
    severities: [event.SEVERITY_INFO],
    brief: 'One prediction, to be joined with its outcome later.',
    attributes: [...model, ...prediction, attribute.ATTR_ML_PREDICTION_SAMPLE_RATIO, attribute.ATTR_ML_FEATURE_VALUES],
    isOptIn: true,
    stability: 'development',
  },
  [event.EVENT_ML_PREDICTION_OUTCOME]: {
    severities: [event.SEVERITY_INFO],
    brief: 'The truth is known: by the id of the prediction, or with the prediction and its time.',
    attributes: [
      ...model,
      ...prediction,
      attribute.ATTR_ML_PREDICTION_TIME,
      attribute.ATTR_ML_OUTCOME_CLASS,
      attribute.ATTR_ML_OUTCOME_VALUE,
      ...segment,
    ],
    stability: 'development',
  },
} as const satisfies EventDefinitions;

/** From the drift service to the backend; each is a change, never one per window. */
export const resultEvents = {
  [event.EVENT_ML_DRIFT_CHANGE]: {
    severities: [event.SEVERITY_INFO, event.SEVERITY_WARN],
    brief: 'The judgement on a feature, an output, a segment or a model changed; WARN into `drift`.',
    attributes: [
      ...model,
      attribute.ATTR_ML_FEATURE_NAME,
      attribute.ATTR_ML_OUTPUT_NAME,
      ...segment,
      attribute.ATTR_ML_DRIFT_METHOD,
      attribute.ATTR_ML_DRIFT_STATE,
      attribute.ATTR_ML_DRIFT_PREVIOUS_STATE,
      attribute.ATTR_ML_DRIFT_PART,
      attribute.ATTR_ML_DRIFT_CHANGED_PAIRS,
      attribute.ATTR_ML_DRIFT_DIRECTION,
      attribute.ATTR_ML_DRIFT_HORIZON,
      attribute.ATTR_ML_DRIFT_SIZE,
      attribute.ATTR_ML_DRIFT_FLOOR,
      attribute.ATTR_ML_DRIFT_P_VALUE,
      attribute.ATTR_ML_DRIFT_ROWS,
      attribute.ATTR_ML_WINDOW_START,
      attribute.ATTR_ML_WINDOW_END,
      attribute.ATTR_ML_SAMPLE_TRACE_IDS,
      attribute.ATTR_DRIFTLINE_EVENT_ID,
    ],
    stability: 'development',
  },
  [event.EVENT_ML_DATA_QUALITY_CHANGE]: {
    severities: [event.SEVERITY_INFO, event.SEVERITY_WARN],
    brief: 'A rule of data quality is violated from this window on, WARN, or no longer, INFO.',
    attributes: [
      ...model,
      attribute.ATTR_ML_FEATURE_NAME,
      attribute.ATTR_ML_OUTPUT_NAME,
      attribute.ATTR_ML_DATA_QUALITY_RULE,
      attribute.ATTR_ML_DATA_QUALITY_STATE,
      attribute.ATTR_ML_DATA_QUALITY_RATIO,
      attribute.ATTR_ML_DATA_QUALITY_LIMIT,
      attribute.ATTR_ML_DATA_QUALITY_ROWS,
      attribute.ATTR_ML_WINDOW_START,
      attribute.ATTR_ML_WINDOW_END,
      attribute.ATTR_DRIFTLINE_EVENT_ID,
    ],
    stability: 'development',
  },
  [event.EVENT_ML_SECURITY_CHANGE]: {
    severities: [event.SEVERITY_INFO, event.SEVERITY_WARN],
    brief: 'A suspicious pattern began in a window, WARN, or is over, INFO.',
    attributes: [
      ...model,
      attribute.ATTR_ML_SECURITY_PATTERN,
      attribute.ATTR_ML_SECURITY_OBSERVATIONS,
      attribute.ATTR_ML_WINDOW_START,
      attribute.ATTR_ML_WINDOW_END,
      attribute.ATTR_DRIFTLINE_EVENT_ID,
    ],
    stability: 'development',
  },
  [event.EVENT_ML_CONCEPT_DRIFT_DETECTION]: {
    severities: [event.SEVERITY_WARN],
    brief: 'A detector found that the errors of the model changed.',
    attributes: [
      ...model,
      attribute.ATTR_ML_CONCEPT_DRIFT_DETECTOR,
      attribute.ATTR_ML_CONCEPT_DRIFT_STATISTIC,
      attribute.ATTR_ML_CONCEPT_DRIFT_ROWS,
      attribute.ATTR_DRIFTLINE_EVENT_ID,
    ],
    stability: 'development',
  },
  [event.EVENT_DRIFTLINE_ALERT_CHANGE]: {
    severities: [event.SEVERITY_INFO, event.SEVERITY_WARN, event.SEVERITY_ERROR],
    brief: 'An alert changed its state; ERROR where critical, WARN where a warning, INFO once resolved.',
    attributes: [
      ...model,
      attribute.ATTR_ML_FEATURE_NAME,
      ...segment,
      attribute.ATTR_DRIFTLINE_RULE_NAME,
      attribute.ATTR_DRIFTLINE_ALERT_ID,
      attribute.ATTR_DRIFTLINE_ALERT_STATE,
      attribute.ATTR_DRIFTLINE_ALERT_PREVIOUS_STATE,
      attribute.ATTR_DRIFTLINE_ALERT_SEVERITY,
      attribute.ATTR_DRIFTLINE_ALERT_VALUE,
      attribute.ATTR_DRIFTLINE_ALERT_THRESHOLD,
      attribute.ATTR_DRIFTLINE_ALERT_SINCE,
      attribute.ATTR_DRIFTLINE_EVENT_ID,
      attribute.ATTR_URL_FULL,
    ],
    stability: 'development',
  },
} as const satisfies EventDefinitions;

/** From `driftline health test` to the backend. */
export const testEvents = {
  [event.EVENT_DRIFTLINE_HEALTH_TEST_RESULT]: {
    severities: [event.SEVERITY_INFO, event.SEVERITY_WARN, event.SEVERITY_ERROR],
    brief: 'One thing that a model health test found; ERROR where it failed, WARN where it is uncertain.',
    attributes: [
      ...model,
      attribute.ATTR_TEST_SUITE_NAME,
      attribute.ATTR_TEST_CASE_NAME,
      attribute.ATTR_TEST_CASE_RESULT_STATUS,
      attribute.ATTR_DRIFTLINE_HEALTH_TEST_TYPE,
      attribute.ATTR_DRIFTLINE_HEALTH_TEST_MESSAGE,
    ],
    stability: 'development',
  },
} as const satisfies EventDefinitions;

export const events = { ...sketchEvents, ...resultEvents, ...testEvents } as const;

export type EventName = keyof typeof events;
export type EventDefinitions = Readonly<Record<string, EventDefinition>>;
