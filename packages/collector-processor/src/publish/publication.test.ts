import { createServer, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeOtlpProtobuf } from '../../../../test/support/otlp-protobuf.ts';
import type { OtlpRequest } from '../../../../test/support/otlp-receiving-end.ts';
import { portOf } from '../../../../test/support/port-of.ts';
import type { Alert } from '../alert/alert.ts';
import type { DriftState, FeatureMeasurement, WindowMeasurement } from '../evaluate/measurement.ts';
import { Secret } from '../settings.ts';
import { alertChangeEvents, driftChangeEvents, type ResultEvent } from './events.ts';
import { capped, type PublishedModel, pointsOf } from './gauges.ts';
import { httpPost } from './http-post.ts';
import { OtlpPublisher } from './otlp-publisher.ts';
import { Publication, type PublicationOptions, type PublicationReport } from './publication.ts';
import { afterWindow, type PublicationState } from './publication-state.ts';
import { SelfTelemetry } from './self-telemetry.ts';

const minute = 60_000;
const hour = 60 * minute;
/** 2026-11-01 */
const start = 1_793_491_200_000;

describe('gauges', () => {
  it('arrive over OTLP on the resource of the observed service, stamped now', async () => {
    const { publication, clock } = publish([judged([window(5, [feature('age', 'drift', { size: 0.31 })])])]);
    clock.now = start + 6 * minute;
    await publication.publish();
    const [request] = backend.requests;
    expect(request?.path).toBe('/v1/metrics');
    expect(request?.headers).toMatchObject({ 'api-key': 'open sesame', 'content-encoding': 'gzip' });
    const [ofResource] = request?.body.resourceMetrics ?? [];
    expect(plain(ofResource?.resource?.attributes)).toEqual({
      'service.name': 'hiring-api',
      'deployment.environment.name': 'production',
      'service.instance.id': 'deployment-1',
    });
    const series = seriesOf(request?.body);
    expect(series['ml.drift.score{feature=age,method=size}']).toBe(0.31);
    expect(series['ml.drift.threshold{feature=age,method=size}']).toBe(0.2);
    expect(series['ml.drift.detectable_size{feature=age}']).toBe(0.12);
    expect(series['ml.drift.feature.ratio{}']).toBe(1);
    expect(series['driftline.window.rows{}']).toBe(1_000);
    expect(series['driftline.window.lag{}']).toBe(60);
    const score = metric(request?.body, 'ml.drift.score')?.gauge?.dataPoints[0];
    expect(score?.timeUnixNano).toBe(`${start + 6 * minute}000000`);
  });

  it('are sent again every interval, in between not', async () => {
    const { publication, clock } = publish([judged([window(5, [])])]);
    for (const seconds of [0, 1, 30, 59, 60, 61, 120]) {
      clock.now = start + 6 * minute + seconds * 1_000;
      await publication.publish();
    }
    expect(backend.requests).toHaveLength(3);
  });

  it('fall silent an hour after the last window, and say before that nothing is known', async () => {
    const { publication, clock } = publish([
      judged([window(5, [feature('age', 'drift')])], { alerts: [alert('firing')] }),
    ]);
    clock.now = start + hour + 5 * minute;
    await publication.publish();
    expect(seriesOf(backend.requests.at(-1)?.body)['ml.drift.status{state=drift}']).toBe(1);
    clock.now += minute;
    await publication.publish();
    const lastWord = seriesOf(backend.requests.at(-1)?.body);
    expect(lastWord['ml.drift.status{state=insufficient_data}']).toBe(1);
    expect(lastWord['ml.drift.status{state=drift}']).toBe(0);
    expect(lastWord['ml.drift.score{feature=age,method=size}']).toBeUndefined();
    clock.now += minute;
    await publication.publish();
    // What is still firing is still said.
    expect(Object.keys(seriesOf(backend.requests.at(-1)?.body))).toEqual([
      'driftline.alert.status{rule=drift,severity=warning,state=pending}',
      'driftline.alert.status{rule=drift,severity=warning,state=firing}',
      'driftline.alert.status{rule=drift,severity=warning,state=resolved}',
    ]);
  });

  it('carry a status series for every model state, and for those features were ever in', async () => {
    const { publication } = publish([
      judged([
        window(5, [feature('age', 'ok'), feature('pay', 'ok')]),
        window(10, [feature('age', 'drift'), feature('pay', 'ok')]),
      ]),
    ]);
    await publication.publish();
    const status = Object.entries(seriesOf(backend.requests[0]?.body)).filter(([name]) =>
      name.startsWith('ml.drift.status'),
    );
    expect(Object.fromEntries(status)).toEqual({
      'ml.drift.status{state=ok}': 0,
      'ml.drift.status{state=warning}': 0,
      'ml.drift.status{state=drift}': 1,
      'ml.drift.status{state=insufficient_data}': 0,
      'ml.drift.status{state=no_reference}': 0,
      'ml.drift.status{feature=age,state=ok}': 0,
      'ml.drift.status{feature=age,state=drift}': 1,
      'ml.drift.status{feature=pay,state=ok}': 1,
    });
    const sum = metric(backend.requests[0]?.body, 'ml.drift.status')?.sum;
    expect(sum).toMatchObject({ aggregationTemporality: 2 });
    expect(sum?.isMonotonic ?? false).toBe(false);
  });

  it('keep a violated rule at zero once it is over, and count late rows from the start', async () => {
    const { publication } = publish([
      judged([
        window(5, [feature('age', 'ok', { violations: { missing: 0.04 } })], { lateRows: 3 }),
        window(10, [feature('age', 'ok')], { lateRows: 4 }),
      ]),
    ]);
    await publication.publish();
    const series = seriesOf(backend.requests[0]?.body);
    expect(series['ml.data_quality.violation.ratio{feature=age,rule=missing}']).toBe(0);
    expect(series['driftline.window.late_rows{}']).toBe(7);
    const late = metric(backend.requests[0]?.body, 'driftline.window.late_rows')?.sum;
    expect(late?.isMonotonic).toBe(true);
    expect(late?.dataPoints[0]?.startTimeUnixNano).toBe(`${start}000000`);
  });

  it('leave out what cannot be computed rather than send NaN', () => {
    const model = judged([window(5, [feature('age', 'insufficient_data', { size: Number.NaN })])]);
    const points = pointsOf(model, { now: start, pValue: true, methods: 'all' });
    expect(points.every(({ value }) => Number.isFinite(value))).toBe(true);
    expect(points.some(({ metric }) => metric === 'ml.drift.score')).toBe(false);
  });

  it('publish every method and the p-value when asked', () => {
    const model = judged([window(5, [feature('age', 'ok', { scores: { psi: 0.01, hellinger: 0.05 } })])]);
    const names = (options: { pValue: boolean; methods: 'deciding' | 'all' }) =>
      pointsOf(model, { now: start, ...options }).map(
        ({ metric, attributes }) => `${metric} ${attributes['ml.drift.method']}`,
      );
    expect(names({ pValue: true, methods: 'all' })).toEqual(
      expect.arrayContaining(['ml.drift.score psi', 'ml.drift.score hellinger', 'ml.drift.p_value size']),
    );
    expect(names({ pValue: false, methods: 'deciding' })).not.toContain('ml.drift.score psi');
  });

  it('over the bound lose features that are ok first, the model last', () => {
    const features = [feature('a', 'ok'), feature('b', 'drift'), feature('c', 'ok')];
    const points = pointsOf(judged([window(5, features)]), { now: start, pValue: false, methods: 'deciding' });
    const ofModel = points.filter(({ dispensability }) => dispensability === 0).length;
    const { kept, cappedSeries } = capped(points, ofModel + 4);
    expect(cappedSeries).toBe(points.length - ofModel - 4);
    expect(new Set(kept.map(({ attributes }) => attributes['ml.feature.name']))).toEqual(new Set([undefined, 'b']));
  });

  it('about the service itself leave on its own resource', async () => {
    const self = new SelfTelemetry({ 'service.name': 'driftline', 'service.instance.id': 'replica-1' }, start);
    self.count('driftline.alert.deliveries', { 'driftline.channel.name': 'team' });
    self.count('driftline.alert.deliveries', { 'driftline.channel.name': 'team' }, 2);
    self.set('driftline.publish.capped_series', 7);
    const { publication } = publish([], { selfPoints: () => self.points() });
    await publication.publish();
    const [request] = backend.requests;
    expect(plain(request?.body.resourceMetrics?.[0]?.resource?.attributes)).toEqual({
      'service.name': 'driftline',
      'service.instance.id': 'replica-1',
    });
    expect(seriesOf(request?.body)).toEqual({
      'driftline.alert.deliveries{channel=team}': 3,
      'driftline.publish.capped_series{}': 7,
    });
  });

  it('of two models on two services travel in one request', async () => {
    const other = { ...window(5, []).model, key: 'other', resource: { 'service.name': 'other' } };
    const { publication } = publish([judged([window(5, [])]), judged([{ ...window(5, []), model: other }])]);
    await publication.publish();
    expect(backend.requests).toHaveLength(1);
    expect(
      backend.requests[0]?.body.resourceMetrics?.map(({ resource }) => plain(resource?.attributes)['service.name']),
    ).toEqual(['hiring-api', 'other']);
  });
});

describe('change events', () => {
  it('tell of a change only, never of a window', () => {
    const told = story(['no_reference', 'ok', 'ok', 'drift', 'drift', 'insufficient_data', 'drift', 'warning', 'ok']);
    expect(told).toEqual([
      'model: ok → drift',
      'age: ok → drift',
      'model: drift → warning',
      'age: drift → warning',
      'model: warning → ok',
      'age: warning → ok',
    ]);
  });

  it('arrive as log records that carry the measurement, at the time of the window', async () => {
    const drifted = window(10, [feature('age', 'drift', { size: 0.31, part: 'missing', horizon: '1h' })]);
    const events = driftChangeEvents(
      afterWindow(undefined, window(5, [feature('age', 'ok')])),
      drifted,
      'deployment-1',
    );
    const { publication, outbox } = publish([], { outbox: new Outbox(events) });
    await publication.publish();
    const record = backend.requests[0]?.body.resourceLogs?.[0]?.scopeLogs[0]?.logRecords[1];
    expect(record).toMatchObject({
      eventName: 'ml.drift.change',
      severityNumber: 13,
      timeUnixNano: `${start + 10 * minute}000000`,
    });
    expect(plain(record?.attributes)).toMatchObject({
      'ml.model.name': 'employment',
      'ml.model.version': '7',
      'ml.feature.name': 'age',
      'ml.drift.state': 'drift',
      'ml.drift.previous_state': 'ok',
      'ml.drift.part': 'missing',
      'ml.drift.horizon': '1h',
      'ml.drift.size': 0.31,
      'ml.drift.floor': 0.2,
      'ml.window.end': (start + 10 * minute) / 1_000,
      'driftline.event.id': expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
    });
    expect(await outbox.peek(1)).toEqual([]);
  });

  it('have the same id whoever finds the change, and another one for another change', () => {
    const before = afterWindow(undefined, window(5, [feature('age', 'ok')]));
    const ids = (end: number) =>
      driftChangeEvents(before, window(end, [feature('age', 'drift')]), 'd').map(({ id }) => id);
    expect(ids(10)).toEqual(ids(10));
    expect(new Set([...ids(10), ...ids(15)]).size).toBe(4);
  });

  it('of alerts are as severe as the rule while it fires, and information once over', () => {
    const change = { alert: alert('firing', 'critical'), previous: 'pending', at: start } as const;
    const over = { alert: alert('resolved', 'critical'), previous: 'firing', at: start } as const;
    expect(alertChangeEvents([change, over], 'd').map(({ severity }) => severity)).toEqual([17, 9]);
    expect(alertChangeEvents([change], 'd', 'https://drift.example.com/')[0]?.attributes).toMatchObject({
      'driftline.rule.name': 'drift',
      'driftline.alert.state': 'firing',
      'driftline.alert.previous_state': 'pending',
      'driftline.alert.value': 0.31,
      'url.full': 'https://drift.example.com/',
    });
  });
});

describe('a dead endpoint', () => {
  it('leaves events in the outbox, waits longer each time, and loses none when it is back', async () => {
    const { publication, clock, outbox, reports } = publish([], { outbox: new Outbox(someEvents(3)) });
    backend.answers.push(503, 503);
    for (const at of [0, 999, 1_000, 2_999, 3_000]) {
      clock.now = start + at;
      await publication.publish();
    }
    expect(reports).toEqual([
      { signal: 'logs', result: 'failed', items: 3, failures: 1, reason: '503' },
      { signal: 'logs', result: 'failed', items: 3, failures: 2, reason: '503' },
      { signal: 'logs', result: 'sent', items: 3, failures: 0 },
    ]);
    expect(await outbox.peek(9)).toEqual([]);
  });

  it('is reported by a code, without its address', async () => {
    const { publication, reports, outbox } = publish([judged([window(5, [])])], { outbox: new Outbox(someEvents(1)) });
    await backend.close();
    await publication.publish();
    expect(reports).toMatchObject([{ reason: 'ECONNREFUSED' }, { reason: 'ECONNREFUSED' }]);
    expect(await outbox.peek(9)).toHaveLength(1);
  });

  it('that refuses a request as malformed is not asked again: the events are counted and dropped', async () => {
    const { publication, reports, outbox } = publish([], { outbox: new Outbox(someEvents(2)) });
    backend.answers.push(400);
    await publication.publish();
    expect(reports).toMatchObject([{ result: 'refused', items: 2 }]);
    expect(await outbox.peek(9)).toEqual([]);
  });

  it('gets a long outbox in several requests, in order', async () => {
    const events = someEvents(450);
    const { publication } = publish([], { outbox: new Outbox(events) });
    await publication.publish();
    const received = backend.requests.flatMap(({ body }) =>
      (body.resourceLogs ?? []).flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
    );
    expect(backend.requests).toHaveLength(3);
    expect(received.map(({ attributes }) => plain(attributes)['driftline.event.id'])).toEqual(
      events.map(({ id }) => id),
    );
  });
});

/** The changes that this course of states of one feature tells of. */
function story(states: readonly DriftState[]): readonly string[] {
  let before: PublicationState | undefined;
  return states.flatMap((state, index) => {
    const next = window(5 * (index + 1), [feature('age', state)]);
    const events = driftChangeEvents(before, next, 'd');
    before = afterWindow(before, next);
    return events.map(
      ({ attributes }) =>
        `${attributes['ml.feature.name'] ?? 'model'}: ${attributes['ml.drift.previous_state']} → ${attributes['ml.drift.state']}`,
    );
  });
}

function judged(windows: readonly WindowMeasurement[], more: Partial<PublishedModel> = {}): PublishedModel {
  const [first, ...others] = windows;
  if (first === undefined) throw new Error('no window');
  const state = others.reduce<PublicationState>(afterWindow, afterWindow(undefined, first));
  return { state, alerts: [], judgedAt: state.latest.windowEnd, windowMs: 5 * minute, ...more };
}

function window(
  end: number,
  features: readonly FeatureMeasurement[],
  more: Partial<WindowMeasurement> = {},
): WindowMeasurement {
  const worst = (['drift', 'warning', 'insufficient_data', 'no_reference'] as const).find((state) =>
    features.some((one) => one.state === state),
  );
  return {
    model: {
      key: 'k',
      tenant: '',
      resource: { 'service.name': 'hiring-api', 'deployment.environment.name': 'production' },
      name: 'employment',
      version: '7',
    },
    windowStart: start + (end - 5) * minute,
    windowEnd: start + end * minute,
    rows: 1_000,
    lateRows: 0,
    state: worst ?? 'ok',
    features,
    performance: [],
    ...more,
  };
}

function feature(name: string, state: DriftState, more: Partial<FeatureMeasurement> = {}): FeatureMeasurement {
  return {
    name,
    role: 'feature',
    kind: 'numeric',
    state,
    horizon: 'window',
    part: 'distribution',
    rows: 1_000,
    size: 0.05,
    threshold: 0.2,
    detectableSize: 0.12,
    p: 0.4,
    pAdjusted: 0.5,
    direction: 'higher',
    calibrated: true,
    scores: {},
    violations: {},
    referenceId: 'sha256:0123456789abcdef',
    ...more,
  };
}

function alert(state: Alert['state'], severity: Alert['severity'] = 'warning'): Alert {
  return {
    id: '0123456789abcdef0123456789abcdef',
    rule: 'drift',
    severity,
    model: window(5, []).model,
    state,
    since: start,
    activeSince: start,
    windows: 1,
    transition: 2,
    value: 0.31,
    threshold: 0.2,
    features: ['age'],
  };
}

function someEvents(count: number): readonly ResultEvent[] {
  return Array.from({ length: count }, (_, index) => index + 1).flatMap((transition) =>
    alertChangeEvents([{ alert: { ...alert('firing'), transition }, previous: 'pending', at: start }], 'd'),
  );
}

/** The outbox of the store, in memory. */
class Outbox {
  #events: readonly ResultEvent[];

  constructor(events: readonly ResultEvent[] = []) {
    this.#events = events;
  }

  async peek(limit: number) {
    return this.#events.slice(0, limit);
  }

  async remove(ids: readonly string[]) {
    this.#events = this.#events.filter(({ id }) => !ids.includes(id));
  }
}

function publish(
  models: readonly PublishedModel[],
  {
    outbox = new Outbox(),
    selfPoints = () => [],
  }: { readonly outbox?: Outbox; readonly selfPoints?: PublicationOptions['selfPoints'] } = {},
) {
  const clock = { now: start };
  const reports: PublicationReport[] = [];
  const options: PublicationOptions = {
    results: { models: async () => models },
    outbox,
    publisher: new OtlpPublisher({
      endpoint: backend.url,
      headers: { 'Api-Key': new Secret('open sesame') },
      post: httpPost(() => clock.now),
    }),
    settings: { interval: minute, pValue: false, methods: 'deciding', maxSeries: 5_000 },
    selfPoints,
    deploymentId: 'deployment-1',
    version: '0.1.0',
    now: () => clock.now,
    random: () => 1,
    onReport: (report) => {
      if ('result' in report) reports.push(report);
    },
  };
  return { publication: new Publication(options), clock, outbox, reports };
}

type Attributes = NonNullable<NonNullable<NonNullable<OtlpRequest['resourceLogs']>[number]['resource']>['attributes']>;

function plain(attributes: Attributes | undefined): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    (attributes ?? []).map(({ key, value }) => [key, value.stringValue ?? value.doubleValue ?? Number(value.intValue)]),
  );
}

function metric(request: OtlpRequest | undefined, name: string) {
  return request?.resourceMetrics?.[0]?.scopeMetrics[0]?.metrics.find((one) => one.name === name);
}

/** Values by `name{feature=age,method=size}`, the model's name and version left out. */
function seriesOf(request: OtlpRequest | undefined): Readonly<Record<string, number>> {
  const metrics = (request?.resourceMetrics ?? []).flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap((scope) => scope.metrics),
  );
  return Object.fromEntries(
    metrics.flatMap(
      ({ name, gauge, sum }) =>
        (gauge ?? sum)?.dataPoints.map(({ attributes, asDouble, asInt }) => {
          const labels = Object.entries(plain(attributes))
            .filter(([key]) => !key.startsWith('ml.model.'))
            .map(([key, value]) => `${key.split('.').at(key.endsWith('.name') ? -2 : -1)}=${value}`);
          return [`${name}{${labels.join(',')}}`, asDouble ?? Number(asInt)];
        }) ?? [],
    ),
  );
}

let backend: Awaited<ReturnType<typeof listen>>;
beforeEach(async () => {
  backend = await listen();
});
afterEach(async () => backend.close());

/** A real OTLP/HTTP receiver that keeps what it got and answers as told, else 200. */
async function listen() {
  const requests: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: OtlpRequest }[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const answer = answers.shift() ?? 200;
      if (answer === 200) {
        requests.push({
          path,
          headers: request.headers,
          body: decodeOtlpProtobuf(path, gunzipSync(Buffer.concat(chunks))),
        });
      }
      response.writeHead(answer, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    requests,
    answers,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
