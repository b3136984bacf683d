import { describe, expect, it } from 'vitest';
import { openSqlite } from '../../packages/collector-processor/src/store/sqlite.ts';
import { inARow } from '../support/in-a-row.ts';
import { OtlpReceivingEnd } from '../support/otlp-receiving-end.ts';
import { seededProfile } from '../support/seeded-profile.ts';
import { SimulatedSender } from '../support/simulated-sender.ts';
import { SimulatedService } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 2 });
const files = { 'seeded.json': profile };
const models = 'models: { seeded: { reference: ./seeded.json } }';

describe('a restart', () => {
  it('does not set back an alert that is about to fire, nor one that fires', async () => {
    await using service = await SimulatedService.start({
      settings: `${models}\nrules: [{ name: drift, when: drift, for: 2 windows }]`,
      files,
    });
    const sender = new SimulatedSender({ profile });
    const shifted = () => service.live(1, (period) => [sender.collect(period, { rows: 1000, shift: 1 })]);
    await shifted();
    await shifted();
    expect(await service.alerts()).toMatchObject([{ state: 'pending', windows: 1 }]);

    await service.restart();
    expect(await service.alerts()).toMatchObject([{ state: 'pending', windows: 1 }]);
    await shifted();
    const [firing] = await service.alerts();
    expect(firing).toMatchObject({ state: 'firing', windows: 2, transition: 2 });

    await service.restart();
    expect(await service.alerts()).toEqual([firing]);
    await shifted();
    expect(await service.alerts()).toMatchObject([{ ...firing, windows: 3, value: expect.any(Number) }]);
    expect(service.states('x0')).toEqual(inARow(3, 'drift'));
  });

  it('remembers how many quiet windows drift has behind it', async () => {
    await using service = await SimulatedService.start({
      settings: 'models: { seeded: { reference: ./seeded.json, drift: { horizons: [window] } } }',
      files,
    });
    const sender = new SimulatedSender({ profile });
    for (const shift of [1, 0, 0, 0, 0]) {
      await service.live(1, (period) => [sender.collect(period, { rows: 1000, shift })]);
      await service.restart();
    }
    await service.silence();
    expect(service.states('x0')).toEqual([...inARow(3, 'drift'), ...inARow(2, 'ok')]);
  });

  it('between sealing and judging a window judges it, with all its rows', async () => {
    await using service = await SimulatedService.start({ settings: models, files });
    const sender = new SimulatedSender({ profile });
    await service.live(2, (period) => [sender.collect(period, { rows: 1000 })]);
    await service.stop();

    const store = await openSqlite({ path: service.path });
    const [progress] = await store.progress();
    const open = progress?.panes.find(({ isSealed }) => !isSealed);
    if (progress === undefined || open === undefined) throw new Error('the second window is not open');
    await store.seal(progress.model.key, open);
    await store.close();

    await service.restart();
    await service.service.tick();
    expect(service.windows.map(({ rows, windowStart }) => [rows, windowStart === open.start])).toEqual([
      [1000, false],
      [1000, true],
    ]);
  });

  it('repeats what the endpoint was not told, under the same ids, and nothing that it was told', async () => {
    await using vendor = new OtlpReceivingEnd();
    const endpoint = await vendor.listen();
    await using service = await SimulatedService.start({
      settings: `${models}\nrules: [{ when: drift }]\npublish: { endpoint: "http://127.0.0.1:9" }`,
      files,
    });
    const sender = new SimulatedSender({ profile });
    await service.live(3, (period) => [sender.collect(period, { rows: 1000, shift: 1 })]);
    const settings = `${models}\nrules: [{ when: drift }]\npublish: { endpoint: "${endpoint}" }`;
    await service.restart({ settings });
    await service.service.tick();
    await service.restart();
    await service.service.tick();
    const ids = vendor.logs.map(({ attributes }) => attributes['driftline.event.id']);
    expect(vendor.logs.map(({ name }) => name).toSorted()).toEqual([
      'driftline.alert.change',
      // Shifted by so much, more values than before lie out of range.
      'ml.data_quality.change',
      ...inARow(3, 'ml.drift.change'),
    ]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
