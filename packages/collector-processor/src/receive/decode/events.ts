import { randomUUID } from 'node:crypto';
import {
  ATTR_ML_COMOMENT_COUNT,
  ATTR_ML_COMOMENT_DURATION,
  ATTR_ML_COMOMENT_MEANS,
  ATTR_ML_COMOMENT_SUMS,
  ATTR_ML_FEATURE_NAME,
  ATTR_ML_FEATURE_NAMES,
  ATTR_ML_MODEL_NAME,
  ATTR_ML_MODEL_VERSION,
  ATTR_ML_OUTCOME_CLASS,
  ATTR_ML_OUTCOME_VALUE,
  ATTR_ML_PREDICTION_CLASS,
  ATTR_ML_PREDICTION_ID,
  ATTR_ML_PREDICTION_SCORE,
  ATTR_ML_PREDICTION_TIME,
  ATTR_ML_PREDICTION_VALUE,
  ATTR_ML_REFERENCE_ID,
  ATTR_ML_SAMPLE_SPAN_IDS,
  ATTR_ML_SAMPLE_TRACE_IDS,
  ATTR_ML_SEGMENT_NAME,
  ATTR_ML_SEGMENT_VALUE,
  EVENT_ML_FEATURE_COMOMENTS,
  EVENT_ML_FEATURE_SAMPLES,
  EVENT_ML_PREDICTION_OUTCOME,
} from '@driftline/semantic-conventions';
import { type AnyValue, type AttributeSet, attributeSet } from '../attributes.ts';
import type { Stream } from '../identity.ts';
import type { PointValue, Prediction, RefusalReason } from '../unit.ts';

/** A log record whose event name is ours, as either encoding gives it. */
export interface ReportedEvent {
  readonly name: string;
  readonly timeNs: bigint;
  readonly attributes: ReadonlyMap<string, AnyValue>;
}

export interface ReadEvent {
  readonly stream: Omit<Stream, 'serial'>;
  /** What events must share to merge. */
  readonly shape: string;
  readonly attributes: AttributeSet;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** What makes it this event and no other at the same time. */
  readonly identifying: string;
  readonly isSameFromAnySender: boolean;
  readonly value: PointValue;
}

export function readEvent(event: ReportedEvent): ReadEvent | RefusalReason {
  const read = eventReaders.get(event.name);
  return read === undefined ? 'unsupported_kind' : read(event);
}

type EventReader = (event: ReportedEvent) => ReadEvent | RefusalReason;

const eventReaders: ReadonlyMap<string, EventReader> = new Map([
  [EVENT_ML_FEATURE_COMOMENTS, readComoments],
  [EVENT_ML_FEATURE_SAMPLES, readSamples],
  [EVENT_ML_PREDICTION_OUTCOME, readOutcome],
]);

/** Beyond that a lower triangle is no longer a small event. */
const mostComomentFeatures = 50;

function readComoments({ name, timeNs, attributes }: ReportedEvent): ReadEvent | RefusalReason {
  const names = attributes.get(ATTR_ML_FEATURE_NAMES);
  const count = attributes.get(ATTR_ML_COMOMENT_COUNT);
  const seconds = attributes.get(ATTR_ML_COMOMENT_DURATION);
  const means = packedDoubles(attributes.get(ATTR_ML_COMOMENT_MEANS));
  const sums = packedDoubles(attributes.get(ATTR_ML_COMOMENT_SUMS));
  if (!isStrings(names) || names.length === 0 || names.length > mostComomentFeatures) return 'invalid_value';
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) return 'invalid_value';
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= longestPeriodSeconds)) return 'invalid_value';
  if (means?.length !== names.length || sums?.length !== (names.length * (names.length + 1)) / 2)
    return 'invalid_value';
  const duration = BigInt(Math.round(seconds * 1e9));

  return {
    stream: { metric: name, unit: '', temporality: 'delta', kind: 'comoments' },
    shape: JSON.stringify(names),
    attributes: eventAttributes(attributes),
    startNs: timeNs - duration > 0n ? timeNs - duration : 0n,
    endNs: timeNs,
    identifying: JSON.stringify([count, ...means]),
    isSameFromAnySender: false,
    value: { kind: 'comoments', names, count, means, sums },
  };
}

const longestPeriodSeconds = 86_400;

/** A truth with the prediction it is about, or with its id; without an id two alike are two, and a repetition is too. */
function readOutcome({ name, timeNs, attributes }: ReportedEvent): ReadEvent | RefusalReason {
  const truth = prediction(attributes, { class: ATTR_ML_OUTCOME_CLASS, value: ATTR_ML_OUTCOME_VALUE });
  const predicted = prediction(attributes, {
    class: ATTR_ML_PREDICTION_CLASS,
    score: ATTR_ML_PREDICTION_SCORE,
    value: ATTR_ML_PREDICTION_VALUE,
  });
  const predictionId = attributes.get(ATTR_ML_PREDICTION_ID);
  const predictedAtSeconds = attributes.get(ATTR_ML_PREDICTION_TIME);
  const hasId = typeof predictionId === 'string' && predictionId !== '';
  if (truth === undefined || (predicted === undefined && !hasId)) return 'invalid_value';

  return {
    stream: { metric: name, unit: '', temporality: 'none', kind: 'outcome' },
    shape: '',
    attributes: eventAttributes(attributes),
    startNs: timeNs,
    endNs: timeNs,
    identifying: hasId ? JSON.stringify([predictionId, truth]) : randomUUID(),
    isSameFromAnySender: true,
    value: {
      kind: 'outcome',
      truth,
      ...(hasId && { predictionId }),
      ...(predicted && { prediction: predicted }),
      ...(isFiniteNumber(predictedAtSeconds) && { predictedAtMs: predictedAtSeconds * 1000 }),
    },
  };
}

/** More are an error of the sender: these are to look at, one by one. */
const mostSampledSpans = 3;

function readSamples({ name, timeNs, attributes }: ReportedEvent): ReadEvent | RefusalReason {
  const feature = attributes.get(ATTR_ML_FEATURE_NAME);
  const traceIds = attributes.get(ATTR_ML_SAMPLE_TRACE_IDS);
  const spanIds = attributes.get(ATTR_ML_SAMPLE_SPAN_IDS);
  if (typeof feature !== 'string' || !isStrings(traceIds) || !isStrings(spanIds)) return 'invalid_value';
  if (traceIds.length === 0 || traceIds.length > mostSampledSpans || spanIds.length !== traceIds.length)
    return 'invalid_value';
  if (!traceIds.every((id) => isHexId(id, 32)) || !spanIds.every((id) => isHexId(id, 16))) return 'invalid_value';

  return {
    stream: { metric: name, unit: '', temporality: 'none', kind: 'samples' },
    shape: '',
    attributes: eventAttributes(attributes, [ATTR_ML_FEATURE_NAME]),
    startNs: timeNs,
    endNs: timeNs,
    identifying: JSON.stringify([traceIds, spanIds]),
    isSameFromAnySender: false,
    value: { kind: 'samples', spans: traceIds.map((traceId, i) => ({ traceId, spanId: spanIds[i] ?? '' })) },
  };
}

function prediction(
  attributes: ReadonlyMap<string, AnyValue>,
  names: { readonly class: string; readonly score?: string; readonly value: string },
): Prediction | undefined {
  const label = attributes.get(names.class);
  const score = names.score === undefined ? undefined : attributes.get(names.score);
  const value = attributes.get(names.value);
  const found = {
    ...(typeof label === 'string' && { class: label }),
    ...(isFiniteNumber(score) && { score }),
    ...(isFiniteNumber(value) && { value }),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}

/** What tells series of events apart; the rest of an event is its content. */
function eventAttributes(attributes: ReadonlyMap<string, AnyValue>, more: readonly string[] = []): AttributeSet {
  const kept = [
    ...more,
    ATTR_ML_MODEL_NAME,
    ATTR_ML_MODEL_VERSION,
    ATTR_ML_REFERENCE_ID,
    ATTR_ML_SEGMENT_NAME,
    ATTR_ML_SEGMENT_VALUE,
  ];
  return attributeSet(new Map(kept.map((name) => [name, attributes.get(name) ?? null])));
}

/** Little-endian float64, all finite. */
function packedDoubles(value: AnyValue | undefined): Float64Array | undefined {
  if (!(value instanceof Uint8Array) || value.length % 8 !== 0) return undefined;
  const doubles = new Float64Array(value.slice().buffer);
  return doubles.every(Number.isFinite) ? doubles : undefined;
}

const isFiniteNumber = (value: AnyValue | undefined): value is number => Number.isFinite(value);
const isStrings = (value: AnyValue | undefined): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** As W3C writes them; all zeros is none. */
const isHexId = (id: string, digits: number): boolean =>
  id.length === digits && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id);
