import { monitorModel, rowAnomalies, startDriftline } from '@driftline/instrumentation';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReferenceProfile } from '@driftline/sketches';
import { inARow } from '../support/in-a-row.ts';
import { decodeOtlpProtobuf } from '../support/otlp-protobuf.ts';
import { logRecordsIn, plainAttributes, textsOf } from '../support/otlp-series.ts';
import { RecordingServer } from '../support/recording-server.ts';
import { profileOfRides, ridesOf } from '../support/rides.ts';
import { seededRandom } from '../support/seeded-profile.ts';
import { minute, SimulatedService, windowMs } from '../support/simulated-service.ts';

describe('features that go together otherwise while each stays as it was', () => {
  let profile: ReferenceProfile;
  beforeAll(async () => {
    profile = await profileOfRides();
  });

  async function live(
    service: SimulatedService,
    correlations: readonly number[],
    { rows = 6000, scored = false } = {},
  ): Promise<void> {
    await using driftline = startDriftline({ service: 'rides-api', endpoint: service.service.otlpUrl });
    const monitor = monitorModel({ profile, ...(scored && { anomalies: rowAnomalies }) });
    const random = seededRandom(2);
    const start = service.now;
    for (const [window, correlation] of correlations.entries()) {
      for (let period = 0; period < 5; period += 1) {
        const at = start + window * windowMs + period * minute;
        monitor.recordColumns({ features: ridesOf(rows / 5, correlation, random), at });
      }
      await driftline.flush();
      service.now += windowMs;
      await service.service.tick();
    }
    await service.silence();
  }

  it('are found by their correlation alone, with the pair named, and alerted on', async () => {
    await using vendor = await RecordingServer.listen();
    await using service = await SimulatedService.start({
      settings: `
models: { rides: { reference: ./rides.json } }
publish: { endpoint: "${vendor.url}" }
rules: [{ when: drift, severity: warning }, { when: correlation > 0.5, name: together }]`,
      files: { 'rides.json': profile },
    });
    await live(service, [0.7, 0.7, 0.7, -0.7, -0.7, 0.7, 0.7, 0.7, 0.7]);

    expect(service.windows.flatMap(({ features }) => features.map(({ state }) => state))).not.toContain('drift');
    const states = service.windows.map(({ correlation }) => correlation?.state);
    expect(states.slice(0, 5)).toEqual(['ok', 'ok', 'ok', 'drift', 'drift']);
    const { correlation, reconstruction, state } = service.windows[3]!;
    expect(state).toBe('drift');
    expect(correlation).toMatchObject({
      horizon: 'window',
      direction: expect.stringMatching(/^distance and time 0\.\d+ → -0\.\d+$/),
    });
    expect(correlation?.pairs.map(({ features }) => features)).toEqual([['distance', 'time']]);
    expect(reconstruction?.error).toBeGreaterThan(reconstruction?.expected?.upperBound ?? Number.POSITIVE_INFINITY);

    const [model] = await service.models();
    expect(model?.latest.correlation).toEqual(service.windows.at(-1)?.correlation);
    expect((await service.alerts()).map(({ rule }) => rule)).toEqual(expect.arrayContaining(['drift', 'together']));
    const changes = vendor.requests
      .filter(({ path }) => path === '/v1/logs')
      .flatMap(({ path, body }) => logRecordsIn(decodeOtlpProtobuf(path, body)))
      .filter(({ attributes }) => plainAttributes(attributes)['ml.drift.part'] === 'correlation');
    expect(textsOf(changes[0]?.attributes, 'ml.drift.changed_pairs')).toEqual([
      expect.stringMatching(/^distance and time 0\.\d\d → -0\.\d\d$/),
    ]);
  });

  it('stay quiet for as long as nothing changes', async () => {
    await using service = await SimulatedService.start({
      settings: 'models: { rides: { reference: ./rides.json } }',
      files: { 'rides.json': profile },
    });
    await live(
      service,
      Array.from({ length: 12 }, () => 0.7),
    );
    expect(new Set(service.windows.map(({ state }) => state))).toEqual(new Set(['ok']));
    expect(new Set(service.windows.map(({ correlation }) => correlation?.state))).toEqual(new Set(['ok']));
  });

  it('are found against a reference that was captured on request as well', async () => {
    await using service = await SimulatedService.start({
      settings: 'models: { rides: { reference: ./rides.json } }',
      files: { 'rides.json': profile },
    });
    await live(service, [0.7]);
    expect((await service.references('POST', '', { rows: 12_000 })).status).toBe(202);
    await live(service, [0.7, 0.7, 0.7, -0.7]);
    const windows = service.windows.filter(({ rows }) => rows > 0).slice(-2);
    expect(windows.map(({ references }) => references?.[0]?.name)).toEqual(['captured', 'captured']);
    expect(windows.map(({ correlation }) => correlation?.state)).toEqual(['ok', 'drift']);
  });

  it('are found by the scores of rows too, as an output that a captured reference knows and no profile does', async () => {
    const scores = async (reference: string) => {
      await using service = await SimulatedService.start({
        settings: `models: { rides: { reference: ${reference} } }`,
        files: { 'rides.json': profile },
      });
      await live(service, [...inARow(5, 0.7), ...inARow(3, -0.7)], { scored: true });
      return service.windows.map(({ features }) => features.find(({ name }) => name === 'anomaly_score')?.state);
    };
    const judged = [...inARow(3, 'no_reference'), ...inARow(2, 'ok'), ...inARow(3, 'drift')];
    expect(await scores('{ capture: { rows: 15000 } }')).toEqual(judged);
    expect(await scores('./rides.json')).toEqual(inARow(8, 'no_reference'));
  });

  it('are left alone where the settings say so, or a feature of them is ignored', async () => {
    await using service = await SimulatedService.start({
      settings: 'models: { rides: { reference: ./rides.json, quality: { correlation: false } } }',
      files: { 'rides.json': profile },
    });
    await live(service, [-0.7, -0.7]);
    expect(service.windows.map(({ correlation, state }) => [correlation, state])).toEqual([
      [undefined, 'ok'],
      [undefined, 'ok'],
    ]);
    await service.restart({
      settings: 'models: { rides: { reference: ./rides.json, features: { time: { ignore: true } } } }',
    });
    await live(service, [-0.7]);
    expect(service.windows.at(-1)?.correlation).toMatchObject({ state: 'ok', testedPairs: 1 });
  });
});
