import { buildProfile } from '@driftline/collector-processor/profile';
import { monitorModel, rowAnomalies, startDriftline } from '@driftline/instrumentation';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../support/seeded-profile.ts';
import { minute, SimulatedService, windowMs } from '../support/simulated-service.ts';

let folder: string;
let profile: Awaited<ReturnType<typeof buildProfile>>['profile'];

/** How hard a machine works and how hot it is; torn, one says nothing of the other. */
function machine(random: () => number, isTorn = false) {
  const [load, heat] = [normal(random), normal(random)];
  return { load: 50 + 10 * load, heat: 60 + 8 * (isTorn ? heat : 0.95 * load + Math.sqrt(1 - 0.95 ** 2) * heat) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-anomaly-'));
  const random = seededRandom(2);
  const lines = Array.from({ length: 5000 }, () => Object.values(machine(random)).join(','));
  const path = join(folder, 'machines.csv');
  await writeFile(path, `load,heat\n${lines.join('\n')}\n`);
  ({ profile } = await buildProfile({ path, model: { name: 'pump', version: '1' }, anomalyScores: true }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the anomaly scores of live rows', () => {
  it('are judged by those of the profile from the first window on, and see what no feature shows', async () => {
    await using service = await SimulatedService.start({
      settings: 'models: { pump: { reference: ./pump.profile.json, drift: { horizons: [window] } } }',
      files: { 'pump.profile.json': profile },
    });
    await using driftline = startDriftline({ service: 'plant', endpoint: service.service.otlpUrl });
    const monitor = monitorModel({ profile, anomalies: rowAnomalies });
    const random = seededRandom(4);
    const start = service.now;
    for (const [window, isTorn] of [false, false, true].entries()) {
      for (let row = 0; row < 500; row += 1) {
        monitor.record({ features: machine(random, isTorn), at: start + window * windowMs + (row % 5) * minute });
      }
      await driftline.flush();
      service.now += windowMs;
      await service.service.tick();
    }
    await service.silence();
    expect(service.states('anomaly_score')).toEqual(['ok', 'ok', 'drift']);
    expect(service.judged('anomaly_score').at(-1)).toMatchObject({
      role: 'output',
      direction: expect.stringMatching(/^higher/),
    });
    expect([...service.states('load'), ...service.states('heat')]).not.toContain('drift');
  });
});
