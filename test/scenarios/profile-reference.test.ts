import { withProfileId } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { inARow } from '../support/in-a-row.ts';
import { seededProfile } from '../support/seeded-profile.ts';
import { SimulatedSender } from '../support/simulated-sender.ts';
import { SimulatedService } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 3 });
const files = { 'seeded.json': profile };
const settings = 'models: { seeded: { reference: ./seeded.json } }';

describe('a model with a profile', () => {
  it('is ok for as long as its rows are like the reference', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const sender = new SimulatedSender({ profile });
    await service.live(20, (period) => [sender.collect(period, { rows: 1000 })]);
    await service.silence();
    expect(service.windows.map(({ state, rows }) => ({ state, rows }))).toEqual(
      inARow(20, { state: 'ok', rows: 1000 }),
    );
  });

  it('drifts in the first window that shifted, and is ok again after three quiet windows', async () => {
    await using service = await SimulatedService.start({
      settings: 'models: { seeded: { reference: ./seeded.json, drift: { horizons: [window] } } }',
      files,
    });
    const sender = new SimulatedSender({ profile });
    const windows = (count: number, shift: number) =>
      service.live(count, (period) => [sender.collect(period, { rows: 1000, shift })]);
    await windows(3, 0);
    await windows(2, 0.5);
    await windows(2, 0);
    await windows(1, 0.5);
    // The last one is still open.
    await windows(5, 0);
    expect(service.states('x0')).toEqual([...inARow(3, 'ok'), ...inARow(7, 'drift'), ...inARow(2, 'ok')]);
    expect(service.judged('x0')[3]).toMatchObject({ direction: expect.stringContaining('higher'), threshold: 0.2 });
    expect(service.judged('x0')[3]?.size).toBeGreaterThan(0.35);
    expect(service.windows[3]?.state).toBe('drift');
  });

  it('finds in the last hour what no window of a hundred rows can show', async () => {
    expect((await shiftedBy03('window')).map((feature) => feature?.state)).not.toContain('drift');
    const withHour = await shiftedBy03('window, 1h');
    expect(withHour.slice(0, 2).map((feature) => feature?.state)).toEqual(['ok', 'ok']);
    expect(withHour.at(-1)).toMatchObject({ state: 'drift', horizon: '1h', rows: 1200 });
  });

  it('judges the hour from the second window on', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const sender = new SimulatedSender({ profile });
    await service.live(4, (period) => [sender.collect(period, { rows: 60 })]);
    expect(service.judged('x0').map((feature) => [feature?.state, feature?.horizon, feature?.rows])).toEqual([
      ['insufficient_data', 'window', 60],
      ['ok', '1h', 120],
      ['ok', '1h', 180],
    ]);
  });

  it('is ranked by the importances of its profile, unless settings give others', async () => {
    const important = withProfileId({ ...profile, importances: { x1: 0.8, x2: 0.2 } });
    const rankedBy = async (features: string) => {
      await using service = await SimulatedService.start({
        settings: `models: { seeded: { reference: ./seeded.json, features: ${features} } }`,
        files: { 'seeded.json': important },
      });
      const sender = new SimulatedSender({ profile: important });
      await service.live(2, (period) => [sender.collect(period, { rows: 1000, shift: 0.5 })]);
      return service.windows[0]?.ranking;
    };
    const byProfile = await rankedBy('{}');
    expect(byProfile?.byDrift).toEqual(['x1', 'x2', 'x0']);
    expect(byProfile?.weightedDrift).toBeGreaterThan(1);
    expect((await rankedBy('{ x0: { importance: 3 } }'))?.byDrift[0]).toBe('x0');
  });

  it('neither starts nor ends drift by windows with too few rows', async () => {
    await using service = await SimulatedService.start({
      settings: 'models: { seeded: { reference: ./seeded.json, drift: { horizons: [window] } } }',
      files,
    });
    const sender = new SimulatedSender({ profile });
    const windows = (count: number, rows: number, shift: number) =>
      service.live(count, (period) => [sender.collect(period, { rows, shift })]);
    await windows(2, 20, 3);
    await windows(1, 1000, 0.5);
    await windows(4, 20, 0);
    await windows(2, 1000, 0);
    await windows(3, 20, 0);
    await windows(2, 1000, 0);
    expect(service.states('x0')).toEqual([...inARow(2, 'insufficient_data'), ...inARow(10, 'drift'), 'ok']);
  });

  it('sees a feature that is wholly missing by its missing part, whatever reference its points name', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const sender = new SimulatedSender({ profile });
    await service.live(2, (period) => [sender.collect(period, { rows: 0, missing: 500 })]);
    expect(service.judged('x1')[0]).toMatchObject({ state: 'drift', part: 'missing', violations: { missing: 1 } });
    expect(service.log).toEqual([]);
  });
});

/** What a shift of 0.3 sd, at 100 rows a window, looks like to the horizons. */
async function shiftedBy03(horizons: string) {
  await using service = await SimulatedService.start({
    settings: `models: { seeded: { reference: ./seeded.json, drift: { horizons: [${horizons}] } } }`,
    files,
  });
  const sender = new SimulatedSender({ profile, seed: 3 });
  await service.live(13, (period) => [sender.collect(period, { rows: 100, shift: 0.3 })]);
  return service.judged('x2');
}
