import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { inARow } from '../support/in-a-row.ts';
import { event, logsBody } from '../support/otlp-requests.ts';
import { seededProfile } from '../support/seeded-profile.ts';
import { hrTime, SimulatedSender } from '../support/simulated-sender.ts';
import { SimulatedService, windowMs } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 2 });
const settings = 'defaults: { reference: { capture: { rows: 4500 } } }';
const sender = (more: Partial<ConstructorParameters<typeof SimulatedSender>[0]> = {}) =>
  new SimulatedSender({ profile, hasProfile: false, ...more });

describe('a model without a profile', () => {
  it('has no reference until enough rows were seen; then what came first is what the rest is compared with', async () => {
    await using service = await SimulatedService.start({ settings });
    const fraud = sender();
    const windows = (count: number, shift: number) =>
      service.live(count, (period) => [fraud.collect(period, { rows: 1000, shift })]);
    await windows(8, 0);
    await windows(3, 0.5);
    expect(service.states('x0')).toEqual([...inARow(5, 'no_reference'), ...inARow(3, 'ok'), ...inARow(2, 'drift')]);
    expect(service.windows.map(({ rows }) => rows)).toEqual(inARow(10, 1000));
    expect(service.judged('x0').at(-1)?.referenceId).toMatch(/^captured:/);
    expect(service.log).toEqual([]);
  });

  it('keeps nothing of windows that only bring outcomes, which never make a reference', async () => {
    await using service = await SimulatedService.start({ settings });
    for (let i = 0; i < 30; i += 1) {
      const outcome = event('ml.prediction.outcome', hrTime(service.now), {
        'ml.model.name': 'labels',
        'ml.prediction.class': 'yes',
        'ml.outcome.class': 'yes',
      });
      expect(await service.post('logs', logsBody('protobuf', [outcome]))).toMatchObject({ status: 200 });
      service.now += windowMs;
      await service.service.tick();
    }
    expect(service.windows.length).toBeGreaterThan(20);
    expect(service.windows.at(-1)).toMatchObject({ rows: 0, performance: [{ metric: 'accuracy', value: 1 }] });
    await service.stop();
    const database = new SqliteDatabase(service.path);
    expect(database.prepare('SELECT count(*) FROM pane').pluck().get()).toBeLessThan(5);
    database.close();
  });

  it('says so to whoever asks, from the first window on', async () => {
    await using service = await SimulatedService.start({ settings });
    const fraud = sender();
    await service.live(2, (period) => [fraud.collect(period, { rows: 1000 })]);
    expect(await service.models()).toMatchObject([{ name: 'seeded', latest: { state: 'no_reference', rows: 1000 } }]);
  });

  it('loses nothing of it by a restart in the middle', async () => {
    expect(await judgedWindows({ restarts: true })).toEqual(await judgedWindows({ restarts: false }));
  });

  it('does not compare what was captured with itself, in the hour after it either', async () => {
    await using service = await SimulatedService.start({ settings });
    const fraud = sender();
    await service.live(8, (period) => [fraud.collect(period, { rows: 1000 })]);
    const hour = service.judged('x0').filter((feature) => feature?.horizon === '1h');
    expect(Math.max(0, ...hour.map((feature) => feature?.rows ?? 0))).toBeLessThanOrEqual(2000);

    // 60 rows in a window are too few, so the hour decides: of what came after the capture.
    await service.live(2, (period) => [fraud.collect(period, { rows: 60 })]);
    expect(service.judged('x0').at(-1)).toMatchObject({ horizon: '1h', rows: 3060 });
  });

  it('nor what was captured on request, from the first window after it on', async () => {
    await using service = await SimulatedService.start({ settings });
    const fraud = sender();
    const live = (count: number, rows: number) => service.live(count, (period) => [fraud.collect(period, { rows })]);
    await live(8, 1000);
    expect((await service.references('POST', '', { rows: 2000 })).status).toBe(202);
    await live(1, 1000);
    await live(4, 60);
    const { references } = (await service.references()).body;
    expect(references).toMatchObject([{ origin: 'first_rows' }, { origin: 'request', rows: 2000, isInUse: true }]);
    const compared = service.judged('x0').filter((feature) => feature?.referenceId === references[1]?.id);
    expect(compared.map((feature) => feature?.rows)).toEqual([60, 120, 180]);
  });

  it('captures the same from cumulative senders as from those that send deltas', async () => {
    expect(await judgedFrom('cumulative')).toEqual(await judgedFrom('delta'));
  });
});

async function judgedWindows({ restarts }: { readonly restarts: boolean }) {
  await using service = await SimulatedService.start({ settings });
  const fraud = sender();
  for (let window = 0; window < 10; window += 1) {
    await service.live(1, (period) => [fraud.collect(period, { rows: 1000, shift: window < 7 ? 0 : 0.5 })]);
    if (restarts) await service.restart();
  }
  // Two deployments name one model by different keys.
  return service.windows.map(({ model: { key: _key, ...model }, ...window }) => ({ ...window, model }));
}

async function judgedFrom(temporality: 'delta' | 'cumulative') {
  await using service = await SimulatedService.start({ settings });
  const fraud = sender({ temporality });
  await service.live(9, (period) => [fraud.collect(period, { rows: 1000 })]);
  return service.judged('x0').map((feature) => [feature?.state, feature?.rows, feature?.size.toFixed(6)]);
}
