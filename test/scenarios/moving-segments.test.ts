import { describe, expect, it } from 'vitest';
import { inARow } from '../support/in-a-row.ts';
import { minute, type WindowPeriod } from '../support/simulated-service.ts';
import { type Plans, SubscriberService } from '../support/subscribers.ts';

const windowMs = 60 * minute;
const perDay = 24;
const settings = (reference: string) => `
defaults: { window: { every: 1h }, reference: ${reference}, segments: [plan] }
rules: [{ name: whole, when: drift }, { name: apart, when: segments.drift }]`;

/** Business customers are one in ten, and everybody pays more in the evening. */
const plans =
  (more: number) =>
  ({ start, end }: WindowPeriod): Plans => {
    const cycle = 0.5 * Math.sin((2 * Math.PI * ((start + end) / 2)) / (perDay * windowMs));
    return { free: { share: 90, amount: cycle }, business: { share: 10, amount: cycle + more } };
  };

describe('a segment against the same hour of earlier days', { timeout: 240_000 }, () => {
  it('is quiet in its cycle, and found where it moves though the whole hardly does', async () => {
    const { states, last, alerts } = await season({ restarts: false });
    expect(states.free).toEqual([...inARow(4 * perDay, 'no_reference'), ...inARow(perDay + 4, 'ok')]);
    expect(states.business).toEqual([
      ...inARow(4 * perDay, 'no_reference'),
      ...inARow(perDay, 'ok'),
      ...inARow(4, 'drift'),
    ]);
    expect(states.whole).not.toContain('drift');
    expect(last).toMatchObject({ value: 'business', rows: 200, share: 0.1, referenceShare: 0.1 });
    expect(last?.features.find(({ name }) => name === 'amount')).toMatchObject({
      state: 'drift',
      direction: 'higher',
      referenceId: 'seasonal:daily',
      calibrated: true,
    });
    expect(last?.features.find(({ name }) => name === 'age')?.state).toBe('ok');
    expect(alerts).toEqual(['apart']);
  });

  it('is the same after restarts in the middle of its slots', async () => {
    expect(await season({ restarts: true })).toEqual(await season({ restarts: false }));
  });
});

describe('a segment against the period before', { timeout: 120_000 }, () => {
  it('is found where it moves, and is what was before when the period is over', async () => {
    await using bills = await SubscriberService.start({ settings: settings('{ previous: 6h }'), windowMs });
    const flat = (amount: number): Plans => ({ free: { share: 90, amount: 0 }, business: { share: 10, amount } });
    await bills.live(13, 1200, flat(0));
    await bills.live(14, 1200, flat(0.8));
    const states = bills.service.windows.map((_, at) => bills.segment(at, 'business')?.state);
    expect(states.slice(0, 6)).toEqual(inARow(6, 'no_reference'));
    expect(states.slice(6, 13)).toEqual(inARow(7, 'ok'));
    expect(states.slice(13, 16)).toEqual(inARow(3, 'drift'));
    expect(states.slice(-3)).toEqual(inARow(3, 'ok'));
    expect(bills.segment(0, 'business')?.reason).toBe('the reference is still being learnt');
  });
});

async function season({ restarts }: { readonly restarts: boolean }) {
  await using bills = await SubscriberService.start({ settings: settings('{ seasonal: daily }'), windowMs });
  const live = async (windows: number, more: number) => {
    await bills.live(windows, 2000, plans(more));
    if (restarts) await bills.restart();
  };
  await live(2.5 * perDay, 0);
  await live(2.5 * perDay, 0);
  await live(5, 0.8);
  const statesOf = (value: string) => bills.service.windows.map((_, at) => bills.segment(at, value)?.state);
  return {
    states: { whole: bills.service.states('amount'), free: statesOf('free'), business: statesOf('business') },
    sizes: bills.service.windows.map((_, at) =>
      bills.segment(at, 'business')?.features.map(({ size }) => size.toFixed(9)),
    ),
    last: bills.segment(-1, 'business'),
    alerts: (await bills.service.alerts()).map(({ rule }) => rule),
  };
}
