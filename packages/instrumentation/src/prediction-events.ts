import {
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
  EVENT_ML_PREDICTION_OUTCOME,
  EVENT_ML_PREDICTION_RESULT,
  SEVERITY_INFO,
} from '@driftline/semantic-conventions';
import { type Attributes, keyValues } from './otlp/attributes.ts';
import type { LogRecord } from './otlp/messages.ts';
import { millisecondsOf, type Outcome, partsOf, type PredictionParts } from './prediction.ts';
import { unixNano } from './unix-nano.ts';

export interface ModelNameAndVersion {
  readonly name: string;
  readonly version?: string | undefined;
}

/** Throws a TypeError that names what is wrong with the outcome. */
export function outcomeEvent(model: ModelNameAndVersion, outcome: Outcome, nowMs: number): LogRecord {
  const prediction = 'id' in outcome ? undefined : predictionOf(outcome);
  return event(EVENT_ML_PREDICTION_OUTCOME, instant('at', outcome.at, nowMs), nowMs, {
    ...modelAttributes(model),
    ...('id' in outcome && { [ATTR_ML_PREDICTION_ID]: text('id', outcome.id) }),
    ...prediction,
    ...truthAttributes(outcome.truth, prediction?.[ATTR_ML_PREDICTION_CLASS] !== undefined),
  });
}

export interface Result {
  readonly id: string;
  readonly parts: PredictionParts;
  readonly timeMs: number;
  readonly sampleRatio: number;
}

export function resultEvent(model: ModelNameAndVersion, { id, parts, timeMs, sampleRatio }: Result): LogRecord {
  return event(EVENT_ML_PREDICTION_RESULT, timeMs, timeMs, {
    ...modelAttributes(model),
    [ATTR_ML_PREDICTION_ID]: id,
    ...partAttributes(parts),
    [ATTR_ML_PREDICTION_SAMPLE_RATIO]: sampleRatio,
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
    throw new TypeError('prediction is no number, { value }, { score } or { class }, and there is no id');
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
  if (!Number.isFinite(value)) throw new TypeError(`truth is ${String(truth)}, no number, boolean or class`);
  return { [ATTR_ML_OUTCOME_VALUE]: value };
}

function instant(name: string, time: Date | number | undefined, otherwise?: number): number {
  const timeMs = time === undefined ? otherwise : millisecondsOf(time);
  if (timeMs !== undefined && Number.isFinite(timeMs)) return timeMs;
  throw new TypeError(`${name} is no Date and no milliseconds since the epoch`);
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(`${name} is no string`);
}
