import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricsBody, metricsRequest, sum } from '../support/otlp-requests.ts';
import { seededProfile } from '../support/seeded-profile.ts';
import { hrTime, SimulatedSender } from '../support/simulated-sender.ts';
import { SimulatedService, windowMs } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 1 });

describe('too much', () => {
  it('in one request is 413, announced or not, before and after decompression', async () => {
    await using service = await SimulatedService.start({ settings: 'limits: { request: 64KiB }' });
    const large = new Uint8Array(65 * 1024);
    const answers = [
      await service.post('metrics', large),
      await service.post('metrics', gzipSync(new Uint8Array(20_000_000)), 'protobuf', { 'content-encoding': 'gzip' }),
      await post(service, {
        method: 'POST',
        path: '/v1/metrics',
        body: large,
        headers: { 'content-type': 'application/x-protobuf', 'transfer-encoding': 'chunked' },
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([413, 413, 413]);
    expect(answers[0]?.text).toContain('more than 65536 bytes, counted after decompression; send smaller batches');
    const sender = new SimulatedSender({ profile });
    await service.live(2, (period) => [sender.collect(period, { rows: 100 })]);
    expect(service.windows).toHaveLength(1);
  });

  it('time at once is 429 until windows are closed; then it goes on, and nothing is lost', async () => {
    await using service = await SimulatedService.start();
    const sender = new SimulatedSender({ profile });
    const start = service.now;
    const periods = Array.from({ length: 70 }, (_, i) => ({
      start: start + i * windowMs,
      end: start + (i + 1) * windowMs,
    }));
    service.now = start + 70 * windowMs;
    const requests = periods.map((period) => sender.collect(period, { rows: 100 }));
    // One after the other, since those that would have to wait too long are refused too, on a busy machine.
    const sendAll = async () => {
      const answers = [];
      for (const one of requests) answers.push(await service.send(one));
      return answers;
    };
    const first = await sendAll();
    const refused = first.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(6);
    for (const { status, retryAfter } of refused) {
      expect(status).toBe(429);
      expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
    }
    service.now += 1_000;
    await service.service.tick();
    service.now += 60_000;
    await service.service.tick();
    const second = await sendAll();
    expect(second.map(({ status }) => status)).toEqual(second.map(() => 200));
    await service.silence();
    expect(service.windows.map(({ rows }) => rows)).toEqual(periods.map(() => 100));
  });

  it('units of one model at once is 429 for those that would have to wait too long', async () => {
    await using service = await SimulatedService.start();
    const start = service.now;
    service.now += windowMs;
    const units = (writer: string) => {
      const points = Array.from({ length: 1000 }, (_, i) => ({
        start: hrTime(start + i),
        end: hrTime(start + 1000 + i),
        attributes: { 'ml.model.name': 'busy', 'ml.feature.name': 'x', 'ml.feature.observation.status': 'valid' },
        value: 1,
      }));
      return metricsBody('protobuf', metricsRequest([sum(points)], { resource: { 'service.instance.id': writer } }));
    };
    const bodies = Array.from({ length: 8 }, (_, i) => units(`i-${i}`));
    const answers = await Promise.all(bodies.map((body) => service.post('metrics', body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    for (const body of bodies) expect((await service.post('metrics', body)).status).toBe(200);
    await service.silence();
    expect(service.windows.map(({ rows }) => rows)).toEqual([8000]);
  });

  it('models are refused by count, and those that were there go on', async () => {
    await using service = await SimulatedService.start({ settings: 'limits: { models: 2 }' });
    const senders = ['a', 'b', 'c'].map(
      (name) => new SimulatedSender({ profile: { ...profile, model: { name, version: '' } } }),
    );
    const period = { start: service.now, end: service.now + windowMs };
    service.now = period.end;
    const answers = [];
    for (const sender of senders) answers.push(await service.send(sender.collect(period, { rows: 100 }), 'json'));
    expect(answers.map(({ status, text }) => [status, JSON.parse(text)])).toEqual([
      [200, {}],
      [200, {}],
      [
        200,
        {
          partialSuccess: {
            rejectedDataPoints: '2',
            errorMessage: 'not counted: 2 over a limit of this service (over_limit)',
          },
        },
      ],
    ]);
    await service.silence();
    expect((await service.models()).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('nonsense', () => {
  it('at any door gets an answer that is not 500, and harms nobody', async () => {
    await using service = await SimulatedService.start();
    const sender = new SimulatedSender({ profile });
    await service.live(2, (period) => [sender.collect(period, { rows: 100 })]);
    const [known] = await service.models();
    const valid = metricsBody(
      'protobuf',
      sender.collect({ start: service.now - windowMs, end: service.now }, { rows: 10 }),
    );

    const segment = fc.oneof(
      fc.constantFrom(
        'v1',
        'api',
        'metrics',
        'logs',
        'traces',
        'models',
        'windows',
        'alerts',
        'livez',
        'readyz',
        'health',
      ),
      fc.constantFrom(known?.id ?? '', '..', '%2e%2e', '%00', '%ff', '%E0%A4%A', '__proto__', 'constructor', '*', '~'),
      fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[^\x21-\x7e]|[/?#]/g, '')),
    );
    const path = fc.oneof(
      fc.constantFrom('/v1/metrics', '/v1/logs', '/v1/traces', '/api/v1/models', '/api/v1/alerts'),
      fc
        .constantFrom('?limit=', '?before=', '?limit=1&before=')
        .chain((query) =>
          fc
            .constantFrom('-1', '0', '1e3', '99999999999999999999', 'NaN', '%ff', '%00', '9007199254740993')
            .map((value) => `/api/v1/models/${known?.id}/windows${query}${value}`),
        ),
      fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join('/')}`),
    );
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.nat(valid.length - 1), fc.nat(255)).map(([at, byte]) => valid.with(at, byte)),
      fc.nat(valid.length - 1).map((length) => valid.slice(0, length)),
      fc.json().map((text) => new TextEncoder().encode(text)),
    );
    const headers = fc.record(
      {
        'content-type': fc.constantFrom(
          'application/x-protobuf',
          'application/json',
          'text/plain',
          'application/json; x',
        ),
        'content-encoding': fc.constantFrom('gzip', 'identity', 'br'),
        authorization: fc.constantFrom('Bearer', 'Bearer x', 'Basic eDp5'),
        'accept-encoding': fc.constantFrom('gzip', '*'),
      },
      { requiredKeys: [] },
    );
    const method = fc.constantFrom('GET', 'POST', 'POST', 'POST', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH');
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(method, path, body, headers, async (method, path, body, headers) => {
        const { status } = await post(service, { method, path, body, headers });
        statuses.add(status);
        expect(status).not.toBe(500);
      }),
      { numRuns: 400 },
    );
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 404, 415]));
    expect([...statuses]).not.toContain(503);

    await service.live(3, (period) => [sender.collect(period, { rows: 100 })]);
    expect(service.windows.at(-1)).toMatchObject({ rows: 100 });
  });
});

interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** Below `fetch`, which mends what it is given. */
function post(service: SimulatedService, { method, path, body, headers }: RawRequest) {
  return new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const length = 'transfer-encoding' in headers ? {} : { 'content-length': body.length };
    const outgoing = request(service.service.url, { method, path, headers: { ...headers, ...length } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
