import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openSqlite } from '../../packages/collector-processor/src/store/sqlite.ts';
import { DriftlineProcess } from '../support/driftline-process.ts';
import { ledgerOf } from '../support/numbered-units.ts';
import { metricsBody, metricsRequest, sum } from '../support/otlp-requests.ts';
import { OtlpReceivingEnd } from '../support/otlp-receiving-end.ts';
import { seededRandom } from '../support/seeded-profile.ts';
import { hrTime } from '../support/simulated-sender.ts';

/** Side by side: most of it is waiting. */
describe.concurrent('a service that is killed', () => {
  it('has every row that it acknowledged in exactly one window, once', async ({ onTestFinished }) => {
    const folder = await folderWith(settings(''));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const random = seededRandom(11);
    const answers = new Map<number, 'counted' | 'late'>();
    let number = 0;
    let unanswered: readonly { readonly number: number; readonly body: Uint8Array }[] = [];
    for (let life = 0; life < 4; life += 1) {
      await using service = new DriftlineProcess(['serve'], { cwd: folder });
      const url = await service.url();
      const isLast = life === 3;
      const dies = sleep(isLast ? 2_500 : 200 + random() * 1_200).then(() =>
        service.kill(isLast ? 'SIGINT' : 'SIGKILL'),
      );
      let isAlive = true;
      while (isAlive) {
        const fresh = Array.from({ length: Math.max(0, 5 - unanswered.length) }, () => numberedUnit(number++));
        const results = await Promise.all(
          [...unanswered, ...fresh].map(async (unit) => ({ unit, answer: await send(url, unit.body) })),
        );
        for (const { unit, answer } of results) if (answer !== undefined) answers.set(unit.number, answer);
        unanswered = results.filter(({ answer }) => answer === undefined).map(({ unit }) => unit);
        isAlive = unanswered.length === 0;
        await sleep(20);
      }
      await dies;
      expect(await service.exited).toBe(isLast ? 0 : null);
    }

    const store = await openSqlite({ path: join(folder, 'state.db') });
    const [progress] = await store.progress();
    if (progress === undefined) throw new Error('nothing was stored');
    const panes = await Promise.all(progress.panes.map(({ start }) => store.readPartial(progress.model.key, start)));
    const windows = await store.results(progress.model.key, 0, Date.now() + 60_000);
    await store.close();

    const counted = new Map<number, number>();
    for (const pane of panes)
      for (const [unit, times] of ledgerOf([pane])) counted.set(unit, (counted.get(unit) ?? 0) + times);
    const acknowledged = [...answers].filter(([, answer]) => answer === 'counted').map(([unit]) => unit);
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter((unit) => counted.get(unit) !== 1)).toEqual([]);
    expect([...counted].filter(([, times]) => times !== 1)).toEqual([]);

    // Judged once each, in order, with what is in them.
    expect(windows.length).toBeGreaterThan(3);
    expect(new Set(windows.map(({ windowEnd }) => windowEnd)).size).toBe(windows.length);
    const rows = panes.map((pane) => ledgerOf([pane]).size);
    const judged = progress.panes.map(({ start }) => windows.find(({ windowStart }) => windowStart === start)?.rows);
    expect(judged.filter((found, i) => found !== undefined && found !== rows[i])).toEqual([]);
    expect(progress.panes.filter(({ isSealed }, i) => isSealed && judged[i] === undefined)).toEqual([]);
  });

  it('tells an event again under the same id, when it dies after sending it', async ({ onTestFinished }) => {
    await using vendor = new OtlpReceivingEnd();
    const endpoint = await vendor.listen();
    const folder = await folderWith(settings(endpoint));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const events = () => vendor.logs.filter(({ name }) => name === 'driftline.alert.change');
    {
      await using service = new DriftlineProcess(['serve'], { cwd: folder });
      vendor.beforeAnswer = ({ resourceLogs }) => {
        if (resourceLogs !== undefined) service.kill('SIGKILL');
      };
      const url = await service.url();
      for (let i = 0; i < 60 && events().length === 0; i += 1) {
        await send(url, missingRows());
        await sleep(100);
      }
      await service.exited;
    }
    delete vendor.beforeAnswer;
    const [first] = events();
    expect(first?.attributes).toMatchObject({ 'driftline.rule.name': 'gaps', 'driftline.alert.state': 'firing' });
    await using service = new DriftlineProcess(['serve'], { cwd: folder });
    await service.url();
    for (let i = 0; i < 60 && events().length < 2; i += 1) await sleep(100);
    const ids = events().map(({ attributes }) => attributes['driftline.event.id']);
    expect(ids).toEqual([first?.attributes['driftline.event.id'], first?.attributes['driftline.event.id']]);
  });
});

/** Windows of a second. */
const settings = (publish: string) => `
listen: { page: "127.0.0.1:0", otlp: "127.0.0.1:0" }
store: { path: ./state.db }
limits: { categories: 100000 }
publish: { endpoint: "${publish}" }
defaults: { window: { every: 1s, lateness: 1s, hold: 2s } }
rules: [{ name: gaps, when: "missing > 5%" }]
`;

async function folderWith(driftlineYaml: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'driftline-killed-'));
  await writeFile(join(folder, 'driftline.yaml'), driftlineYaml);
  return folder;
}

const model = { 'ml.model.name': 'ledger', 'ml.model.version': '1' };

/** One row in a category of its own, in a collection of its own. */
function numberedUnit(number: number): { readonly number: number; readonly body: Uint8Array } {
  const times = { start: hrTime(Date.now() - 100 - (number % 50)), end: hrTime(Date.now()) };
  const attributes = { ...model, 'ml.feature.name': 'ledger', 'ml.feature.category': String(number) };
  const point = sum([{ ...times, attributes, value: 1 }], { name: 'ml.feature.category.observations' });
  return { number, body: metricsBody('protobuf', metricsRequest([point])) };
}

function missingRows(): Uint8Array {
  const times = { start: hrTime(Date.now() - 100), end: hrTime(Date.now()) };
  const attributes = { ...model, 'ml.feature.name': 'age', 'ml.feature.observation.status': 'missing' };
  return metricsBody('protobuf', metricsRequest([sum([{ ...times, attributes, value: 100 }])]));
}

/** Undefined where there was no answer, or one that asks to come again. */
async function send(url: string, body: Uint8Array): Promise<'counted' | 'late' | undefined> {
  try {
    const response = await fetch(`${url}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: Uint8Array.from(body),
    });
    const text = await response.text();
    if (response.status !== 200) return undefined;
    return text === '' ? 'counted' : 'late';
  } catch {
    return undefined;
  }
}
