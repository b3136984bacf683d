import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { app, health } from '../examples/service.ts';
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
