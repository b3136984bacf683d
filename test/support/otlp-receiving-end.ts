import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { decodeOtlpProtobuf } from './otlp-protobuf.ts';
import { portOf } from './port-of.ts';

interface KeyValue {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: string | number;
    readonly doubleValue?: number;
    readonly arrayValue?: { readonly values: readonly { readonly stringValue?: string }[] };
  };
}
interface DataPoint {
  readonly attributes?: readonly KeyValue[];
  readonly asDouble?: number;
  readonly asInt?: string | number;
  readonly startTimeUnixNano?: string;
  readonly timeUnixNano?: string;
}
interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly gauge?: { readonly dataPoints: readonly DataPoint[] };
  readonly sum?: {
    readonly dataPoints: readonly DataPoint[];
    readonly aggregationTemporality?: number;
    readonly isMonotonic?: boolean;
  };
  readonly histogram?: { readonly dataPoints: readonly DataPoint[] };
  readonly exponentialHistogram?: { readonly dataPoints: readonly DataPoint[] };
}
interface Resource {
  readonly resource?: { readonly attributes?: readonly KeyValue[] };
}
interface LogRecord {
  readonly eventName?: string;
  readonly severityNumber?: number;
  readonly timeUnixNano?: string;
  readonly observedTimeUnixNano?: string;
  readonly attributes?: readonly KeyValue[];
}
/** The three request bodies of OTLP/JSON, of which a body is one. */
export interface OtlpRequest {
  readonly resourceMetrics?: readonly (Resource & {
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  })[];
  readonly resourceSpans?: readonly (Resource & {
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  })[];
  readonly resourceLogs?: readonly (Resource & {
    readonly scopeLogs: readonly { readonly logRecords: readonly LogRecord[] }[];
  })[];
}
interface Span {
  readonly name: string;
  readonly attributes?: readonly KeyValue[];
}

/** One point, span or log record as a reader of a backend sees it: its name and its attributes, resource included. */
export interface Received {
  readonly name: string;
  readonly value?: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly resource: Readonly<Record<string, string | number>>;
}

/** A real OTLP/HTTP receiver (JSON and protobuf) on a free loopback port: the vendor's end in tests. */
export class OtlpReceivingEnd implements AsyncDisposable {
  readonly metrics: Received[] = [];
  readonly spans: Received[] = [];
  readonly logs: Received[] = [];
  /** What happens between taking a request and answering it. */
  beforeAnswer?: (request: OtlpRequest) => void;
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const sent = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      const isProtobuf = request.headers['content-type'] === 'application/x-protobuf';
      const decoded: OtlpRequest = isProtobuf
        ? decodeOtlpProtobuf(request.url ?? '', body)
        : JSON.parse(body.toString());
      this.#take(decoded);
      this.beforeAnswer?.(decoded);
      response.writeHead(200, { 'content-type': request.headers['content-type'] }).end(isProtobuf ? '' : '{}');
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #take(request: OtlpRequest): void {
    for (const { resource, scopeMetrics } of request.resourceMetrics ?? []) {
      for (const metric of scopeMetrics.flatMap((scope) => scope.metrics)) {
        for (const point of pointsOf(metric))
          this.metrics.push(received(metric.name, resource?.attributes, point.attributes, valueOf(point)));
      }
    }
    for (const { resource, scopeSpans } of request.resourceSpans ?? []) {
      for (const span of scopeSpans.flatMap((scope) => scope.spans))
        this.spans.push(received(span.name, resource?.attributes, span.attributes));
    }
    for (const { resource, scopeLogs } of request.resourceLogs ?? []) {
      for (const log of scopeLogs.flatMap((scope) => scope.logRecords)) {
        this.logs.push(received(log.eventName ?? '', resource?.attributes, log.attributes));
      }
    }
  }
}

function pointsOf(metric: Metric): readonly DataPoint[] {
  return (metric.gauge ?? metric.sum ?? metric.histogram ?? metric.exponentialHistogram)?.dataPoints ?? [];
}

function valueOf(point: DataPoint): number | undefined {
  return point.asDouble ?? (point.asInt === undefined ? undefined : Number(point.asInt));
}

function received(
  name: string,
  resource: readonly KeyValue[] | undefined,
  attributes: readonly KeyValue[] | undefined,
  value?: number,
): Received {
  return { name, ...(value === undefined ? {} : { value }), attributes: plain(attributes), resource: plain(resource) };
}

function plain(attributes: readonly KeyValue[] | undefined): Record<string, string | number> {
  return Object.fromEntries(
    (attributes ?? []).map(({ key, value }) => [
      key,
      value.stringValue ?? value.doubleValue ?? Number(value.intValue ?? Number.NaN),
    ]),
  );
}
