import { createServer, type ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { inARow } from '../support/in-a-row.ts';
import { decodeOtlpProtobuf } from '../support/otlp-protobuf.ts';
import { logRecordsIn, metricsIn, plainAttributes } from '../support/otlp-series.ts';
import { portOf } from '../support/port-of.ts';
import { type RecordedRequest, RecordingServer } from '../support/recording-server.ts';
import { seededProfile } from '../support/seeded-profile.ts';
import { SimulatedSender } from '../support/simulated-sender.ts';
import { minute, SimulatedService } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 2 });
const files = { 'seeded.json': profile };
const models = 'models: { seeded: { reference: ./seeded.json, drift: { horizons: [window] } } }';
const unavailable = { status: 503 };

describe('an endpoint that is down', () => {
  it('gets every event once it is back, in order and once, and gauges of now', async () => {
    await using vendor = await RecordingServer.listen();
    await using service = await SimulatedService.start({
      settings: `${models}\nrules: [{ when: drift }]\npublish: { endpoint: "${vendor.url}" }`,
      files,
    });
    const sender = new SimulatedSender({ profile });
    const windows = (count: number, shift: number) =>
      service.live(count, (period) => [sender.collect(period, { rows: 1000, shift })]);
    vendor.answers.push(...inARow(1000, unavailable));
    await windows(3, 1);
    await windows(5, 0);
    const refused = vendor.requests.length;
    expect(eventsIn(vendor.requests).length).toBeGreaterThan(0);

    vendor.answers.length = 0;
    service.now += 5 * minute;
    await service.service.tick();
    const taken = vendor.requests.slice(refused);
    const events = eventsIn(taken).map(({ name, attributes }) => [
      name,
      attributes['driftline.alert.state'] ?? attributes['ml.drift.state'],
    ]);
    expect(events.filter(([name]) => name === 'driftline.alert.change')).toEqual([
      ['driftline.alert.change', 'firing'],
      ['driftline.alert.change', 'resolved'],
    ]);
    expect(events.filter(([name]) => name === 'ml.drift.change')).toEqual([
      ...inARow(3, ['ml.drift.change', 'drift']),
      ...inARow(3, ['ml.drift.change', 'ok']),
    ]);
    const ids = eventsIn(taken).map(({ attributes }) => attributes['driftline.event.id']);
    expect(new Set(ids).size).toBe(ids.length);

    const status = taken
      .filter(({ path }) => path === '/v1/metrics')
      .flatMap(({ path, body }) => metricsIn(decodeOtlpProtobuf(path, body)))
      .find(({ name }) => name === 'ml.drift.status');
    const nanoseconds = new Set(status?.sum?.dataPoints.map(({ timeUnixNano }) => timeUnixNano));
    expect([...nanoseconds]).toEqual([`${service.now}000000`]);

    await service.service.tick();
    expect(eventsIn(vendor.requests.slice(refused))).toHaveLength(ids.length);
    expect(service.log).toEqual([
      'publish: the endpoint for metrics does not answer; the next interval sends newer values (503).',
      'publish: the endpoint for logs does not answer; events are kept and sent again (503).',
    ]);
  });

  it('holds up neither the judging nor the senders', async () => {
    await using service = await SimulatedService.start({
      settings: `${models}\npublish: { endpoint: "http://127.0.0.1:9" }`,
      files,
    });
    const sender = new SimulatedSender({ profile });
    await service.live(4, (period) => [sender.collect(period, { rows: 1000 })]);
    expect(service.states('x0')).toEqual(inARow(3, 'ok'));
    expect(service.log).toEqual([expect.stringContaining('does not answer; the next interval sends newer values')]);
  });
});

describe('a channel that is down', () => {
  it('is told how things stand when it is back: never that something began which is over', async () => {
    await using server = await RecordingServer.listen();
    await using service = await SimulatedService.start({ settings: withChannel(server.url), files });
    const sender = new SimulatedSender({ profile });
    const windows = (count: number, shift: number) =>
      service.live(count, (period) => [sender.collect(period, { rows: 1000, shift })]);
    server.answers.push(...inARow(1000, unavailable));
    await windows(2, 1);
    await windows(6, 0);
    const down = server.requests.length;
    expect(told(server.requests)).toContain('firing');

    server.answers.length = 0;
    service.now += 5 * minute;
    await service.service.tick();
    expect(told(server.requests.slice(down))).toEqual([]);

    await windows(2, 1);
    expect(told(server.requests.slice(down))).toEqual(['firing']);
    await windows(4, 0);
    await service.restart();
    await service.service.tick();
    expect(told(server.requests.slice(down))).toEqual(['firing', 'resolved']);
    const keys = hooks(server.requests.slice(down)).map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(2);
  });

  it('that never answers holds up neither gauges nor events', async () => {
    await using vendor = await RecordingServer.listen();
    const held: ServerResponse[] = [];
    const silent = createServer((_, response) => void held.push(response));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    await using service = await SimulatedService.start({
      settings: `${models}
channels: { oncall: { type: webhook, url: "http://127.0.0.1:${portOf(silent)}" } }
rules: [{ when: drift, notify: oncall }]
publish: { endpoint: "${vendor.url}" }`,
      files,
    });
    const sender = new SimulatedSender({ profile });
    await service.live(1, (period) => [sender.collect(period, { rows: 1000, shift: 1 })]);
    const waiting = service.live(1, (period) => [sender.collect(period, { rows: 1000, shift: 1 })]);
    await vi.waitFor(() => expect(held).toHaveLength(1), 30_000);
    const before = gaugesIn(vendor.requests).length;
    service.now += 2 * minute;
    const next = service.service.tick();
    await vi.waitFor(() => expect(gaugesIn(vendor.requests).length).toBe(before + 1), 30_000);
    expect(held).toHaveLength(1);
    for (const response of held) response.end();
    await Promise.all([waiting, next]);
    silent.close();
  });

  it('hears of drift also where windows wait for late rows longer than they are', async () => {
    await using server = await RecordingServer.listen();
    await using service = await SimulatedService.start({
      settings: `defaults: { window: { lateness: 20m } }\n${withChannel(server.url)}`,
      files,
    });
    const sender = new SimulatedSender({ profile });
    await service.live(7, (period) => [sender.collect(period, { rows: 1000, shift: 1 })]);
    expect(told(server.requests)).toEqual(['firing']);
  });

  it('gets its secrets, and nobody else reads them', async () => {
    await using server = await RecordingServer.listen();
    await using service = await SimulatedService.start({ settings: withChannel(server.url), files });
    const sender = new SimulatedSender({ profile });
    server.answers.push(...inARow(5, unavailable));
    await service.live(4, (period) => [sender.collect(period, { rows: 1000, shift: 1 })]);
    expect(hooks(server.requests)[0]?.headers).toMatchObject({ authorization: 'Bearer token-0815' });
    expect(server.requests.find(({ path }) => path === '/v1/metrics')?.headers).toMatchObject({
      'x-api-key': 'key-2342',
    });
    const shown = await Promise.all(
      ['/api/v1/models', '/api/v1/alerts', '/health', '/readyz?verbose'].map(async (path) =>
        (await fetch(`${service.service.url}${path}`)).text(),
      ),
    );
    expect(service.log.length).toBeGreaterThan(0);
    for (const secret of ['4711', '0815', '2342']) expect([...service.log, ...shown].join('\n')).not.toContain(secret);
  });
});

const withChannel = (url: string) => `${models}
channels: { oncall: { type: webhook, url: "${url}/hook-secret-4711", headers: { authorization: "Bearer token-0815" } } }
rules: [{ when: drift, notify: oncall }]
publish: { endpoint: "${url}", headers: { x-api-key: "key-2342" } }
`;

function eventsIn(requests: readonly RecordedRequest[]) {
  return requests
    .filter(({ path }) => path === '/v1/logs')
    .flatMap(({ path, body }) => logRecordsIn(decodeOtlpProtobuf(path, body)))
    .map(({ eventName, attributes }) => ({ name: eventName, attributes: plainAttributes(attributes) }));
}

function gaugesIn(requests: readonly RecordedRequest[]): readonly RecordedRequest[] {
  return requests.filter(({ path }) => path === '/v1/metrics');
}

function hooks(requests: readonly RecordedRequest[]): readonly RecordedRequest[] {
  return requests.filter(({ path }) => path.startsWith('/hook'));
}

function told(requests: readonly RecordedRequest[]): readonly unknown[] {
  return hooks(requests).map(({ body }) => JSON.parse(body.toString()).state);
}
