import { monitorModel, startDriftline } from '@driftline/instrumentation';
import type { ReferenceProfile } from '@driftline/sketches';
import { beforeAll, describe, expect, it } from 'vitest';
import { inARow } from '../support/in-a-row.ts';
import { profileOfRides, ridesOf } from '../support/rides.ts';
import { seededRandom } from '../support/seeded-profile.ts';
import { minute, SimulatedService } from '../support/simulated-service.ts';

const windowMs = 60 * minute;
const perDay = 24;
const cycleOf = (at: number) => Math.sin((2 * Math.PI * at) / (perDay * windowMs));

let profile: ReferenceProfile;
beforeAll(async () => {
  profile = await profileOfRides();
});

describe('how features go together, against what was before', { timeout: 240_000 }, () => {
  it('is quiet for as long as nothing changes, whatever the cycle, and found where it does', async () => {
    const { told } = await states('{ previous: 12h }', { quiet: 3 * perDay, changed: 3, restarts: false });
    expect(told).toEqual([...inARow(12, undefined), ...inARow(3 * perDay - 12, 'ok'), ...inARow(3, 'drift')]);
  });

  it('is the same against the same hour of earlier days, and after restarts', async () => {
    const over = { quiet: 5 * perDay, changed: 3 };
    const { told, correlations } = await states('{ seasonal: daily }', { ...over, restarts: false });
    expect(told).toEqual([...inARow(4 * perDay, undefined), ...inARow(perDay, 'ok'), ...inARow(3, 'drift')]);
    expect(correlations.at(-1)).toMatchObject({
      referenceId: 'seasonal:daily',
      calibrated: true,
      direction: expect.stringMatching(/^distance and time 0\.\d+ → -0\.\d+$/),
    });
    expect(correlations).toEqual((await states('{ seasonal: daily }', { ...over, restarts: true })).correlations);
  });

  it('is told of each of several references', async () => {
    const references = '[./rides.json, { previous: 3h }, { seasonal: daily }]';
    const { correlations } = await states(references, { quiet: 4 * perDay + 4, changed: 1, restarts: false, cycle: 0 });
    expect(correlations.at(-2)?.references?.map(({ referenceId, state }) => [referenceId, state])).toEqual([
      [profile.id, 'ok'],
      ['previous:3h', 'ok'],
      ['seasonal:daily', 'ok'],
    ]);
    expect(correlations.at(-1)?.references?.map(({ state }) => state)).toEqual(inARow(3, 'drift'));
  });
});

interface Course {
  /** Windows before the change and after it. */
  readonly quiet: number;
  readonly changed: number;
  readonly restarts: boolean;
  /** How far both features go up and down in a day, in standard deviations. */
  readonly cycle?: number;
}

async function states(reference: string, { quiet, changed, restarts, cycle = 0.5 }: Course) {
  await using service = await SimulatedService.start({
    settings: `models: { rides: { window: { every: 1h }, reference: ${reference} } }`,
    files: { 'rides.json': profile },
    windowMs,
  });
  const random = seededRandom(2);
  let at = service.now;
  const live = async (windows: number, correlation: number) => {
    await using driftline = startDriftline({ service: 'rides-api', endpoint: service.service.otlpUrl });
    const monitor = monitorModel({ profile });
    for (let i = 0; i < windows; i += 1) {
      monitor.recordColumns({ features: ridesOf(16_000, correlation, random, cycle * cycleOf(at)), at });
      await driftline.flush();
      at += windowMs;
      service.now = at;
      await service.service.tick();
    }
  };
  await live(quiet / 2, 0.7);
  if (restarts) await service.restart();
  await live(quiet / 2, 0.7);
  if (restarts) await service.restart();
  await live(changed, -0.7);
  await service.silence(3 * windowMs);
  const judged = service.windows.filter(({ rows }) => rows > 0);
  const correlations = judged.map(({ correlation }) => correlation);
  const told = correlations.map((correlation) => correlation?.state);
  return { correlations, told };
}
