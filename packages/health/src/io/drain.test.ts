import { once } from 'node:events';
import { Agent, request, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { portOf } from '../../../../test/support/port-of.ts';
import { webFrameworks } from '../../../../test/support/web-frameworks.ts';
import { createHealth, type DrainOptions, type DrainStep, prepareDrain } from '../index.ts';

type Given = Partial<Pick<DrainOptions, 'delayMs' | 'timeoutMs' | 'finish'>>;

/** A service that is about to be drained, and everything that the drain said. */
async function service(options: Given = {}, framework: keyof typeof webFrameworks = 'node:http') {
  const health = createHealth();
  health.start();
  const server = await webFrameworks[framework]!(health);
  const port = portOf(server);
  onTestFinished(() => stop(server));
  const steps: DrainStep[] = [];
  const drain = prepareDrain({ server, health, delayMs: 200, ...options, onStep: (step) => steps.push(step) });
  return { server, port, drain, steps, get: (path: string, agent = new Agent()) => get(port, path, agent) };
}

function stop(server: Server): void {
  server.closeAllConnections();
  server.close();
}

async function get(port: number, path: string, agent: Agent) {
  const asked = request({ host: '127.0.0.1', port, path, agent }).end();
  const [response]: [IncomingMessage] = await new Promise((resolve, reject) => {
    asked.once('response', (answer) => resolve([answer]));
    asked.once('error', reject);
  });
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, body, connection: response.headers.connection, isReused: asked.reusedSocket };
}

describe.each(Object.keys(webFrameworks))('a drain of %s', (framework) => {
  it('is not ready at once, serves on, then refuses, and answers what is under way', async () => {
    const { get, drain, steps } = await service({}, framework);
    expect(await get('/readyz')).toMatchObject({ status: 200 });
    const underWay = get('/price?after=600');
    await sleep(50);
    const drained = drain();
    expect(await get('/readyz')).toMatchObject({
      status: 503,
      body: '[-]shutdown failed: reason withheld\nreadyz check failed\n',
    });
    expect(await get('/livez')).toMatchObject({ status: 200 });
    expect(await get('/price')).toMatchObject({ status: 200, body: '12' });
    await expect.poll(() => steps.at(-1)).toEqual({ step: 'refusing connections', underWay: 1 });
    await expect(get('/price')).rejects.toThrow('ECONNREFUSED');
    expect(await underWay).toMatchObject({ status: 200, body: '12', connection: 'close' });
    expect(await drained).toBe(true);
    expect(steps.map(({ step }) => step)).toEqual(['draining', 'refusing connections', 'finished']);
  });
});

describe('a drain', () => {
  it('ends a connection that is kept with its next answer', async () => {
    const { get, drain } = await service();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    await get('/price', agent);
    const drained = drain();
    expect(await get('/price', agent)).toMatchObject({ status: 200, isReused: true, connection: 'close' });
    expect(await get('/price', agent)).toMatchObject({ status: 200, isReused: false });
    await drained;
  });

  it('does not wait for connections that ask nothing', async () => {
    const { port, drain, steps } = await service({ delayMs: 0, timeoutMs: 30_000 });
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    const startedAt = performance.now();
    expect(await drain()).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(steps.some(({ step }) => step === 'cut')).toBe(false);
  });

  it('cuts off what is not answered by the deadline, and says so', async () => {
    const { get, drain, steps } = await service({ delayMs: 0, timeoutMs: 100 });
    const underWay = get('/price?after=60000').catch((error: Error) => error.message);
    await sleep(50);
    expect(await drain()).toBe(false);
    expect(await underWay).toBe('socket hang up');
    expect(steps).toContainEqual({ step: 'cut', underWay: 1 });
  });

  it('finishes last, and says when that fails', async () => {
    const order: string[] = [];
    const { get, drain, steps } = await service({
      delayMs: 0,
      finish: () => {
        order.push('finish');
        throw new Error('the exporter does not answer');
      },
    });
    const underWay = get('/price?after=200').then(() => order.push('answer'));
    await sleep(50);
    expect(await drain()).toBe(false);
    await underWay;
    expect(order).toEqual(['answer', 'finish']);
    expect(steps.at(-1)).toEqual({ step: 'finish failed', reason: 'the exporter does not answer' });
  });

  it('happens once, however often it is asked for', async () => {
    const { drain, steps } = await service({ delayMs: 0 });
    expect(await Promise.all([drain(), drain()])).toEqual([true, true]);
    expect(steps).toHaveLength(3);
  });

  it('takes several servers down together', async () => {
    const health = createHealth();
    const servers = await Promise.all([webFrameworks['node:http']!(health), webFrameworks['Hono']!(health)]);
    const drain = prepareDrain({ server: servers, health, delayMs: 0 });
    expect(await drain()).toBe(true);
    expect(servers.map(({ listening }) => listening)).toEqual([false, false]);
  });

  it.each([{ delayMs: -1 }, { timeoutMs: Number.NaN }, { delayMs: Number.POSITIVE_INFINITY }])(
    'refuses %o before anything depends on it',
    async (wrong) => {
      await expect(service(wrong)).rejects.toThrow(/^drain: (delayMs|timeoutMs) is .*; give milliseconds$/);
    },
  );
});
