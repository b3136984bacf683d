import { request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createAdaptorServer } from '@hono/node-server';
import {
  JsonMetricsSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
} from '@opentelemetry/otlp-transformer';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Encoding,
  event,
  histogram,
  logsBody,
  metricsBody,
  metricsRequest,
} from '../../../../test/support/otlp-requests.ts';
import { portOf } from '../../../../test/support/port-of.ts';
import { Secret } from '../settings/secret.ts';
import { Admission } from './admission.ts';
import { anyone, bearerTokens } from './bearer.ts';
import { OtlpDecoder } from './decode/index.ts';
import { Identities } from './identity.ts';
import { type OtlpHttpOptions, otlpHttp, type ReceivedRequest } from './otlp-http.ts';
import type { Refusals, Unit } from './unit.ts';

const nowMs = Date.UTC(2026, 10, 3, 12);
const point = {
  start: [nowMs / 1000 - 60, 0] as [number, number],
  end: [nowMs / 1000, 0] as [number, number],
  attributes: { 'ml.model.name': 'employment', 'ml.feature.name': 'age' },
  edges: [18, 30, 67],
  counts: [1, 2, 3, 4],
  sum: 400,
};
const sketches = metricsRequest([histogram([point])]);
const contentTypes = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;
const encodings: readonly Encoding[] = ['protobuf', 'json'];

interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly admission: Admission;
  readonly units: Unit[];
  readonly refusals: Refusals[];
  readonly seen: ReceivedRequest[];
  post(path: string, body: Uint8Array | string, headers?: Record<string, string>): Promise<Response>;
}

/** The receiver on a free port, committing to a list. */
async function listen(options: Partial<OtlpHttpOptions> = {}): Promise<Receiver> {
  const units: Unit[] = [];
  const refusals: Refusals[] = [];
  const seen: ReceivedRequest[] = [];
  const admission = options.admission ?? new Admission({ budgetBytes: 1 << 20 });
  const app = otlpHttp({
    decoder: new OtlpDecoder(new Identities({ key: new Uint8Array(32) })),
    ingest: (accepted, refused) => {
      units.push(...accepted);
      refusals.push(refused);
      return Promise.resolve({ merged: accepted.length, duplicate: 0, refused });
    },
    admission,
    authenticate: anyone,
    limitBytes: 100_000,
    now: () => nowMs,
    observe: (one) => seen.push(one),
    ...options,
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${portOf(server)}`;
  return {
    url,
    port: portOf(server),
    admission,
    units,
    refusals,
    seen,
    post: (path, body, headers = { 'content-type': contentTypes.protobuf }) =>
      fetch(url + path, { method: 'POST', body: Buffer.from(body), headers }),
  };
}

describe.each(encodings)('the OTLP/HTTP receiver, asked in %s', (encoding) => {
  const headers = { 'content-type': contentTypes[encoding] };
  const body = metricsBody(encoding, sketches);

  it.each(['identity', 'gzip'])(
    'takes sketches, %s, and answers in the same encoding with nothing to add',
    async (compression) => {
      const receiver = await listen();
      const sent = compression === 'gzip' ? gzipSync(body) : body;
      const answer = await receiver.post('/v1/metrics', sent, { ...headers, 'content-encoding': compression });

      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe(contentTypes[encoding]);
      expect(await answer.text()).toBe(encoding === 'json' ? '{}' : '');
      expect(receiver.units.map((unit) => unit.points.length)).toEqual([1]);
      expect(receiver.admission.bytesInFlight).toBe(0);
    },
  );

  it('tells how many points retry cannot help, and why', async () => {
    const receiver = await listen();
    const request = metricsRequest([
      histogram([point, { ...point, counts: [1] }, { ...point, end: [nowMs / 1000 + 400, 0] }]),
    ]);
    const answer = await receiver.post('/v1/metrics', metricsBody(encoding, request), headers);

    expect(answer.status).toBe(200);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const serializer = encoding === 'json' ? JsonMetricsSerializer : ProtobufMetricsSerializer;
    const { partialSuccess } = serializer.deserializeResponse(bytes);
    expect(Number(partialSuccess?.rejectedDataPoints)).toBe(2);
    expect(partialSuccess?.errorMessage).toContain('1 end more than 5 minutes ahead of this service (future)');
    expect(receiver.refusals).toEqual([{ invalid_histogram: 1, future: 1 }]);
  });

  it('refuses what it cannot decode with 400 and says where', async () => {
    const receiver = await listen();
    const answer = await receiver.post('/v1/metrics', body.subarray(0, body.length - 5), headers);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe(contentTypes[encoding]);
    expect(await statusOf(answer, encoding)).toEqual({ code: 3, message: expect.stringMatching(/^(protobuf|json): /) });
    expect(receiver.units).toEqual([]);
  });

  it('answers 200 to what is not ours, without asking the store', async () => {
    const receiver = await listen({ ingest: () => Promise.reject(new Error('asked')) });
    const foreign = metricsRequest([histogram([point], 'http.server.request.duration')]);
    expect((await receiver.post('/v1/metrics', metricsBody(encoding, foreign), headers)).status).toBe(200);
    const log = logsBody(encoding, [event('user.login', point.end, {})]);
    expect((await receiver.post('/v1/logs', log, headers)).status).toBe(200);
    expect((await receiver.post('/v1/traces', encoding === 'json' ? '{"resourceSpans":[]}' : '', headers)).status).toBe(
      200,
    );
    expect(receiver.seen.map(({ signal, status, ignored }) => `${signal} ${status} ${ignored}`)).toEqual([
      'metrics 200 1',
      'logs 200 1',
      'traces 200 0',
    ]);
  });

  it.each([
    ['overloaded', 429, 8],
    ['unavailable', 503, 14],
  ] as const)('asks for a retry when the panes are %s', async (word, status, code) => {
    const receiver = await listen({ ingest: () => Promise.resolve(word), random: () => 0.999 });
    const answer = await receiver.post('/v1/metrics', body, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe('30');
    expect(await statusOf(answer, encoding)).toMatchObject({ code });
    expect(receiver.admission.bytesInFlight).toBe(0);
  });

  it('answers 503, never 500, when something of ours fails', async () => {
    const error = new Error('a bug');
    const receiver = await listen({ ingest: () => Promise.reject(error), random: () => 0 });
    const answer = await receiver.post('/v1/metrics', body, headers);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(receiver.seen).toMatchObject([{ status: 503, error }]);
  });

  it('answers 503 before the sender gives up on a slow commit, and keeps its bytes covered', async () => {
    const commit = Promise.withResolvers<'unavailable'>();
    const receiver = await listen({ ingest: () => commit.promise, timeoutMs: 50 });
    expect((await receiver.post('/v1/metrics', body, headers)).status).toBe(503);
    expect(receiver.admission.bytesInFlight).toBe(body.length);
    commit.resolve('unavailable');
    await expect.poll(() => receiver.admission.bytesInFlight).toBe(0);
  });
});

describe('the OTLP/HTTP receiver', () => {
  const body = metricsBody('protobuf', sketches);
  const protobuf = { 'content-type': contentTypes.protobuf };

  it.each([
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/grpc' }],
    [{ ...protobuf, 'content-encoding': 'br' }],
  ])('answers 415 to %j', async (headers) => {
    const receiver = await listen();
    expect((await receiver.post('/v1/metrics', body, headers)).status).toBe(415);
  });

  it('reads a content type with parameters, in any case', async () => {
    const receiver = await listen();
    const answer = await receiver.post('/v1/metrics', metricsBody('json', sketches), {
      'content-type': 'Application/JSON; charset=utf-8',
    });
    expect(answer.status).toBe(200);
  });

  it('refuses a body that announces too much before reading it', async () => {
    const receiver = await listen();
    const answer = await receiver.post('/v1/metrics', new Uint8Array(100_001));
    expect(answer.status).toBe(413);
  });

  it('refuses a body that announces nothing and does not end', async () => {
    const receiver = await listen();
    expect(await endlessPost(receiver.port)).toBe(413);
  });

  it('stops at the limit inside a decompression bomb', async () => {
    const receiver = await listen();
    const bomb = gzipSync(new Uint8Array(50_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    const answer = await receiver.post('/v1/metrics', bomb, { ...protobuf, 'content-encoding': 'gzip' });
    expect(answer.status).toBe(413);
    expect(await statusOf(answer, 'protobuf')).toEqual({
      code: 8,
      message: expect.stringContaining('after decompression'),
    });
    expect(receiver.admission.bytesInFlight).toBe(0);
  });

  it.each([
    ['not gzip at all', body],
    ['cut short', gzipSync(body).subarray(0, 60)],
  ])('answers 400 to gzip that is %s', async (_what, sent) => {
    const receiver = await listen();
    expect((await receiver.post('/v1/metrics', sent, { ...protobuf, 'content-encoding': 'gzip' })).status).toBe(400);
  });

  it('turns requests away when too many bytes are in flight, also when that shows only while decompressing', async () => {
    const receiver = await listen({ admission: new Admission({ budgetBytes: 2000 }) });
    const answer = await receiver.post('/v1/metrics', new Uint8Array(3000));
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const inflating = gzipSync(new Uint8Array(50_000));
    expect(inflating.length).toBeLessThan(2000);
    expect((await receiver.post('/v1/metrics', inflating, { ...protobuf, 'content-encoding': 'gzip' })).status).toBe(
      429,
    );
    expect(receiver.admission.bytesInFlight).toBe(0);
    expect((await receiver.post('/v1/metrics', body)).status).toBe(200);
  });

  it('forgets a sender that hangs up in the middle', async () => {
    const receiver = await listen();
    const socket = connect(receiver.port, '127.0.0.1');
    socket.write(
      `POST /v1/metrics HTTP/1.1\r\nHost: x\r\nContent-Type: ${contentTypes.protobuf}\r\nContent-Length: 5000\r\n\r\nabc`,
    );
    await expect.poll(() => receiver.admission.bytesInFlight).toBe(5000);
    socket.destroy();
    await expect.poll(() => receiver.admission.bytesInFlight).toBe(0);
    expect((await receiver.post('/v1/metrics', body)).status).toBe(200);
  });

  it('lets in who has a token, as its tenant', async () => {
    const receiver = await listen({
      authenticate: bearerTokens([{ bearer: new Secret('one') }, { bearer: new Secret('two'), tenant: 'acme' }]),
    });
    const unknown = await receiver.post('/v1/metrics', body, { ...protobuf, authorization: 'Bearer three' });
    expect([unknown.status, unknown.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await receiver.post('/v1/metrics', body)).status).toBe(401);
    expect((await receiver.post('/v1/metrics', body, { ...protobuf, authorization: 'bearer two' })).status).toBe(200);
    expect(receiver.units.map((unit) => unit.model.tenant)).toEqual(['acme']);
  });

  it('lets pages of configured sites send, and no others', async () => {
    const receiver = await listen({ origins: ['https://shop.example.com'] });
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${receiver.url}/v1/metrics`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      });
    const welcome = await preflight('https://shop.example.com');
    expect(welcome.headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
    expect(welcome.headers.get('access-control-allow-headers')).toBe('content-type');
    expect((await preflight('https://evil.example.com')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('tells log senders how many records it refused', async () => {
    const receiver = await listen();
    const answer = await receiver.post(
      '/v1/logs',
      logsBody('protobuf', [event('ml.prediction.outcome', point.end, { 'ml.model.name': 'm' })]),
    );
    const { partialSuccess } = ProtobufLogsSerializer.deserializeResponse(new Uint8Array(await answer.arrayBuffer()));
    expect(Number(partialSuccess?.rejectedLogRecords)).toBe(1);
  });
});

async function statusOf(answer: Response, encoding: Encoding): Promise<unknown> {
  if (encoding === 'json') return answer.json();
  const bytes = Buffer.from(await answer.arrayBuffer());
  // google.rpc.Status: 08 code, 12 length message. Messages here are shorter than 128 bytes.
  expect([bytes[0], bytes[2]]).toEqual([0x08, 0x12]);
  return { code: bytes[1] ?? 0, message: bytes.subarray(4).toString() };
}

/** Sends chunks until it is answered. */
function endlessPost(port: number): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const chunk = Buffer.alloc(10_000);
  const outgoing = request(
    { port, method: 'POST', path: '/v1/metrics', headers: { 'content-type': contentTypes.protobuf } },
    (answer) => {
      clearInterval(sending);
      answer.resume();
      outgoing.destroy();
      resolve(answer.statusCode);
    },
  );
  outgoing.on('error', reject);
  const sending = setInterval(() => outgoing.write(chunk), 1);
  return promise;
}
