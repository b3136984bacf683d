import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReferenceProfile } from '@driftline/sketches';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProfile } from '../../packages/collector-processor/src/reference/build-profile.ts';
import { seededRandom } from '../support/seeded-profile.ts';
import { csvOf, type Plans, subscribers, SubscriberService } from '../support/subscribers.ts';

/** Half of the customers pay little, the others much. */
const training: Plans = { free: { share: 50, amount: -1 }, business: { share: 50, amount: 1 } };
/** Each plan pays more than it did, and there are fewer business customers: together they pay as before, */
const unseen: Plans = { free: { share: 64, amount: -0.7 }, business: { share: 36, amount: 1.3 } };
/** or even less. */
const opposite: Plans = { free: { share: 80, amount: -0.7 }, business: { share: 20, amount: 1.3 } };
/** Nobody pays anything else than before, and only the mix is another. */
const mix: Plans = { free: { share: 70, amount: -1 }, business: { share: 30, amount: 1 } };

const settings = `
models: { bills: { reference: ./bills.json, segments: [plan] } }
rules:
  - { name: whole, when: drift }
  - { name: apart, when: segments.drift }`;

let folder: string;
let profile: ReferenceProfile;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-segments-'));
  const path = join(folder, 'training.csv');
  await writeFile(path, csvOf(subscribers(20_000, training, seededRandom(3))));
  const model = { name: 'bills', version: '1' };
  ({ profile } = await buildProfile({ path, model, exclude: ['plan'], segments: ['plan'] }));
});
afterAll(() => rm(folder, { recursive: true }));

const start = () => SubscriberService.start({ settings, files: { 'bills.json': profile } }, profile);

describe("Simpson's paradox", { timeout: 60_000 }, () => {
  it('is seen by segments alone: each moved up, and the whole stands still', async () => {
    await using bills = await start();
    await bills.live(3, 3000, training);
    await bills.live(3, 3000, unseen);
    expect(bills.service.windows[1]).toMatchObject({ state: 'ok', segments: [{ state: 'ok' }, { state: 'ok' }] });
    expect(bills.service.judged('amount')[4]).toMatchObject({ state: 'ok' });
    expectBothHigher(bills);
    const alerts = await bills.service.alerts();
    expect(alerts).toMatchObject([{ rule: 'apart', state: 'firing', feature: 'amount', direction: 'higher' }]);
    expect(alerts[0]?.segments?.map(({ value }) => value).toSorted()).toEqual(['business', 'free']);
    expect(alerts[0]?.segments).toContainEqual(alerts[0]?.segment);
  });

  it('may look the other way: each moved up, and the whole down', async () => {
    await using bills = await start();
    await bills.live(2, 3000, training);
    await bills.live(3, 3000, opposite);
    const whole = bills.service.judged('amount')[3];
    expect(whole).toMatchObject({ state: 'drift', direction: expect.stringContaining('lower') });
    expectBothHigher(bills, 3);
  });

  it('has a reverse: the mix is another, the whole moved, and no segment did', async () => {
    await using bills = await start();
    await bills.live(2, 3000, training);
    await bills.live(3, 3000, mix);
    expect(bills.service.judged('amount')[3]).toMatchObject({ state: 'drift' });
    expect(bills.segments(3)).toMatchObject([
      { value: 'free', rows: 2100, share: 0.7, referenceShare: 0.5, state: 'ok' },
      { value: 'business', rows: 900, share: 0.3, referenceShare: 0.5, state: 'ok' },
    ]);
    const rules = (await bills.service.alerts()).map(({ rule }) => rule);
    expect(rules).toEqual(['whole']);
  });
});

function expectBothHigher(bills: SubscriberService, window = 4): void {
  for (const plan of ['free', 'business']) {
    const features = bills.segment(window, plan)?.features ?? [];
    expect(features.map(({ name, state }) => [name, state])).toEqual([
      ['age', 'ok'],
      ['amount', 'drift'],
    ]);
    expect(features[1]?.direction).toContain('higher');
  }
}
