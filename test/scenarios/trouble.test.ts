import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { inARow } from '../support/in-a-row.ts';
import { OtlpReceivingEnd } from '../support/otlp-receiving-end.ts';
import { seededProfile } from '../support/seeded-profile.ts';
import { SimulatedSender } from '../support/simulated-sender.ts';
import { minute, SimulatedService } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 1 });
const senderOf = (name: string) => new SimulatedSender({ profile: { ...profile, model: { name, version: '1' } } });

describe('a window whose stored rows are damaged', () => {
  it('is skipped, told and counted; the next ones and other models are judged as ever', async () => {
    await using vendor = new OtlpReceivingEnd();
    await using service = await SimulatedService.start({
      settings: `publish: { endpoint: "${await vendor.listen()}" }`,
    });
    const [damaged, sound] = [senderOf('damaged'), senderOf('sound')];
    const windows = (count: number) =>
      service.live(count, (period) => [damaged.collect(period, { rows: 100 }), sound.collect(period, { rows: 100 })]);
    await windows(2);
    await service.stop();
    const database = new SqliteDatabase(service.path);
    database
      .prepare(
        `UPDATE pane_state SET state = x'ff' WHERE pane = (SELECT max(start) FROM pane)
         AND model = (SELECT id FROM model WHERE json_extract(identity, '$.name') = 'damaged')`,
      )
      .run();
    database.close();
    await service.restart();
    service.now += 2 * minute;
    await service.live(1, (period) => [sound.collect(period, { rows: 100 })]);
    for (let i = 0; i < 20; i += 1) {
      service.now += minute;
      await service.service.tick();
    }
    await windows(3);
    const judged = (name: string) => service.windows.filter(({ model }) => model.name === name).map(({ rows }) => rows);
    expect(judged('sound')).toEqual(inARow(5, 100));
    expect(judged('damaged')).toEqual(inARow(3, 100));
    expect(service.log.filter((line) => line.includes('is skipped'))).toEqual([
      expect.stringMatching(
        /^model damaged: the window from 2026-11-20T08:05:00\.000Z cannot be judged, and is skipped: /,
      ),
    ]);
    const failed = vendor.metrics.filter(({ name }) => name === 'driftline.evaluation.failed').at(-1);
    expect(failed).toMatchObject({ value: 1, attributes: { 'ml.model.name': 'damaged' } });
  });
});

describe('silence', () => {
  it('is none while rows come, however long a window is', async () => {
    await using service = await SimulatedService.start({
      settings: `${silentAfterHalfAnHour('2h')}\nmodels: { seeded: { reference: ./seeded.json } }`,
      files: { 'seeded.json': profile },
    });
    const sender = senderOf('seeded');
    await service.live(60, (period) => [sender.collect(period, { rows: 100 })]);
    expect(service.windows.length).toBeGreaterThan(0);
    expect(await service.alerts()).toEqual([]);
  });

  it('fires after as long as was asked for, and ends with the next row', async () => {
    await using service = await SimulatedService.start({ settings: silentAfterHalfAnHour('5m') });
    const sender = senderOf('shy');
    await service.live(2, (period) => [sender.collect(period, { rows: 100 })]);
    await service.silence(29 * minute);
    expect(await service.alerts()).toEqual([]);
    await service.silence(2 * minute);
    expect(await service.alerts()).toMatchObject([{ rule: 'silent', state: 'firing' }]);
    await service.live(1, (period) => [sender.collect(period, { rows: 100 })]);
    expect(await service.alerts()).toMatchObject([{ rule: 'silent', state: 'resolved' }]);
  });

  it('ends when the model is forgotten, and begins anew if it comes back', async () => {
    await using service = await SimulatedService.start({ settings: silentAfterHalfAnHour('5m') });
    const sender = senderOf('retired');
    await service.live(2, (period) => [sender.collect(period, { rows: 100 })]);
    await service.silence(60 * minute);
    expect(await service.alerts()).toMatchObject([{ state: 'firing' }]);
    await service.silence(91 * 24 * 60 * minute);
    expect(await service.models()).toEqual([]);
    expect(await service.alerts()).toEqual([]);
    await service.live(3, (period) => [sender.collect(period, { rows: 100 })]);
    expect(service.windows.slice(2).map(({ rows }) => rows)).toEqual([100, 100]);
    expect(await service.models()).toMatchObject([{ name: 'retired' }]);
  });
});

const silentAfterHalfAnHour = (every: string) => `
defaults: { window: { every: ${every} } }
rules: [{ name: silent, when: no_data, for: 30m }]
`;
