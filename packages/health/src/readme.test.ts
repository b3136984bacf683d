import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { app, health } from '../examples/service.ts';
import { freePort } from '../../../test/support/free-port.ts';
import { healthChecks } from './checks/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const example = readFileSync(new URL('../examples/service.ts', import.meta.url), 'utf8');

it('README.md shows examples/service.ts as it is', () => {
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});

it('README.md has the row of every kind of check as its registry has it', () => {
  const rows = readme.split('\n').map((line) => line.replaceAll(/\s+/g, ' '));
  for (const { type, answers, schedule } of healthChecks)
    expect(rows).toContain(
      `| \`${type}\` | ${answers} | ${schedule.everyMs / 1000} s | ${schedule.timeoutMs / 1000} s | ${schedule.affects} | ${schedule.failAfter} | ${schedule.recoverAfter} |`,
    );
});

it('the example answers for its model and misses its database', async () => {
  onTestFinished(() => health.close());
  await vi.waitFor(async () => {
    const text = await (await health.detailedRoutes.request('/readyz?verbose')).text();
    expect(text).toContain('[+]lateness ok');
    expect(text).toContain('[-]database failed: connect ECONNREFUSED 127.0.0.1:5432');
    expect(await (await app.request('/readyz')).text()).toContain('[-]database failed: reason withheld');
  });
  expect((await app.request('/livez')).status).toBe(200);
  expect((await app.request('/readyz')).status).toBe(503);
});

it('the example behind a load balancer serves, and ends by a drain', async () => {
  const port = await freePort();
  const path = fileURLToPath(new URL('../examples/load-balanced.ts', import.meta.url));
  const service = spawn(process.execPath, ['--conditions=@driftline/source', path], {
    env: { ...process.env, PORT: `${port}` },
  });
  onTestFinished(() => void service.kill('SIGKILL'));
  let said = '';
  service.stdout.on('data', (chunk) => (said += String(chunk)));
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  await vi.waitFor(async () => expect((await get('/readyz')).status).toBe(200), { timeout: 20_000, interval: 100 });
  expect((await get('/startupz')).status).toBe(200);
  expect(await (await get('/prices/2')).json()).toEqual({ price: 180_000 });
  service.kill('SIGINT');
  expect(await once(service, 'exit')).toEqual([0, null]);
  expect(said).toContain('nothing is served any more');
}, 30_000);
