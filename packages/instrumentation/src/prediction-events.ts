import {
  ATTR_ML_FEATURE_VALUES,
  ATTR_ML_MODEL_NAME,
  ATTR_ML_MODEL_VERSION,
  ATTR_ML_OUTCOME_CLASS,
  ATTR_ML_OUTCOME_VALUE,
  ATTR_ML_PREDICTION_CLASS,
  ATTR_ML_PREDICTION_ID,
  ATTR_ML_PREDICTION_SAMPLE_RATIO,
  ATTR_ML_PREDICTION_SCORE,
  ATTR_ML_PREDICTION_TIME,
  ATTR_ML_PREDICTION_VALUE,
  ATTR_ML_SEGMENT_NAME,
  ATTR_ML_SEGMENT_VALUE,
  EVENT_ML_PREDICTION_OUTCOME,
  EVENT_ML_PREDICTION_RESULT,
  SEVERITY_INFO,
} from '@driftline/semantic-conventions';
import { segmentText } from '@driftline/sketches';
import { Misuse } from './faults.ts';
import type { DisclosedRow } from './disclosure.ts';
import { type Attributes, keyValues } from './otlp/attributes.ts';
import type { LogRecord } from './otlp/messages.ts';
import type { DisclosedValue, PredictionPart, PrivacyPolicy } from './privacy.ts';
import { millisecondsOf, type Outcome, partsOf, type PredictionParts } from './prediction.ts';
import { unixNano } from './unix-nano.ts';

export interface ModelNameAndVersion {
  readonly name: string;
  readonly version?: string | undefined;
}

export interface ReportedModel extends ModelNameAndVersion {
  readonly privacy?: PrivacyPolicy | undefined;
}

/** Throws a `Misuse` that names what is wrong with the outcome. */
export function outcomeEvent(model: ReportedModel, outcome: Outcome, nowMs: number): LogRecord {
  const prediction = 'id' in outcome ? undefined : predictionOf(outcome);
  return event(EVENT_ML_PREDICTION_OUTCOME, instant('at', outcome.at, nowMs), nowMs, {
    ...modelAttributes(model),
    ...('id' in outcome && { [ATTR_ML_PREDICTION_ID]: joinableId(model, outcome.id) }),
    ...prediction,
    ...segmentAttributes(outcome.segment),
    ...truthAttributes(outcome.truth, prediction?.[ATTR_ML_PREDICTION_CLASS] !== undefined),
  });
}

/** An outcome is one event, and an event is of one segment. */
function segmentAttributes(segment: Outcome['segment']): Attributes {
  const [first, ...others] = Object.entries(segment ?? {});
  if (others.length > 0) throw new Misuse('segment has several names; an outcome can have one');
  if (first === undefined || segmentText(first[1]) === '') return {};
  return { [ATTR_ML_SEGMENT_NAME]: first[0], [ATTR_ML_SEGMENT_VALUE]: segmentText(first[1]) };
}

export interface Result {
  readonly id: string;
  readonly parts: PredictionParts;
  readonly timeMs: number;
  readonly sampleRatio: number;
  /** What the privacy policy lets out of the row. */
  readonly features?: DisclosedRow | undefined;
}

/** Undefined where the privacy policy keeps the id: nothing could be joined with it. */
export function resultEvent(model: ReportedModel, result: Result): LogRecord | undefined {
  const { privacy } = model;
  const { id, parts, timeMs, sampleRatio, features = {} } = result;
  const changed = (name: PredictionPart, value: DisclosedValue | undefined): DisclosedValue | undefined =>
    privacy === undefined ? value : privacy.changed(name, value);
  const changedId = changed(ATTR_ML_PREDICTION_ID, id);
  if (changedId === undefined) return undefined;
  return event(EVENT_ML_PREDICTION_RESULT, timeMs, timeMs, {
    ...modelAttributes(model),
    [ATTR_ML_PREDICTION_ID]: changedId,
    [ATTR_ML_PREDICTION_VALUE]: changed(ATTR_ML_PREDICTION_VALUE, parts.value),
    [ATTR_ML_PREDICTION_CLASS]: changed(ATTR_ML_PREDICTION_CLASS, parts.class),
    [ATTR_ML_PREDICTION_SCORE]: changed(ATTR_ML_PREDICTION_SCORE, parts.score),
    [ATTR_ML_PREDICTION_SAMPLE_RATIO]: sampleRatio,
    ...(Object.keys(features).length > 0 && { [ATTR_ML_FEATURE_VALUES]: features }),
  });
}

function event(eventName: string, timeMs: number, nowMs: number, attributes: Attributes): LogRecord {
  return {
    timeUnixNano: unixNano(timeMs),
    observedTimeUnixNano: unixNano(nowMs),
    severityNumber: SEVERITY_INFO,
    eventName,
    attributes: keyValues(attributes),
  };
}

const modelAttributes = ({ name, version }: ModelNameAndVersion) => ({
  [ATTR_ML_MODEL_NAME]: name,
  [ATTR_ML_MODEL_VERSION]: version,
});

function predictionOf(outcome: Extract<Outcome, { readonly prediction: unknown }>) {
  const parts = partsOf(outcome.prediction);
  if (parts === undefined)
    throw new Misuse('prediction is no number, { value }, { score } or { class }, and there is no id');
  return { ...partAttributes(parts), [ATTR_ML_PREDICTION_TIME]: instant('predictedAt', outcome.predictedAt) / 1000 };
}

const partAttributes = ({ value, class: label, score }: PredictionParts) => ({
  [ATTR_ML_PREDICTION_VALUE]: value,
  [ATTR_ML_PREDICTION_CLASS]: label,
  [ATTR_ML_PREDICTION_SCORE]: score,
});

/** Truth speaks as the prediction does: a class against a class, else numbers, with true as 1. */
function truthAttributes(truth: Outcome['truth'], isClass: boolean): Attributes {
  if (typeof truth === 'string' || isClass) return { [ATTR_ML_OUTCOME_CLASS]: String(truth) };
  const value = Number(truth);
  if (!Number.isFinite(value)) throw new Misuse('truth is no finite number, boolean or class');
  return { [ATTR_ML_OUTCOME_VALUE]: value };
}

function instant(name: string, time: Date | number | undefined, otherwise?: number): number {
  const timeMs = time === undefined ? otherwise : millisecondsOf(time);
  if (timeMs !== undefined && Number.isFinite(timeMs)) return timeMs;
  throw new Misuse(`${name} is no Date and no milliseconds since the epoch`);
}

/** The same change as on the prediction's event, so that they still find each other. */
function joinableId({ privacy }: ReportedModel, id: unknown): string {
  const given = text('id', id);
  const changed = privacy === undefined ? given : privacy.changed(ATTR_ML_PREDICTION_ID, given);
  return text('id', changed);
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Misuse(`${name} is no string, or one that must not leave`);
}
