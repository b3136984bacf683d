import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { OtlpReceivingEnd } from '../support/otlp-receiving-end.ts';
import { seededProfile } from '../support/seeded-profile.ts';
import { SimulatedSender } from '../support/simulated-sender.ts';
import { minute, SimulatedService, windowMs } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 2 });
const files = { 'seeded.json': profile };
const settings = 'models: { seeded: { reference: ./seeded.json } }';
/** Two features, each with a distribution and its rows. */
const pointsOfAUnit = 4;

describe('rows that come after their window is closed', () => {
  it('are answered 200 with how many were not counted, and change nothing that was published', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const sender = new SimulatedSender({ profile });
    const start = service.now;
    await service.live(3, (period) => [sender.collect(period, { rows: 1000 })]);
    const before = await service.models();
    const windows = [...service.windows];

    const late = sender.collect({ start, end: start + windowMs }, { rows: 700, shift: 5 });
    const json = await service.send(late, 'json');
    expect(json.status).toBe(200);
    expect(JSON.parse(json.text)).toMatchObject({
      partialSuccess: {
        rejectedDataPoints: String(pointsOfAUnit),
        errorMessage: expect.stringContaining('late or already counted'),
      },
    });
    await service.service.tick();
    expect(await service.models()).toEqual(before);
    expect(service.windows).toEqual(windows);

    await service.live(2, (period) => [sender.collect(period, { rows: 1000 })]);
    expect(service.windows.at(-2)).toMatchObject({ rows: 1000, lateRows: 700, state: 'ok' });
    expect(service.windows.at(-1)).toMatchObject({ rows: 1000, lateRows: 0 });
    expect(await service.models()).toMatchObject([{ lateRows: 700 }]);
  });

  it('still count while others may be as late', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const sender = new SimulatedSender({ profile });
    const straggler = new SimulatedSender({ profile, instance: 'i-2', seed: 2 });
    const start = service.now;
    await service.live(1, (period) => [sender.collect(period, { rows: 1000 })]);
    service.now += 55_000;
    const late = await service.send(straggler.collect({ start, end: start + windowMs }, { rows: 500 }));
    expect(late).toMatchObject({ status: 200, text: '' });
    await service.silence();
    expect(service.windows).toMatchObject([{ rows: 1500, lateRows: 0 }]);
  });
});

describe('a request that is sent again', () => {
  it('is counted once, in whatever encoding, whoever waits for it and whatever it travels with', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const sender = new SimulatedSender({ profile });
    const start = service.now;
    const unit = sender.collect({ start, end: start + windowMs / 2 }, { rows: 1000 });
    const other = sender.collect({ start: start + windowMs / 2, end: start + windowMs }, { rows: 1000 });
    const together = { ...unit, scopeMetrics: [...unit.scopeMetrics, ...other.scopeMetrics] };
    service.now = start + windowMs;
    const answers = await Promise.all([
      service.send(unit, 'protobuf'),
      service.send(unit, 'json'),
      service.send(together, 'json'),
      service.send(unit, 'protobuf'),
    ]);
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [200, ''],
      [200, '{}'],
      [200, '{}'],
      [200, ''],
    ]);
    await service.restart();
    expect(await service.send(together, 'protobuf')).toMatchObject({ status: 200, text: '' });
    await service.silence();
    expect(service.windows.map(({ rows }) => rows)).toEqual([2000]);
    expect(service.judged('x0').map((feature) => feature?.rows)).toEqual([2000]);
  });
});

describe('what the service counts about what it was sent', () => {
  it('adds up: merged, duplicate, late, and refused by reason, is everything', async () => {
    await using vendor = new OtlpReceivingEnd();
    const endpoint = await vendor.listen();
    await using service = await SimulatedService.start({
      settings: `${settings}\npublish: { endpoint: "${endpoint}" }\nlimits: { models: 1 }`,
      files,
    });
    const sender = new SimulatedSender({ profile });
    const stranger = new SimulatedSender({ profile: { ...profile, model: { name: 'stranger', version: '1' } } });
    const nameless = new SimulatedSender({ profile: { ...profile, model: { name: '', version: '1' } } });
    const sent: ResourceMetrics[] = [];
    await service.live(3, (period) => {
      const request = sender.collect(period, { rows: 1000 });
      sent.push(request);
      return [request];
    });
    for (const encoding of ['protobuf', 'json'] as const) await service.send(sent[2]!, encoding);
    await service.send(sent[0]!);
    const period = { start: service.now - windowMs, end: service.now };
    await service.send(sender.collect({ start: period.start, end: service.now + 10 * minute }, { rows: 10 }));
    await service.send(sender.collect({ start: period.end, end: period.start }, { rows: 10 }));
    await service.send(stranger.collect(period, { rows: 10 }));
    await service.send(nameless.collect(period, { rows: 10 }));
    service.now += minute;
    await service.service.tick();

    const counted = vendor.metrics
      .filter(({ name }) => name === 'driftline.ingest.points')
      .map(({ attributes, value, resource }) => [
        resource['service.name'],
        attributes['driftline.ingest.result'],
        value,
      ]);
    expect(Object.fromEntries(counted.map(([, result, value]) => [result, value]))).toEqual({
      merged: 3 * pointsOfAUnit,
      duplicate: 2 * pointsOfAUnit,
      late: pointsOfAUnit,
      future: pointsOfAUnit,
      invalid_interval: pointsOfAUnit,
      over_limit: pointsOfAUnit,
      missing_model_name: pointsOfAUnit,
    });
    expect(new Set(counted.map(([name]) => name))).toEqual(new Set(['driftline']));
  });
});
