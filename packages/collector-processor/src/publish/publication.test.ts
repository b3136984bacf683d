import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertOf, employment, featureOf, hour, minute, windowOf } from '../../../../test/support/measurements.ts';
import { decodeOtlpProtobuf } from '../../../../test/support/otlp-protobuf.ts';
import { logRecordsIn, metricsIn, plainAttributes, seriesIn } from '../../../../test/support/otlp-series.ts';
import { RecordingServer } from '../../../../test/support/recording-server.ts';
import type { WindowMeasurement } from '../evaluate/measurement.ts';
import { Secret } from '../settings.ts';
import { alertChangeEvents, driftChangeEvents, type ResultEvent } from './events.ts';
import type { PublishedModel, ResultPoint } from './gauges.ts';
import { httpPost } from './http-post.ts';
import { OtlpPublisher } from './otlp-publisher.ts';
import { type EventOutbox, Publication, type PublicationReport } from './publication.ts';
import { afterWindow } from './publication-state.ts';
import { SelfTelemetry } from './self-telemetry.ts';

/** 2026-11-01 */
const start = 1_793_491_200_000;

describe('gauges', () => {
  it('arrive over OTLP on the resource of the observed service, stamped now', async () => {
    const drifted = windowOf({ start, end: 5, features: [featureOf('age', 'drift', { size: 0.31 })] });
    const { publication, clock } = publish({ models: [judged(drifted)] });
    clock.now = start + 6 * minute;
    await publication.publish();
    const { headers, path } = backend.requests[0] ?? {};
    expect(path).toBe('/v1/metrics');
    expect(headers).toMatchObject({ 'api-key': 'open sesame', 'content-encoding': 'gzip' });
    const [request] = received();
    expect(plainAttributes(request?.resourceMetrics?.[0]?.resource?.attributes)).toEqual({
      'service.name': 'hiring-api',
      'deployment.environment.name': 'production',
      'service.instance.id': 'deployment-1',
    });
    expect(seriesIn(request)).toMatchObject({
      'ml.drift.score{feature=age,method=size}': 0.31,
      'ml.drift.threshold{feature=age,method=size}': 0.2,
      'ml.drift.detectable_size{feature=age}': 0.12,
      'driftline.window.rows{}': 1_000,
      'driftline.window.lag{}': 60,
    });
    const byName = Object.fromEntries(metricsIn(request).map((metric) => [metric.name, metric]));
    expect(byName['ml.drift.score']?.gauge?.dataPoints[0]?.timeUnixNano).toBe(`${start + 6 * minute}000000`);
    expect(byName['ml.drift.status']?.sum).toMatchObject({ aggregationTemporality: 2 });
    expect(byName['ml.drift.status']?.sum?.isMonotonic ?? false).toBe(false);
    expect(byName['driftline.window.late_rows']?.sum?.isMonotonic).toBe(true);
    expect(byName['driftline.window.late_rows']?.sum?.dataPoints[0]?.startTimeUnixNano).toBe(`${start}000000`);
  });

  it('are sent again every interval, in between not', async () => {
    const { publication, clock } = publish({ models: [judged(windowOf({ start, end: 5 }))] });
    for (const seconds of [0, 1, 30, 59, 60, 61, 120]) {
      clock.now = start + 6 * minute + seconds * 1_000;
      await publication.publish();
    }
    expect(backend.requests).toHaveLength(3);
  });

  it('fall silent an hour after the last window, say before that nothing is known, and go on for what fires', async () => {
    const drifted = windowOf({ start, end: 5, features: [featureOf('age', 'drift')] });
    const { publication, clock } = publish({ models: [{ ...judged(drifted), alerts: [alertOf('firing')] }] });
    for (const minutes of [65, 66, 67]) {
      clock.now = start + minutes * minute;
      await publication.publish();
    }
    const [present, lastWord, silence] = received().map(seriesIn);
    expect(present?.['ml.drift.status{state=drift}']).toBe(1);
    expect(lastWord?.['ml.drift.status{state=drift}']).toBe(0);
    expect(lastWord?.['ml.drift.status{state=insufficient_data}']).toBe(1);
    expect(lastWord?.['ml.drift.score{feature=age,method=size}']).toBeUndefined();
    expect(silence).toEqual({
      'driftline.alert.status{rule=drift,severity=warning,state=pending}': 0,
      'driftline.alert.status{rule=drift,severity=warning,state=firing}': 1,
      'driftline.alert.status{rule=drift,severity=warning,state=resolved}': 0,
    });
  });

  it('come back with the data', async () => {
    const models = [judged(windowOf({ start, end: 5 }))];
    const { publication, clock } = publish({ models });
    clock.now = start + 2 * hour;
    await publication.publish();
    models[0] = judged(windowOf({ start: start + 2 * hour, end: 5 }));
    clock.now = start + 2 * hour + 6 * minute;
    await publication.publish();
    expect(received().map((request) => seriesIn(request)['driftline.window.rows{}'])).toEqual([undefined, 1_000]);
  });

  it('of two models on two services travel in one request', async () => {
    const other = { ...employment, key: 'other', resource: { 'service.name': 'other' } };
    const { publication } = publish({
      models: [judged(windowOf({ start, end: 5 })), judged(windowOf({ start, end: 5, model: other }))],
    });
    await publication.publish();
    const services = received().map((request) =>
      request.resourceMetrics?.map(({ resource }) => plainAttributes(resource?.attributes)['service.name']),
    );
    expect(services).toEqual([['hiring-api', 'other']]);
  });

  it('about the service itself leave on its own resource', async () => {
    const self = new SelfTelemetry({ 'service.name': 'driftline', 'service.instance.id': 'replica-1' }, start);
    self.count('driftline.alert.deliveries', { 'driftline.channel.name': 'team' });
    self.count('driftline.alert.deliveries', { 'driftline.channel.name': 'team' }, 2);
    self.set('driftline.publish.capped_series', 7);
    const { publication } = publish({ selfPoints: () => self.points() });
    await publication.publish();
    const [request] = received();
    expect(plainAttributes(request?.resourceMetrics?.[0]?.resource?.attributes)).toEqual({
      'service.name': 'driftline',
      'service.instance.id': 'replica-1',
    });
    expect(seriesIn(request)).toEqual({
      'driftline.alert.deliveries{channel=team}': 3,
      'driftline.publish.capped_series{}': 7,
    });
  });
});

describe('events', () => {
  it('arrive as log records that carry the measurement, at the time of the window', async () => {
    const drifted = featureOf('age', 'drift', {
      size: 0.31,
      part: 'missing',
      direction: 'more missing values',
      horizon: '1h',
    });
    const events = driftChangeEvents(undefined, windowOf({ start, end: 10, features: [drifted] }), 'deployment-1');
    const { publication, outbox } = publish({ events });
    await publication.publish();
    const record = logRecordsIn(received()[0])[1];
    expect(record).toMatchObject({
      eventName: 'ml.drift.change',
      severityNumber: 13,
      timeUnixNano: `${start + 10 * minute}000000`,
      observedTimeUnixNano: `${start}000000`,
    });
    expect(plainAttributes(record?.attributes)).toMatchObject({
      'ml.model.name': 'employment',
      'ml.model.version': '7',
      'ml.feature.name': 'age',
      'ml.drift.state': 'drift',
      'ml.drift.previous_state': 'ok',
      'ml.drift.part': 'missing',
      'ml.drift.direction': 'more missing values',
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

  it('leave a long outbox in several requests, in order', async () => {
    const events = someEvents(450);
    const { publication } = publish({ events });
    await publication.publish();
    expect(backend.requests).toHaveLength(3);
    const ids = received()
      .flatMap(logRecordsIn)
      .map(({ attributes }) => plainAttributes(attributes)['driftline.event.id']);
    expect(ids).toEqual(events.map(({ id }) => id));
  });

  it('are sent once however often publication is asked at the same time', async () => {
    const { publication } = publish({ events: someEvents(1) });
    await Promise.all([publication.publish(), publication.publish(), publication.publish()]);
    expect(received().flatMap(logRecordsIn)).toHaveLength(1);
  });
});

describe('a dead endpoint', () => {
  it('leaves events in the outbox, is asked later each time, and loses none when it is back', async () => {
    const { publication, clock, outbox, reports } = publish({ events: someEvents(3) });
    backend.answers.push({ status: 503 }, { status: 503 });
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
    const { publication, reports, outbox } = publish({
      models: [judged(windowOf({ start, end: 5 }))],
      events: someEvents(1),
    });
    await backend[Symbol.asyncDispose]();
    await publication.publish();
    expect(reports).toMatchObject([{ reason: 'ECONNREFUSED' }, { reason: 'ECONNREFUSED' }]);
    expect(await outbox.peek(9)).toHaveLength(1);
  });

  it.each([400, 413])('that answers %d is not asked again: the events are reported and dropped', async (status) => {
    const { publication, reports, outbox } = publish({ events: someEvents(2) });
    backend.answers.push({ status });
    await publication.publish();
    expect(reports).toMatchObject([{ result: 'refused', items: 2 }]);
    expect(await outbox.peek(9)).toEqual([]);
  });

  it.each([401, 404, 500])('that answers %d can be put right, so events wait', async (status) => {
    const { publication, outbox } = publish({ events: someEvents(2) });
    backend.answers.push({ status });
    await publication.publish();
    expect(await outbox.peek(9)).toHaveLength(2);
  });
});

let backend: RecordingServer;
beforeEach(async () => {
  backend = await RecordingServer.listen();
});
afterEach(async () => backend[Symbol.asyncDispose]());

function received() {
  return backend.requests.map(({ path, body }) => decodeOtlpProtobuf(path, body));
}

function publish({
  models = [],
  events = [],
  selfPoints = () => [],
}: {
  readonly models?: readonly PublishedModel[];
  readonly events?: readonly ResultEvent[];
  readonly selfPoints?: () => readonly ResultPoint[];
}) {
  const clock = { now: start };
  const reports: PublicationReport[] = [];
  const outbox = outboxOf(events);
  const publication = new Publication({
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
  });
  return { publication, clock, outbox, reports };
}

/** The outbox of the store, in memory. */
function outboxOf(events: readonly ResultEvent[]): EventOutbox {
  let waiting = events;
  return {
    peek: async (limit) => waiting.slice(0, limit),
    remove: async (ids) => {
      waiting = waiting.filter(({ id }) => !ids.includes(id));
    },
  };
}

function judged(latest: WindowMeasurement): PublishedModel {
  return { state: afterWindow(undefined, latest), alerts: [], judgedAt: latest.windowEnd, windowMs: 5 * minute };
}

function someEvents(count: number): readonly ResultEvent[] {
  return Array.from({ length: count }, (_, index) => index + 1).flatMap((transition) =>
    alertChangeEvents([{ alert: alertOf('firing', { transition }), previous: 'pending', at: start }], 'd'),
  );
}
