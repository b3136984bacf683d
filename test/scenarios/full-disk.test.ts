import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqlite } from '../../packages/collector-processor/src/store/sqlite.ts';
import { DriftlineProcess } from '../support/driftline-process.ts';
import { ledgerOf } from '../support/numbered-units.ts';
import { metricsBody, metricsRequest, sum } from '../support/otlp-requests.ts';
import { hrTime } from '../support/simulated-sender.ts';

/** `prlimit` bounds the files of a running process, as a full disk would, and lifts the bound as if somebody cleared it. */
const hasLimits = existsSync('/usr/bin/prlimit');

describe.skipIf(!hasLimits)(`a disk that is full${hasLimits ? '' : ' (skipped: there is no prlimit)'}`, () => {
  it('is 503 until there is room again; what was acknowledged is kept, what was not is taken then', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'driftline-full-disk-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(
      join(folder, 'driftline.yaml'),
      'listen: { page: "127.0.0.1:0", otlp: "127.0.0.1:0" }\nstore: { path: ./state.db }\nlimits: { categories: 100000 }',
    );
    const acknowledged: number[] = [];
    {
      await using service = new DriftlineProcess(['serve'], { cwd: folder });
      const url = await service.url();
      const room = statSync(join(folder, 'state.db-wal')).size + 1_000_000;
      execFileSync('prlimit', ['--pid', String(service.pid), `--fsize=${room}:unlimited`]);

      let number = 0;
      let answer = await post(url, number);
      for (; answer.status === 200 && number < 2_000; answer = await post(url, number)) acknowledged.push(number++);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      for (let again = 0; again < 5; again += 1) expect((await post(url, number)).status).toBe(503);
      expect((await fetch(`${url}/livez`)).status).toBe(200);
      expect((await fetch(`${url}/api/v1/models`)).status).toBe(200);
      expect(service.output).toMatch(/driftline: store: .*\(SQLITE_(FULL|IOERR)\w*\) \(said once; tried again\)/);

      execFileSync('prlimit', ['--pid', String(service.pid), '--fsize=unlimited:unlimited']);
      for (const last = number + 20; number < last; number += 1) {
        expect((await post(url, number)).status).toBe(200);
        acknowledged.push(number);
      }
      service.kill('SIGINT');
      expect(await service.exited).toBe(0);
    }
    const store = await openSqlite({ path: join(folder, 'state.db') });
    const [progress] = await store.progress();
    const panes = await Promise.all(
      (progress?.panes ?? []).map(({ start }) => store.readPartial(progress?.model.key ?? '', start)),
    );
    await store.close();
    const counted = panes.flatMap((pane) => [...ledgerOf([pane])]).toSorted(([one], [other]) => one - other);
    expect(acknowledged.length).toBeGreaterThan(40);
    expect(counted).toEqual(acknowledged.map((unit) => [unit, 1]));
  });
});

const started = Date.now();

/** The same request for the same number, whenever it is sent. */
function post(url: string, number: number): Promise<Response> {
  const point = {
    start: hrTime(started - 1_000 + number),
    end: hrTime(started + number),
    attributes: { 'ml.model.name': 'ledger', 'ml.feature.name': 'ledger', 'ml.feature.category': String(number) },
    value: 1,
  };
  const body = metricsBody('protobuf', metricsRequest([sum([point], { name: 'ml.feature.category.observations' })]));
  return fetch(`${url}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Uint8Array.from(body),
  });
}
