import { describe, expect, it } from 'vitest';
import { seededProfile } from '../support/seeded-profile.ts';
import { SimulatedSender } from '../support/simulated-sender.ts';
import { minute, SimulatedService, type WindowPeriod } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 1 });
const windowMs = 60 * minute;
const day = 24 * 60 * minute;
const perDay = day / windowMs;
const window = 'window: { every: 1h }';

/** A daily cycle of 0.5 standard deviations, in a model that nothing is wrong with. */
const cycle = ({ start, end }: WindowPeriod) => 0.5 * Math.sin((2 * Math.PI * ((start + end) / 2)) / day);

describe('a daily cycle', { timeout: 240_000 }, () => {
  it('is quiet against the same hour of earlier days, and loud against the day before', async () => {
    await using service = await SimulatedService.start({
      settings: `defaults: { ${window}, reference: [{ seasonal: daily }, { previous: 1d }] }`,
      windowMs,
    });
    const sender = new SimulatedSender({ profile, hasProfile: false });
    const days = (count: number, shift: number) =>
      service.live(count * perDay, (period) => [sender.collect(period, { rows: 800, shift: cycle(period) + shift })]);
    await days(5, 0);
    await service.restart();
    await days(4, 0);
    await days(1 / 6, 0.5);

    const verdicts = (name: string) =>
      service.judged('x0').map((feature) => feature?.references?.find(({ reference }) => reference === name));
    const seasonal = verdicts('seasonal');
    const [learning, judged, shifted] = [
      seasonal.slice(0, 4 * perDay),
      seasonal.slice(4 * perDay, 9 * perDay),
      seasonal.slice(9 * perDay),
    ];
    expect(new Set(learning.map((verdict) => verdict?.state))).toEqual(new Set(['no_reference']));
    expect(new Set(judged.map((verdict) => verdict?.state))).toEqual(new Set(['ok']));
    expect(new Set(judged.map((verdict) => verdict?.calibrated))).toEqual(new Set([true]));
    expect(new Set(shifted.map((verdict) => verdict?.state))).toEqual(new Set(['drift']));
    expect(shifted[0]).toMatchObject({ direction: 'higher', referenceId: 'seasonal:daily' });
    expect(shifted[0]?.size).toBeGreaterThan(0.4);

    const previous = verdicts('previous').slice(2 * perDay, 9 * perDay);
    const loud = previous.filter((verdict) => verdict?.state === 'drift').length;
    expect(loud / previous.length).toBeGreaterThan(0.5);
    // Said once by each of the two starts.
    expect([...new Set(service.log)]).toEqual([
      'model seeded, reference seasonal (seasonal:daily): no results yet, it needs the same time of 4 earlier periods',
      'model seeded, reference previous (previous:1d): no results yet, it needs 1d before the window',
      'model seeded, reference previous (previous:1d): rows that were judged drift are part of it now: "x0"',
    ]);
  });
});
