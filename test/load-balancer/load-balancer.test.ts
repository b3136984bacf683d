import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drainDefaults } from '@driftline/health';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { type Availability, obtain } from '../components/component.ts';
import { haproxy } from '../components/haproxy.ts';
import { nginx } from '../components/nginx.ts';
import { freePort } from '../support/free-port.ts';
import { repositoryRoot } from '../support/source-files.ts';
import { Load } from './load.ts';
import { Replica } from './replica.ts';

/** HAProxy as in examples/load-balancers, but for time, which runs 15 times as fast. */
const DELAY_MS = 700;
const soon = { timeout: 40_000, interval: 50 };

const availableHaproxy = await obtain(haproxy);
const availableNginx = await obtain(nginx);

describe.skipIf(availableHaproxy.state === 'missing')('behind a real HAProxy', () => {
  it('a model that answers wrongly leaves rotation, and returns when it is right again', async () => {
    const service = await behind('haproxy');
    const {
      load,
      replicas: { one },
    } = service;

    await one.setBias(3);
    await expect.poll(() => load.next(60), soon).toEqual(new Set(['two']));
    expect(await one.status('/livez')).toBe(200);

    await one.setBias(-2);
    await expect.poll(() => load.next(60), soon).toEqual(new Set(['one', 'two']));
    expect(load.failures).toEqual([]);
  });

  it('no request is lost while one is drained, nor through a rolling restart', async () => {
    const service = await behind('haproxy');
    const { load } = service;
    for (const name of ['one', 'two'] as const) {
      const replica = service.replicas[name];
      replica.signal('SIGTERM');
      expect(await replica.exited()).toBe(0);
      expect(replica.steps).toEqual(['draining', 'refusing connections', 'finished']);
      expect(await load.next(60)).toEqual(new Set([name === 'one' ? 'two' : 'one']));
      service.restart(name);
      await expect.poll(() => load.next(60), soon).toEqual(new Set(['one', 'two']));
    }
    expect(load.failures).toEqual([]);
    expect(load.answeredBy.length).toBeGreaterThan(500);
  });

  it('a second signal ends the process at once', async () => {
    const service = await behind('haproxy');
    service.replicas.one.signal('SIGTERM');
    await expect.poll(() => service.replicas.one.status('/readyz'), soon).toBe(503);
    service.replicas.one.signal('SIGTERM');
    expect(await service.replicas.one.exited()).toBe(128 + 15);
  });
});

describe.skipIf(availableNginx.state === 'missing')('behind a real nginx', () => {
  it('no idempotent request is lost through a rolling restart', async () => {
    const service = await behind('nginx');
    const { load } = service;
    for (const name of ['one', 'two'] as const) {
      service.replicas[name].signal('SIGTERM');
      expect(await service.replicas[name].exited()).toBe(0);
      service.restart(name);
      await expect.poll(() => load.next(60), soon).toEqual(new Set(['one', 'two']));
    }
    expect(load.failures).toEqual([]);
  });
});

describe('the configurations that we ship', () => {
  const shipped = (name: string) => readFile(join(repositoryRoot, 'examples/load-balancers', name), 'utf8');

  it('notice a drain, and its answer of a second at most, before connections are refused', async () => {
    const [, inter, fall] = /inter (\d+)s fall (\d+)/.exec(await shipped('haproxy.cfg')) ?? [];
    expect(Number(inter) * Number(fall) + 1).toBeLessThanOrEqual(drainDefaults.delayMs / 1000);
    const { readinessProbe } = (await pod()).containers[0];
    const { periodSeconds, failureThreshold, timeoutSeconds } = readinessProbe;
    expect(periodSeconds * failureThreshold + timeoutSeconds).toBeLessThanOrEqual(drainDefaults.delayMs / 1000);
  });

  it('give a drain the time it takes', async () => {
    const { delayMs, timeoutMs, finishMs } = drainDefaults;
    expect((await pod()).terminationGracePeriodSeconds).toBeGreaterThan((delayMs + timeoutMs + finishMs) / 1000);
  });

  async function pod() {
    const manifest = parse(await shipped('kubernetes.yaml'));
    return manifest.spec.template.spec;
  }
});

/** Two replicas in rotation, under load. */
async function behind(balancer: 'haproxy' | 'nginx') {
  const start = (name: 'one' | 'two', port: number): Replica => {
    const replica = new Replica(name, port, { delayMs: DELAY_MS });
    onTestFinished(() => replica[Symbol.asyncDispose]());
    return replica;
  };
  const replicas = { one: start('one', await freePort()), two: start('two', await freePort()) };
  for (const replica of Object.values(replicas)) await expect.poll(() => replica.status('/readyz'), soon).toBe(200);
  const port = await freePort();
  await startBalancer(balancer, port, replicas);
  await expect.poll(() => answers(port), soon).toBe(true);
  const load = new Load(port, { clients: 8, method: balancer === 'haproxy' ? 'POST' : 'GET' });
  onTestFinished(() => load[Symbol.asyncDispose]());
  await expect.poll(() => load.next(60), soon).toEqual(new Set(['one', 'two']));
  return {
    load,
    replicas,
    restart(name: 'one' | 'two') {
      replicas[name] = start(name, replicas[name].port);
    },
  };
}

/** The balancer with the configuration that we ship, on ports that are free. */
async function startBalancer(
  balancer: 'haproxy' | 'nginx',
  port: number,
  { one, two }: Readonly<Record<'one' | 'two', Replica>>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'driftline-balancer-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const shipped = join(repositoryRoot, 'examples/load-balancers');
  const file = join(folder, 'balancer.conf');
  const configure = async (name: string) =>
    (await readFile(join(shipped, name), 'utf8'))
      .replace('127.0.0.1:8000', `127.0.0.1:${port}`)
      .replace('127.0.0.1:8081', `127.0.0.1:${one.port}`)
      .replace('127.0.0.1:8082', `127.0.0.1:${two.port}`);
  if (balancer === 'haproxy') {
    await writeFile(file, (await configure('haproxy.cfg')).replace('inter 3s', 'inter 200ms'));
    return run(availableHaproxy, ['-q', '-db', '-f', file]);
  }
  await writeFile(
    file,
    `daemon off; master_process off; pid ${folder}/pid;\n${(await configure('nginx.conf')).replace(
      'http {',
      `http {\n  access_log off;\n${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `  ${kind}_temp_path ${folder}/${kind};`).join('\n')}`,
    )}`,
  );
  return run(availableNginx, ['-p', folder, '-e', join(folder, 'errors'), '-c', file]);
}

function run(program: Availability, options: readonly string[]): void {
  if (program.state === 'missing') throw new Error(program.reason);
  const running = spawn(program.path, options, { stdio: ['ignore', 'ignore', 'inherit'] });
  onTestFinished(async () => {
    running.kill('SIGKILL');
    if (running.exitCode === null && running.signalCode === null) await once(running, 'close');
  });
}

function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/predictions/30`).then(
    ({ ok }) => ok,
    () => false,
  );
}
