import { buildProfile } from '@driftline/collector-processor/profile';
import { monitorModel, type ModelMonitor, startDriftline } from '@driftline/instrumentation';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeOtlpProtobuf } from '../support/otlp-protobuf.ts';
import { logRecordsIn, plainAttributes } from '../support/otlp-series.ts';
import { RecordingServer } from '../support/recording-server.ts';
import { seededRandom } from '../support/seeded-profile.ts';
import { minute, SimulatedService, windowMs } from '../support/simulated-service.ts';

const order = ['none', 'mild', 'moderate', 'severe', 'worst'];
const usual = [0.2, 0.4, 0.7, 0.9];
/** About 0.35 sd up. */
const worse = [0.117, 0.273, 0.569, 0.824];

let folder: string;
let profile: Awaited<ReturnType<typeof buildProfile>>['profile'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-ordinal-'));
  const random = seededRandom(11);
  const path = join(folder, 'patients.csv');
  await writeFile(path, `pain\n${Array.from({ length: 10_000 }, () => painOf(random, usual)).join('\n')}\n`);
  ({ profile } = await buildProfile({ path, model: { name: 'triage', version: '1' }, ordinal: { pain: order } }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `cumulative` shares of all but the last word. */
function painOf(random: () => number, cumulative: readonly number[]): string {
  const u = random();
  return order[cumulative.filter((share) => share < u).length] ?? 'none';
}

type Triage = Pick<ModelMonitor<{ pain: string }>, 'record'>;

/** Windows of the real application and the real service: each has rows of the given shares, or of another word. */
async function windowsOf(
  monitor: Triage,
  settings: string,
  windows: readonly { readonly shares: readonly number[]; readonly other?: string }[],
) {
  await using vendor = await RecordingServer.listen();
  await using service = await SimulatedService.start({
    settings: `${settings}\npublish: { endpoint: "${vendor.url}" }`,
    files: { 'triage.profile.json': profile },
  });
  await using driftline = startDriftline({ service: 'ward', endpoint: service.service.otlpUrl });
  const random = seededRandom(3);
  const start = service.now;
  for (const [window, { shares, other }] of windows.entries()) {
    for (let row = 0; row < 600; row += 1) {
      const pain = other !== undefined && row % 25 === 0 ? other : painOf(random, shares);
      monitor.record({ features: { pain }, at: start + window * windowMs + (row % 5) * minute });
    }
    await driftline.flush();
    service.now += windowMs;
    await service.service.tick();
  }
  await service.silence();
  await service.stop();
  const events = vendor.requests
    .filter(({ path }) => path === '/v1/logs')
    .flatMap(({ path, body }) => logRecordsIn(decodeOtlpProtobuf(path, body)))
    .map(({ attributes }) => plainAttributes(attributes));
  return { judged: service.judged('pain'), events };
}

describe('an ordinal feature, from the application to the verdict', () => {
  it('is judged by its order, which the profile holds, and drifts upwards', async () => {
    const { judged, events } = await windowsOf(
      monitorModel({ profile }),
      'models: { triage: { reference: ./triage.profile.json, drift: { horizons: [window] } } }',
      [{ shares: usual }, { shares: worse }, { shares: usual, other: 'unbearable' }],
    );
    const [before, higher, unseen] = judged;
    expect(before).toMatchObject({ state: 'ok', judgedBy: { summary: '5 ordered categories' } });
    expect(before?.scores).toHaveProperty('kolmogorov-smirnov');
    expect(higher).toMatchObject({ state: 'drift', part: 'distribution' });
    expect(higher?.direction).toMatch(/^higher, category "\w+" (more|less) frequent$/);
    // A word that the order does not know is not lost: it is told by name of what it is counted under.
    expect(unseen).toMatchObject({ state: 'drift', direction: 'category "_unseen" more frequent' });
    expect(events).toContainEqual(
      expect.objectContaining({ 'ml.drift.state': 'drift', 'ml.drift.direction': higher?.direction }),
    );
  });

  it('is judged by the order that settings declare where no profile does', async () => {
    const settings = (features: string) =>
      `models: { ward: { reference: { capture: { rows: 1500 } }, ${features} drift: { horizons: [window] } } }`;
    const windows = [...Array.from({ length: 4 }, () => ({ shares: usual })), { shares: worse }];
    const monitor = () => monitorModel({ name: 'ward', version: '1', features: { pain: order } });
    const declared = `features: { pain: { order: [${order.join(', ')}] } },`;
    const ordinal = (await windowsOf(monitor(), settings(declared), windows)).judged;
    const categorical = (await windowsOf(monitor(), settings(''), windows)).judged;
    expect(ordinal.map((feature) => feature?.state)).toEqual([
      'no_reference',
      'no_reference',
      'no_reference',
      'ok',
      'drift',
    ]);
    expect(ordinal.at(-1)?.direction).toMatch(/^higher/);
    expect(ordinal.at(-1)?.judgedBy?.summary).toBe('5 ordered categories');
    expect(categorical.at(-1)?.judgedBy?.summary).toBe('5 categories');
    expect(ordinal.at(-1)?.p).toBeLessThan(categorical.at(-1)?.p ?? 0);
  });
});
