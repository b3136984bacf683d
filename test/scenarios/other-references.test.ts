import { withProfileId } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { seededProfile } from '../support/seeded-profile.ts';
import { SimulatedSender } from '../support/simulated-sender.ts';
import { SimulatedService } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 2 });
const { id: _id, ...content } = profile;
/** The same model, trained again: other edges, another id. */
const older = withProfileId({
  ...content,
  features: { x0: content.features['x1']!, x1: content.features['x0']! },
});
const files = { 'seeded.json': profile, 'older.json': older };
const settings = 'models: { seeded: { reference: ./seeded.json } }';
const settingsWithOlder = 'models: { seeded: { reference: ./seeded.json, references: [./older.json] } }';

describe('a sender with another profile than the service', () => {
  it('has no reference, and somebody is told once what to do', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const sender = new SimulatedSender({ profile: older });
    await service.live(4, (period) => [sender.collect(period, { rows: 1000, shift: 2 })]);
    expect(service.windows.map(({ state, rows }) => [state, rows])).toEqual([
      ['no_reference', 1000],
      ['no_reference', 1000],
      ['no_reference', 1000],
    ]);
    expect(service.log).toEqual([
      `profile ${service.folder}/seeded.json is for "seeded" 1 (${profile.id}), the service sends ${older.id}. ` +
        'Drift is paused for these rows (no_reference). Deploy both together, or list the old profile under ' +
        'models.seeded.references.',
    ]);
  });

  it('is named even while others have the right one, which are judged', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const old = new SimulatedSender({ profile: older, instance: 'i-old' });
    const current = new SimulatedSender({ profile, instance: 'i-new', seed: 2 });
    await service.live(2, (period) => [
      old.collect(period, { rows: 5000, shift: 2 }),
      current.collect(period, { rows: 1000 }),
    ]);
    expect(service.judged('x0')[0]).toMatchObject({ state: 'ok', rows: 1000, referenceId: profile.id });
    expect(service.log).toEqual([expect.stringContaining(`the service sends ${older.id}`)]);
  });

  it('is judged by its own, once that is listed beside the current one', async () => {
    await using service = await SimulatedService.start({ settings: settingsWithOlder, files });
    const old = new SimulatedSender({ profile: older, instance: 'i-old' });
    const current = new SimulatedSender({ profile, instance: 'i-new', seed: 2 });
    const both = (oldShift: number, newShift: number) =>
      service.live(1, (period) => [
        old.collect(period, { rows: 1000, shift: oldShift }),
        current.collect(period, { rows: 2000, shift: newShift }),
      ]);
    await both(0, 0);
    await both(1, 0);
    await both(0, 0);
    expect(service.judged('x0')).toMatchObject([
      { state: 'ok', referenceId: profile.id, rows: 2000 },
      { state: 'drift', referenceId: older.id, rows: 1000 },
    ]);
    expect(service.log).toEqual([]);
  });

  it('or without any has no reference; its edges are not those of the profile', async () => {
    await using service = await SimulatedService.start({ settings, files });
    const sender = new SimulatedSender({ profile, hasProfile: false });
    await service.live(2, (period) => [sender.collect(period, { rows: 1000 })]);
    expect(service.states('x0')).toEqual(['no_reference']);
    expect(service.log).toEqual([expect.stringContaining('the service sends no reference. Drift is paused')]);
  });
});
