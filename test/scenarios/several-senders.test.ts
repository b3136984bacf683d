import { describe, expect, it } from 'vitest';
import { inARow } from '../support/in-a-row.ts';
import { seededProfile } from '../support/seeded-profile.ts';
import { SimulatedSender } from '../support/simulated-sender.ts';
import { minute, SimulatedService, windowMs } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 2 });
const files = { 'seeded.json': profile };
const settings = 'models: { seeded: { reference: ./seeded.json } }';

describe('several senders of one model', () => {
  it('are one distribution, whether they count up or send differences', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const delta = new SimulatedSender({ profile, instance: 'i-1', seed: 1 });
    const cumulative = new SimulatedSender({ profile, instance: 'i-2', seed: 2, temporality: 'cumulative' });
    await service.live(5, (period) => [
      delta.collect(period, { rows: 400 }),
      cumulative.collect(period, { rows: 600 }),
    ]);
    expect(service.windows.map(({ rows, state }) => [rows, state])).toEqual(inARow(4, [1000, 'ok']));
    expect(service.judged('x0').map((feature) => feature?.rows)).toEqual(inARow(4, 1000));
  });

  it('drift together when one of them does', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const senders = [1, 2].map((seed) => new SimulatedSender({ profile, instance: `i-${seed}`, seed }));
    await service.live(2, (period) =>
      senders.map((sender, i) => sender.collect(period, { rows: 1000, shift: i === 0 ? 0 : 1 })),
    );
    expect(service.judged('x0')[0]).toMatchObject({ state: 'drift', rows: 2000 });
  });

  it('that count up go on through restarts, theirs and ours', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const sender = new SimulatedSender({ profile, temporality: 'cumulative' });
    for (let window = 0; window < 16; window += 1) {
      if (window === 6) sender.reset();
      if (window % 3 === 0) await service.restart();
      await service.live(1, (period) => [sender.collect(period, { rows: 500 })]);
    }
    expect(service.windows.map(({ rows }) => rows)).toEqual(inARow(15, 500));
  });

  it('that count up and were silent for hours have not counted everything anew', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const sender = new SimulatedSender({ profile, temporality: 'cumulative' });
    await service.live(3, (period) => [sender.collect(period, { rows: 500 })]);
    await service.silence(180 * minute);
    await service.live(2, (period) => [sender.collect(period, { rows: 500 })]);
    expect(service.windows.map(({ rows }) => rows)).toEqual(inARow(4, 500));
  });

  it('hold a window until the slowest one has passed it', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const fast = new SimulatedSender({ profile, instance: 'fast' });
    const slow = new SimulatedSender({ profile, instance: 'slow', seed: 2 });
    const start = service.now;
    await service.live(1, (period) => [fast.collect(period, { rows: 500 }), slow.collect(period, { rows: 500 })]);
    await service.live(1, (period) => [fast.collect(period, { rows: 500 })]);
    expect(service.windows).toHaveLength(0);
    const answer = await service.send(
      slow.collect({ start: start + windowMs, end: start + 2 * windowMs }, { rows: 500 }),
    );
    expect(answer).toMatchObject({ status: 200, text: '' });
    await service.service.tick();
    expect(service.windows.map(({ rows }) => rows)).toEqual([1000]);
  });
});
