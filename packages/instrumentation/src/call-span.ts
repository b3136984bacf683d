import {
  type Attributes,
  type AttributeValue,
  type Context,
  isSpanContextValid,
  type Span,
  type SpanContext,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { ATTR_ERROR_TYPE, SCHEMA_URL, SCOPE_INSTRUMENTATION } from '@driftline/semantic-conventions';
import type { CallSeries } from './operations/call-series.ts';
import { learnResourceFrom } from './resource.ts';
import { isInRatio, isWorthKeeping, type Sampling } from './sampling.ts';
import { VERSION } from './version.ts';

export interface SpanEnd {
  readonly seconds: number;
  /** Only of failed calls. */
  readonly errorType?: string;
}

let tracerProvider: TracerProvider | undefined;
let tracer: Tracer | undefined;
/** The first call of a process has a span whatever the ratio: it tells the SDK's resource. */
let isFirstCall = true;

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

/** The span of one call: from its start, or afterwards where only its end shows that it is worth one, or none. */
export class CallSpan {
  /** For what the model does meanwhile. */
  readonly context: Context;
  readonly #series: CallSeries;
  readonly #sampling: Sampling;
  readonly #parent: Context;
  readonly #span: Span | undefined;
  #isAnomalous: boolean;
  /** For a span that is made afterwards. */
  #attributes: Attributes | undefined;

  constructor(series: CallSeries, sampling: Sampling, parent: Context, isAnomalous: boolean) {
    this.#series = series;
    this.#sampling = sampling;
    this.#parent = parent;
    this.#isAnomalous = isAnomalous;
    if (isFirstCall || (isAnomalous && sampling.keepsAnomalous) || isInRatioBelow(parent, sampling)) {
      isFirstCall = false;
      this.#span = currentTracer().startSpan(series.spanName, series.spanOptions, parent);
      learnResourceFrom(this.#span);
      this.context = trace.setSpan(parent, this.#span);
    } else {
      this.context = withoutSpan(parent);
    }
  }

  /** Whether attributes may be of use. */
  get mayRecord(): boolean {
    return this.#span === undefined || this.#span.isRecording();
  }

  setAttribute(name: string, value: AttributeValue): void {
    if (this.#span === undefined) (this.#attributes ??= {})[name] = value;
    else this.#span.setAttribute(name, value);
  }

  setAnomalies(attribute: string, names: readonly string[]): void {
    this.#isAnomalous = true;
    this.setAttribute(attribute, [...names]);
  }

  /** Where it can be found, if a tracer kept it. */
  end({ seconds, errorType }: SpanEnd): SpanContext | undefined {
    const isKept = { seconds, hasFailed: errorType !== undefined, isAnomalous: this.#isAnomalous };
    if (this.#span === undefined && !isWorthKeeping(this.#sampling, isKept)) return undefined;
    const endMs = this.#span === undefined ? Date.now() : undefined;
    const span = this.#span ?? this.#startedAt((endMs ?? 0) - seconds * 1000);
    if (errorType !== undefined) {
      span.setAttribute(ATTR_ERROR_TYPE, errorType);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(endMs);
    const found = span.spanContext();
    return isSampled(found) ? found : undefined;
  }

  #startedAt(startTime: number): Span {
    const { spanName, spanOptions } = this.#series;
    const attributes = { ...spanOptions.attributes, ...this.#attributes };
    return currentTracer().startSpan(spanName, { ...spanOptions, attributes, startTime }, this.#parent);
  }
}

function isInRatioBelow(parent: Context, { ratio }: Sampling): boolean {
  return ratio >= 1 || isInRatio(ratio, validParent(parent)?.traceId, Math.random);
}

function validParent(parent: Context): SpanContext | undefined {
  const found = trace.getSpanContext(parent);
  return found !== undefined && isSpanContextValid(found) ? found : undefined;
}

/** What the model does belongs to the caller's span or, where there is none, to a trace that nobody records. */
function withoutSpan(parent: Context): Context {
  if (validParent(parent) !== undefined) return parent;
  const unrecorded = { traceId: randomHex(16), spanId: randomHex(8), traceFlags: TraceFlags.NONE };
  return trace.setSpanContext(parent, unrecorded);
}

const isSampled = ({ traceFlags }: SpanContext): boolean => (traceFlags & TraceFlags.SAMPLED) !== 0;

/** A number of 32 bits would be written digit by digit: bytes are looked up. */
const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Never all zeros: the first byte is none. */
function randomHex(bytes: number): string {
  let hex = hexBytes[1 + Math.floor(Math.random() * 255)] ?? '';
  for (let byte = 1; byte < bytes; byte++) hex += hexBytes[Math.floor(Math.random() * 256)] ?? '';
  return hex;
}
