import { createServer, type Server, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { portOf } from './port-of.ts';

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface WirePoint {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asInt?: string;
  readonly count?: string;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly explicitBounds?: readonly number[];
  readonly bucketCounts?: readonly string[];
  readonly scale?: number;
  readonly zeroCount?: string;
  readonly positive?: { readonly offset: number; readonly bucketCounts: readonly string[] };
  readonly negative?: { readonly offset: number; readonly bucketCounts: readonly string[] };
}

interface WireStream {
  readonly aggregationTemporality: number;
  readonly isMonotonic?: boolean;
  readonly dataPoints: readonly WirePoint[];
}

interface WireMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: WireStream;
  readonly histogram?: WireStream;
  readonly exponentialHistogram?: WireStream;
}

/** A point with everything above it in the request. */
export interface SketchPointReceived extends Omit<WirePoint, 'attributes'> {
  readonly scope: string;
  readonly schemaUrl: string;
  readonly metric: string;
  readonly unit: string;
  readonly kind: 'sum' | 'histogram' | 'exponentialHistogram';
  readonly temporality: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface EventReceived {
  readonly name: string;
  readonly severity: number;
  readonly timeUnixNano: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface RequestReceived {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** What we answered; 0 for a connection without an answer. */
  readonly status: number;
}

/** How to answer one request; `cut` drops the connection after reading it, so the sender cannot know; `silence` holds it. */
export type Answer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | 'cut'
  | 'silence';

const taken: Answer = { status: 200, body: '{}' };

/** A real OTLP/HTTP receiver on one loopback port that can be stopped, started again, and told what to answer. */
export class SketchReceivingEnd implements AsyncDisposable {
  readonly requests: RequestReceived[] = [];
  /** Answers for the next requests, in order; then 200. */
  readonly answers: Answer[] = [];
  #server: Server | undefined;
  #port = 0;

  static async start(): Promise<SketchReceivingEnd> {
    const end = new SketchReceivingEnd();
    await end.start();
    return end;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Of requests that were answered with success. */
  get points(): readonly SketchPointReceived[] {
    return this.#taken('/v1/metrics').flatMap(({ body }) => pointsOf(body));
  }

  get events(): readonly EventReceived[] {
    return this.#taken('/v1/logs').flatMap(({ body }) => eventsOf(body));
  }

  point(metric: string, attributes: Readonly<Record<string, unknown>> = {}): SketchPointReceived {
    const found = this.points.filter((point) => point.metric === metric && hasAll(point.attributes, attributes));
    const [point] = found;
    if (point !== undefined && found.length === 1) return point;
    throw new Error(`${found.length} points of ${metric} with ${JSON.stringify(attributes)}; one was expected`);
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = Buffer.concat(chunks);
        const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString();
        this.#answer({ path: request.url ?? '', headers: request.headers, body }, response);
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = portOf(server);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #taken(path: string): readonly RequestReceived[] {
    return this.requests.filter((request) => request.path === path && request.status === 200);
  }

  #answer(request: Omit<RequestReceived, 'status'>, response: ServerResponse): void {
    const answer = this.answers.shift() ?? taken;
    this.requests.push({ ...request, status: typeof answer === 'string' ? 0 : answer.status });
    if (answer === 'cut') response.destroy();
    else if (answer !== 'silence')
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body);
  }
}

function pointsOf(body: string): readonly SketchPointReceived[] {
  const request: {
    readonly resourceMetrics: readonly {
      readonly resource: { readonly attributes: readonly KeyValue[] };
      readonly scopeMetrics: readonly {
        readonly scope: { readonly name: string };
        readonly schemaUrl: string;
        readonly metrics: readonly WireMetric[];
      }[];
    }[];
  } = JSON.parse(body);
  return request.resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics.flatMap(({ scope, schemaUrl, metrics }) =>
      metrics.flatMap((metric) =>
        (['sum', 'histogram', 'exponentialHistogram'] as const).flatMap((kind) =>
          (metric[kind]?.dataPoints ?? []).map((point) => ({
            ...point,
            scope: scope.name,
            schemaUrl,
            metric: metric.name,
            unit: metric.unit,
            kind,
            temporality: metric[kind]?.aggregationTemporality ?? 0,
            attributes: plain(point.attributes),
            resource: plain(resource.attributes),
          })),
        ),
      ),
    ),
  );
}

function eventsOf(body: string): readonly EventReceived[] {
  const request: {
    readonly resourceLogs: readonly {
      readonly resource: { readonly attributes: readonly KeyValue[] };
      readonly scopeLogs: readonly {
        readonly logRecords: readonly {
          readonly eventName: string;
          readonly severityNumber: number;
          readonly timeUnixNano: string;
          readonly attributes: readonly KeyValue[];
        }[];
      }[];
    }[];
  } = JSON.parse(body);
  return request.resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ eventName, severityNumber, timeUnixNano, attributes }) => ({
        name: eventName,
        severity: severityNumber,
        timeUnixNano,
        attributes: plain(attributes),
        resource: plain(resource.attributes),
      })),
    ),
  );
}

/** Values as they stand on the wire: `{ intValue: "7" }` is "7", so that a test sees which encoding was used. */
function plain(attributes: readonly KeyValue[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

function hasAll(attributes: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(([key, value]) => attributes[key] === value);
}
