import { type Context, context } from '@opentelemetry/api';
import {
  ATTR_ML_OPERATION_BATCH_SIZE,
  ATTR_ML_PREDICTION_ANOMALIES,
  ATTR_ML_PREDICTION_ANOMALY_FEATURES,
  ATTR_ML_PREDICTION_ANOMALY_SCORE,
  ATTR_ML_SECURITY_PATTERN,
  ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE,
  ML_SECURITY_PATTERN_VALUE_MALFORMED,
} from '@driftline/semantic-conventions';
import type { CallMappers, MaybeLater, FeatureRow } from './call-mappers.ts';
import { CallSpan, type SpanEnd } from './call-span.ts';
import { discloseFeatures, discloseId, type DisclosedRow, disclosePrediction } from './disclosure.ts';
import { inCallOf } from './enclosing-call.ts';
import { errorTypeOf } from './error-type.ts';
import { describeError, faults } from './faults.ts';
import type { ModelVersion } from './model-version.ts';
import type { CallSeries } from './operations/call-series.ts';
import { operations } from './operations/operations.ts';
import type { OperationsRecorder } from './operations/operations-recorder.ts';
import type { CallOptions, PredictionParts } from './prediction.ts';
import type { CallerSecurity } from './security/caller-security.ts';
import type { PrivacyPolicy } from './privacy.ts';
import type { InvalidFeaturesError } from './schema-check.ts';
import { segmentOfRows, type Segmented } from './segments.ts';
import type { Sampling } from './sampling.ts';

/** What a call asks its monitor. */
export interface WatchedModel {
  readonly name: string;
  readonly callers: CallerSecurity;
  readonly sampling: Sampling;
  /** Undefined where no value may leave. */
  readonly privacy: PrivacyPolicy | undefined;
  /** Where the monitor joins outcomes by id: one event a prediction. */
  reportResults(
    version: ModelVersion,
    ids: readonly string[],
    predictions: readonly PredictionParts[],
    timeMs: number,
    rows: readonly DisclosedRow[],
  ): void;
}

export interface CallParts {
  readonly model: WatchedModel;
  readonly version: ModelVersion;
  readonly series: CallSeries;
  readonly mappers: CallMappers;
  readonly args: readonly never[];
  readonly options: CallOptions | undefined;
}

const none: readonly never[] = [];

/** One prediction from its arguments to its end: span, latency, features and outputs. */
export class ActiveCall {
  /** The model runs in it, so that its own spans become children. */
  readonly context: Context;
  readonly #parts: CallParts;
  readonly #atMs: number | undefined;
  readonly #ids: readonly string[];
  /** What the call says of it, and once they are read what its rows say too. */
  #segment: Segmented;
  #rows = 1;
  /** Features that had a value outside the reference. */
  #outside: readonly string[] = none;
  /** These and, where its row is unusual as a whole, the score that says so. */
  #anomalies: readonly string[] = none;
  /** How unusual its row is, of a single one that is scored, and by what. */
  #anomaly: { readonly score: number; readonly features: string[] } | undefined;
  /** What the privacy policy lets out of the rows. */
  #disclosed: readonly DisclosedRow[] = none;
  #refusal: InvalidFeaturesError | undefined;
  readonly #span: CallSpan;
  readonly #recorder: OperationsRecorder;
  readonly #startedAt: number;

  /** Features are read before the model runs, which may change its arguments or hand them to a worker; or late. */
  constructor(parts: CallParts) {
    const { series, mappers, args, options } = parts;
    this.#parts = parts;
    this.#atMs = mappers.timeMs(args, options);
    this.#ids = mappers.ids(args, options);
    this.#segment = mappers.segment(args, options);
    const rows = mappers.readsLate ? undefined : mappers.rows(args);
    if (!mappers.readsLate) this.#rows = mappers.batchSize(args, rows);
    if (rows !== undefined) this.#recordFeatures(rows);
    const caller = mappers.caller(args, options);
    const isAnomalous = this.#anomalies.length > 0;
    this.#span = new CallSpan(series, parts.model.sampling, context.active(), isAnomalous);
    this.#describe();
    if (caller !== undefined && rows !== undefined) this.#watch(caller, Array.isArray(rows) ? rows : [rows]);
    this.context = inCallOf(parts.model.name, series.isRemote, this.#span.context);
    this.#recorder = operations.recorder;
    this.#recorder.started(series);
    this.#startedAt = performance.now();
  }

  /** The output is read at once: a caller may dispose of it. */
  succeeded(result: unknown): void {
    const seconds = this.#seconds();
    const { mappers, args } = this.#parts;
    this.#readLate();
    this.#answered(seconds, mappers.predictions(result, args));
  }

  /** It was answered, and `error` is why nobody can tell with what. */
  unheard(error: unknown): void {
    const { name } = this.#parts.model;
    const message = `the stream of "${name}" cannot be listened to, as if it were frozen: ${describeError(error)}.`;
    faults.count({ stage: 'stream', model: name, message });
    this.#answered(this.#seconds(), []);
  }

  failed(error: unknown): void {
    const seconds = this.#seconds();
    this.#readLate();
    this.#guard(() => {
      const { version, series } = this.#parts;
      const errorType = errorTypeOf(error);
      this.#recorder.ended(series, { seconds, rows: this.#rows, errorType });
      const sketches = version.sketchesAt(this.#atMs ?? Date.now());
      sketches?.recordCall({ seconds, predictions: [], hasFailed: true, segment: this.#segment });
      this.#end({ seconds, errorType });
    });
  }

  /** What to throw to the caller before the model runs, because the monitor was asked to. */
  get refusal(): InvalidFeaturesError | undefined {
    return this.#refusal;
  }

  #recordFeatures(rows: FeatureRow | readonly FeatureRow[]): void {
    const { model, version } = this.#parts;
    const { privacy } = model;
    this.#segment = segmentOfRows(rows, version.observed.segments, this.#segment);
    const sketches = version.sketchesAt(this.#atMs ?? Date.now());
    const outside = sketches?.recordFeatures(rows, this.#segment);
    this.#refusal = version.validate(rows, sketches);
    const score = version.scoreRows(rows, sketches);
    if (score !== undefined) this.#anomaly = { score, features: version.observed.scorer?.topFeatures() ?? [] };
    if (outside !== undefined && this.#rows === 1 && isMalformed(outside, version)) {
      sketches?.recordSecurity(ML_SECURITY_PATTERN_VALUE_MALFORMED);
    }
    if (outside !== undefined && outside.size > 0) this.#outside = [...outside];
    const isOddRow = score !== undefined && score >= model.sampling.anomalyScore;
    this.#anomalies = isOddRow ? [...this.#outside, ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE] : this.#outside;
    if (privacy !== undefined) this.#disclosed = (isBatch(rows) ? rows : [rows]).map((row) => privacy.row(row));
  }

  /** What is known of the call besides its answer. */
  #describe(): void {
    const { privacy } = this.#parts.model;
    if (this.#rows !== 1) this.#span.setAttribute(ATTR_ML_OPERATION_BATCH_SIZE, this.#rows);
    if (this.#anomalies.length > 0) this.#span.setAnomalies(ATTR_ML_PREDICTION_ANOMALIES, this.#anomalies);
    if (this.#anomaly !== undefined) {
      this.#span.setAttribute(ATTR_ML_PREDICTION_ANOMALY_SCORE, this.#anomaly.score);
      this.#span.setAttribute(ATTR_ML_PREDICTION_ANOMALY_FEATURES, this.#anomaly.features);
    }
    if (privacy === undefined || this.#rows !== 1 || !this.#span.mayRecord) return;
    const [row] = this.#disclosed;
    const [id] = this.#ids;
    if (row !== undefined) discloseFeatures(this.#span, row);
    if (id !== undefined) discloseId(this.#span, privacy, id);
  }

  #readLate(): void {
    const { mappers, args } = this.#parts;
    if (!mappers.readsLate) return;
    this.#guard(() => {
      const rows = mappers.rows(args);
      this.#rows = mappers.batchSize(args, rows);
      if (rows !== undefined) this.#recordFeatures(rows);
      this.#describe();
    });
  }

  /** An answer that is read later is of no use to the span. */
  #answered(seconds: number, predictions: MaybeLater<readonly PredictionParts[]>): void {
    this.#guard(() => this.#recorder.ended(this.#parts.series, { seconds, rows: this.#rows }));
    const settledAtMs = this.#atMs ?? Date.now();
    if (predictions instanceof Promise) {
      void predictions.then((known) => this.#guard(() => void this.#recordAnswer(seconds, known, settledAtMs)));
    } else {
      this.#guard(() => this.#describeAnswer(predictions, this.#recordAnswer(seconds, predictions, settledAtMs)));
    }
    this.#guard(() => this.#end({ seconds }));
  }

  /** Gives the outputs that had a value outside the reference. */
  #recordAnswer(
    seconds: number,
    predictions: readonly PredictionParts[],
    settledAtMs: number,
  ): ReadonlySet<string> | undefined {
    const { model, version } = this.#parts;
    const call = { seconds, predictions, hasFailed: false, segment: this.#segment };
    const outside = version.sketchesAt(settledAtMs)?.recordCall(call);
    if (this.#ids.length > 0) model.reportResults(version, this.#ids, predictions, settledAtMs, this.#disclosed);
    return outside;
  }

  #describeAnswer(predictions: readonly PredictionParts[], outside: ReadonlySet<string> = new Set()): void {
    const { privacy, sampling } = this.#parts.model;
    const anomalies = [...this.#anomalies, ...outside];
    if (this.#isAnomalyScore(predictions, sampling)) anomalies.push(ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE);
    if (anomalies.length > this.#anomalies.length) this.#span.setAnomalies(ATTR_ML_PREDICTION_ANOMALIES, anomalies);
    const [prediction] = predictions;
    if (privacy === undefined || prediction === undefined || predictions.length !== 1) return;
    if (this.#span.mayRecord) disclosePrediction(this.#span, privacy, prediction);
  }

  #isAnomalyScore(predictions: readonly PredictionParts[], { anomalyScore }: Sampling): boolean {
    if (this.#parts.version.observed.numberOutput !== ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE) return false;
    return predictions.some(({ value = Number.NaN }) => value >= anomalyScore);
  }

  /** Drift of a feature leads to the traces of its odd values. */
  #end(end: SpanEnd): void {
    const found = this.#span.end(end);
    if (found === undefined || this.#outside.length === 0) return;
    this.#parts.version.sketchesAt(this.#atMs ?? Date.now())?.recordSample(this.#outside, found);
  }

  /** The span says what was suspicious, so that a count leads to traces. */
  #watch(caller: string, rows: readonly FeatureRow[]): void {
    const { model, version } = this.#parts;
    const timeMs = this.#atMs ?? Date.now();
    for (const [pattern, suspicious] of model.callers.observe(caller, { rows, timeMs })) {
      version.sketchesAt(timeMs)?.recordSecurity(pattern, suspicious);
      this.#span.setAttribute(ATTR_ML_SECURITY_PATTERN, pattern);
    }
  }

  #seconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  #guard(record: () => void): void {
    try {
      record();
    } catch (error) {
      const { name } = this.#parts.model;
      faults.count({ stage: 'record', model: name, message: `monitoring of "${name}" threw ${describeError(error)}.` });
    }
  }
}

function isBatch(rows: FeatureRow | readonly FeatureRow[]): rows is readonly FeatureRow[] {
  return Array.isArray(rows);
}

/** No single odd value, but a row that is not what the model was made for. */
function isMalformed(outside: ReadonlySet<string>, { observed }: ModelVersion): boolean {
  return outside.size >= Math.max(2, observed.features.features.size / 2);
}
