import { withProfileId } from '@driftline/sketches';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { seededProfile } from '../support/seeded-profile.ts';
import { SimulatedSender } from '../support/simulated-sender.ts';
import { minute, SimulatedService } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 2 });
const files = { 'profile.json': profile };
const hour = 12;

describe('the period before', { timeout: 180_000 }, () => {
  it('is what windows are compared with once it is whole; a change is drift until it is the period', async () => {
    expect(await statesOver({ restarts: false })).toMatchObject({
      before: 'no_reference',
      quiet: 'ok',
      shifted: 'drift',
      after: 'ok',
    });
  });

  it('is the same after restarts in the middle of its slots', async () => {
    expect(await statesOver({ restarts: true })).toEqual(await statesOver({ restarts: false }));
  });

  it('has bins of the profile, for senders that count on its edges', async () => {
    await using service = await SimulatedService.start({
      settings: 'models: { seeded: { reference: [./profile.json, { previous: 1h }] } }',
      files,
    });
    const sender = new SimulatedSender({ profile });
    await service.live(3 * hour, (period) => [sender.collect(period, { rows: 500 })]);
    expect(service.judged('x0').at(-1)?.references).toMatchObject([
      { reference: 'profile', referenceId: profile.id, state: 'ok' },
      { reference: 'previous', referenceId: 'previous:1h', state: 'ok' },
    ]);
    // Half of the budget each: a little more of a change is needed than against one of them.
    expect(service.log).toEqual([
      'model seeded, reference previous (previous:1h): no results yet, it needs 1h before the window',
    ]);
  });

  it('begins anew when the settings name another one, and leaves nothing behind', async () => {
    await using service = await SimulatedService.start({ settings: previous('1h') });
    const sender = new SimulatedSender({ profile, hasProfile: false });
    const live = (windows: number) => service.live(windows, (period) => [sender.collect(period, { rows: 300 })]);
    await live(3 * hour);
    expect(service.states('x0').at(-1)).toBe('ok');
    await service.restart({ settings: previous('30m') });
    await live(1);
    expect(service.states('x0').at(-1)).toBe('no_reference');
    await live(3 * hour);
    expect(service.judged('x0').at(-1)).toMatchObject({ state: 'ok', referenceId: 'previous:30m' });
    await service.stop();
    const database = new SqliteDatabase(service.path);
    const keys = database.prepare<[], string>('SELECT key FROM reference ORDER BY key').pluck().all();
    expect(keys.filter((key) => !key.startsWith('previous:30m@'))).toEqual([]);
    database.close();
  });

  it('is none where the clock went on without rows, and is whole again an hour later', async () => {
    await using service = await SimulatedService.start({ settings: previous('1h') });
    const sender = new SimulatedSender({ profile, hasProfile: false });
    const live = (windows: number) => service.live(windows, (period) => [sender.collect(period, { rows: 300 })]);
    await live(3 * hour);
    await service.silence(30 * 24 * 60 * minute);
    await live(2);
    expect(service.windows.at(-1)?.references).toMatchObject([{ findings: [{ finding: 'learning' }] }]);
    expect(service.states('x0').at(-1)).toBe('no_reference');
    await live(3 * hour);
    expect(service.states('x0').at(-1)).toBe('ok');
  });
});

describe('a reference that does not fit its traffic', () => {
  it('is named with what does not fit, in every window and once in the log', async () => {
    const { id: _id, ...content } = profile;
    const [x0, x1] = [profile.features['x0']!, profile.features['x1']!];
    const known = withProfileId({
      ...content,
      createdAt: '2026-01-01T00:00:00Z',
      features: { x0, x2: x1, x1: { kind: 'categorical', categories: { a: 1000, b: 1000 }, missing: 0 } },
    });
    await using service = await SimulatedService.start({
      settings: 'models: { seeded: { reference: ./known.json, max_reference_age: 90d } }',
      files: { 'known.json': known },
    });
    // Counted against the known one by its id, with a feature more and one of another kind.
    const sent = { ...known, features: { x0, x1, x3: x1 } };
    const sender = new SimulatedSender({ profile: sent });
    await service.live(4, (period) => [sender.collect(period, { rows: 300 })]);
    const [reference] = service.windows.at(-1)?.references ?? [];
    expect(reference).toMatchObject({ name: 'profile', id: known.id, rows: 2000 });
    expect(reference?.findings.map(({ finding, features }) => [finding, features])).toEqual([
      ['missing_in_reference', ['x3']],
      ['kind_changed', ['x1']],
      ['missing_in_traffic', ['x2']],
      ['too_old', []],
    ]);
    expect(service.judged('x1').at(-1)?.state).toBe('no_reference');
    expect(service.log).toHaveLength(4);
    expect(service.log[0]).toContain('features that it does not know are not judged; build or capture a new one: "x3"');
  });
});

function previous(period: string): string {
  return `defaults: { reference: { previous: ${period} } }`;
}

async function statesOver({ restarts }: { readonly restarts: boolean }) {
  await using service = await SimulatedService.start({ settings: previous('1h') });
  const sender = new SimulatedSender({ profile, hasProfile: false });
  const live = async (windows: number, shift: number) => {
    await service.live(windows, (period) => [sender.collect(period, { rows: 300, shift })]);
    if (restarts) await service.restart();
    return service.states('x0').at(-1);
  };
  const before = await live(hour + 6, 0);
  const quiet = await live(hour + 7, 0);
  const shifted = await live(5, 0.8);
  const after = await live(4 * hour, 0.8);
  const sizes = service.judged('x0').map((feature) => feature?.size.toFixed(9));
  return { before, quiet, shifted, after, sizes };
}
