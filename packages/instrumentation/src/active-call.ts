import {
  type Context,
  context,
  type Span,
  SpanStatusCode,
  trace,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_ML_OPERATION_BATCH_SIZE,
  ATTR_ML_SECURITY_PATTERN,
  SCHEMA_URL,
  SCOPE_INSTRUMENTATION,
} from '@driftline/semantic-conventions';
import type { CallMappers, MaybeLater, FeatureRow } from './call-mappers.ts';
import { inCallOf } from './enclosing-call.ts';
import { errorTypeOf } from './error-type.ts';
import { describeError, faults } from './faults.ts';
import type { ModelVersion } from './model-version.ts';
import type { CallSeries } from './operations/call-series.ts';
import { operations } from './operations/operations.ts';
import type { OperationsRecorder } from './operations/operations-recorder.ts';
import type { CallOptions, PredictionParts } from './prediction.ts';
import type { CallerSecurity } from './security/caller-security.ts';
import { learnResourceFrom } from './resource.ts';
import { VERSION } from './version.ts';

/** What a call asks its monitor. */
export interface WatchedModel {
  readonly name: string;
  readonly callers: CallerSecurity;
  /** Where the monitor joins outcomes by id: one event a prediction. */
  reportResults(
    version: ModelVersion,
    ids: readonly string[],
    predictions: readonly PredictionParts[],
    timeMs: number,
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

let tracerProvider: TracerProvider | undefined;
let tracer: Tracer | undefined;

/**
 * Asked for at every call, which costs a look-up: a tracer from before the SDK was registered stays mute for ever where
 * the SDK loaded the API as CommonJS and the application as a module, since these are two copies of it.
 */
function currentTracer(): Tracer {
  const provider = trace.getTracerProvider();
  if (tracer === undefined || provider !== tracerProvider) {
    tracerProvider = provider;
    tracer = provider.getTracer(SCOPE_INSTRUMENTATION, VERSION, { schemaUrl: SCHEMA_URL });
  }
  return tracer;
}

/** One prediction from its arguments to its end: span, latency, features and outputs. */
export class ActiveCall {
  /** The model runs in it, so that its own spans become children. */
  readonly context: Context;
  readonly #parts: CallParts;
  readonly #atMs: number | undefined;
  readonly #ids: readonly string[];
  #rows = 1;
  readonly #span: Span;
  readonly #recorder: OperationsRecorder;
  readonly #startedAt: number;

  /** Features are read before the model runs, which may change its arguments or hand them to a worker; or late. */
  constructor(parts: CallParts) {
    const { series, mappers, args, options } = parts;
    this.#parts = parts;
    this.#atMs = mappers.timeMs(args, options);
    this.#ids = mappers.ids(args, options);
    const rows = mappers.readsLate ? undefined : mappers.rows(args);
    this.#rows = mappers.batchSize(args, rows);
    if (rows !== undefined) this.#recordFeatures(rows);
    const caller = mappers.caller(args, options);
    const parent = context.active();
    this.#span = currentTracer().startSpan(series.spanName, series.spanOptions, parent);
    if (this.#rows !== 1) this.#span.setAttribute(ATTR_ML_OPERATION_BATCH_SIZE, this.#rows);
    if (caller !== undefined && rows !== undefined) this.#watch(caller, Array.isArray(rows) ? rows : [rows]);
    learnResourceFrom(this.#span);
    this.context = inCallOf(parts.model.name, series.isRemote, trace.setSpan(parent, this.#span));
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
      const { version, series, options } = this.#parts;
      const errorType = errorTypeOf(error);
      this.#recorder.ended(series, { seconds, rows: this.#rows, errorType });
      const sketches = version.sketchesAt(this.#atMs ?? Date.now());
      sketches?.recordCall({ seconds, predictions: [], hasFailed: true, segment: options?.segment });
      this.#span.setAttribute(ATTR_ERROR_TYPE, errorType);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
      this.#span.end();
    });
  }

  #recordFeatures(rows: FeatureRow | readonly FeatureRow[]): void {
    const { version, options } = this.#parts;
    version.sketchesAt(this.#atMs ?? Date.now())?.recordFeatures(rows, options?.segment);
  }

  #readLate(): void {
    const { mappers, args } = this.#parts;
    if (!mappers.readsLate) return;
    this.#guard(() => {
      const rows = mappers.rows(args);
      this.#rows = mappers.batchSize(args, rows);
      if (rows !== undefined) this.#recordFeatures(rows);
      if (this.#rows !== 1) this.#span.setAttribute(ATTR_ML_OPERATION_BATCH_SIZE, this.#rows);
    });
  }

  #answered(seconds: number, predictions: MaybeLater<readonly PredictionParts[]>): void {
    this.#guard(() => {
      this.#recorder.ended(this.#parts.series, { seconds, rows: this.#rows });
      this.#span.end();
    });
    const settledAtMs = this.#atMs ?? Date.now();
    const record = (known: readonly PredictionParts[]): void => this.#recordAnswer(seconds, known, settledAtMs);
    if (predictions instanceof Promise) void predictions.then(record);
    else record(predictions);
  }

  #recordAnswer(seconds: number, predictions: readonly PredictionParts[], settledAtMs: number): void {
    this.#guard(() => {
      const { model, version, options } = this.#parts;
      version
        .sketchesAt(settledAtMs)
        ?.recordCall({ seconds, predictions, hasFailed: false, segment: options?.segment });
      if (this.#ids.length > 0) model.reportResults(version, this.#ids, predictions, settledAtMs);
    });
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
