import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DriftlineProcess } from '../support/driftline-process.ts';
import { metricsBody } from '../support/otlp-requests.ts';
import { seededProfile } from '../support/seeded-profile.ts';
import { SimulatedSender } from '../support/simulated-sender.ts';
import { SimulatedService, windowMs } from '../support/simulated-service.ts';

const profile = seededProfile({ numericFeatures: 2 });

/** Side by side: most of it is waiting. */
describe.concurrent('a shutdown', () => {
  it('says that it is not ready, then answers what is under way, then is gone', async () => {
    await using service = await SimulatedService.start();
    const { url } = service.service;
    const sender = new SimulatedSender({ profile });
    const start = service.now;
    service.now += windowMs;
    const body = metricsBody('protobuf', sender.collect({ start, end: service.now }, { rows: 1000 }));
    expect((await fetch(`${url}/readyz`)).status).toBe(200);

    const half = sendSlowly(`${url}/v1/metrics`, body);
    await half.isHalfSent;
    const closed = service.service.close({ drainMs: 300 });
    const readiness = await fetch(`${url}/readyz`);
    expect(readiness.status).toBe(503);
    expect(await readiness.text()).toContain('the service is shutting down');
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    await sleep(500);
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
    half.finish();
    expect(await half.status).toBe(200);
    const answeredAt = performance.now();
    await closed;
    expect(performance.now() - answeredAt).toBeLessThan(2_000);

    await service.restart();
    await service.silence();
    expect(service.windows).toMatchObject([{ rows: 1000 }]);
  });

  it('does not wait for connections that nobody uses', async () => {
    await using service = await SimulatedService.start();
    for (let i = 0; i < 3; i += 1) await (await fetch(`${service.service.url}/livez`)).text();
    const before = performance.now();
    await service.stop();
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('does not wait for a request that never ends, once it was told to come again', async () => {
    await using service = await SimulatedService.start();
    const half = sendSlowly(`${service.service.url}/v1/metrics`, new Uint8Array(1_000));
    await half.isHalfSent;
    const stopped = service.stop();
    expect(await half.status).toBe(503);
    await stopped;
  });

  it('judges what is due before it ends', async () => {
    await using service = await SimulatedService.start();
    const sender = new SimulatedSender({ profile });
    const start = service.now;
    service.now += 2 * windowMs;
    for (const period of [0, 1])
      await service.send(
        sender.collect({ start: start + period * windowMs, end: start + (period + 1) * windowMs }, { rows: 1000 }),
      );
    await service.stop();
    expect(service.windows).toMatchObject([{ rows: 1000, windowStart: start }]);
  });

  it('of the process, by SIGTERM, is the same: it ends by itself, with 0', async ({ onTestFinished }) => {
    const folder = await mkdtemp(join(tmpdir(), 'driftline-shutdown-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'driftline.yaml'), 'listen: { page: "127.0.0.1:0", otlp: "127.0.0.1:0" }');
    await using service = new DriftlineProcess(['serve'], { cwd: folder });
    const url = await service.url();
    const sender = new SimulatedSender({ profile });
    const now = Date.now();
    const body = metricsBody('protobuf', sender.collect({ start: now - 1000, end: now }, { rows: 1000 }));
    const half = sendSlowly(`${url}/v1/metrics`, body);
    await half.isHalfSent;
    service.kill('SIGTERM');
    for (let i = 0; i < 50 && (await fetch(`${url}/readyz`)).status !== 503; i += 1) await sleep(20);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    half.finish();
    expect(await half.status).toBe(200);
    expect(await service.exited).toBe(0);
    expect(service.output).toContain('SIGTERM, finishing what was accepted');
  });
});

/** The first half of a request, and the second when told to. */
function sendSlowly(url: string, body: Uint8Array) {
  const middle = Math.floor(body.length / 2);
  const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length };
  const outgoing = request(url, { method: 'POST', headers });
  const status = new Promise<number | undefined>((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
  });
  const isHalfSent = new Promise<void>((resolve) => outgoing.write(body.subarray(0, middle), () => resolve()));
  return { isHalfSent, status, finish: () => void outgoing.end(body.subarray(middle)) };
}
