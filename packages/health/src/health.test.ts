import { createServer } from 'node:net';
import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { portOf } from '../../../test/support/port-of.ts';
import {
  createHealth,
  defineHealthCheck,
  dependencyCheck,
  type Health,
  type HealthOptions,
  http,
  modelCheck,
  tcp,
} from './index.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** A service on a real socket, with its checks running. */
async function listen(options: HealthOptions) {
  const health = createHealth({ details: 'everybody', ...options });
  const server = serve({ fetch: new Hono().route('/', health.routes).fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  cleanUps.push(
    () => health.close(),
    () => server.close(),
  );
  health.start();
  return { health, get: (path: string) => fetch(`http://127.0.0.1:${portOf(server)}${path}`) };
}

const failing = (reason: string) => dependencyCheck({ reach: () => Promise.reject(new Error(reason)) });
const passing = dependencyCheck({ reach: () => undefined });
/** Ignores its signal, as badly written checks do. */
const hanging = dependencyCheck({ reach: () => new Promise(() => {}), timeoutMs: 2_000, everyMs: 10_000 });
const checked = (health: Health) =>
  vi.waitFor(() => expect(JSON.stringify(health.status())).not.toContain('not checked yet'));

describe('readiness', () => {
  it('waits for the first answer of every check that affects it', async () => {
    const clock = new ManualClock();
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const slow = dependencyCheck({ reach: () => answered });
    const { get } = await listen({ checks: { slow }, clock });
    const before = await get('/readyz');
    expect(before.status).toBe(503);
    expect(await before.text()).toBe('[-]slow failed: not checked yet\nreadyz check failed\n');
    expect((await get('/livez')).status).toBe(200);

    answer();
    await clock.advance(0);
    expect((await get('/readyz')).status).toBe(200);
  });

  it('follows a real dependency that goes away and comes back', async () => {
    const clock = new ManualClock();
    const database = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(database, 'listening');
    const port = portOf(database);
    const check = dependencyCheck({ reach: tcp({ host: '127.0.0.1', port }), everyMs: 10_000, timeoutMs: 60_000 });
    const { get } = await listen({ checks: { database: check }, clock });
    const answer = (path: string, status: number, text: RegExp) =>
      vi.waitFor(async () => {
        const response = await get(path);
        expect(await response.text()).toMatch(text);
        expect(response.status).toBe(status);
      });
    await answer('/readyz', 200, /^ok$/);

    await new Promise((resolve) => database.close(resolve));
    await clock.advance(10_000);
    await answer('/readyz?verbose', 200, /^\[\+\]database warns: connect ECONNREFUSED .*; 1 of 2 times in a row/);
    await clock.advance(10_000);
    await answer('/readyz', 503, /^\[-\]database failed: connect ECONNREFUSED/);

    database.listen(port, '127.0.0.1');
    await once(database, 'listening');
    await clock.advance(10_000);
    await answer('/readyz', 503, /^\[-\]database failed: it failed, and passed since: 1 of 2 times in a row/);
    await clock.advance(10_000);
    await answer('/readyz', 200, /^ok$/);
    await new Promise((resolve) => database.close(resolve));
  });

  it('is lost at shutdown, while the process stays alive', async () => {
    const { health, get } = await listen({ checks: { passing } });
    await checked(health);
    expect((await get('/readyz')).status).toBe(200);
    await health.close();
    expect((await get('/readyz')).status).toBe(503);
    expect(await (await get('/readyz')).text()).toContain('[-]shutdown failed: the service is shutting down');
    expect((await get('/livez')).status).toBe(200);
  });

  it('is not affected by what only informs', async () => {
    const report = dependencyCheck({ reach: () => Promise.reject(new Error('away')), affects: 'nothing' });
    const { health, get } = await listen({ checks: { report } });
    await checked(health);
    expect((await get('/readyz')).status).toBe(200);
    const response = await get('/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'warn' });
  });

  it('goes with liveness', async () => {
    const stuck = dependencyCheck({ reach: () => Promise.reject(new Error('deadlock')), affects: 'liveness' });
    const { health, get } = await listen({ checks: { stuck }, startupGraceMs: 0 });
    await checked(health);
    expect((await get('/livez')).status).toBe(503);
    expect((await get('/readyz')).status).toBe(503);
  });
});

describe('a check', () => {
  it('runs at its own pace for as long as the service does', async () => {
    const clock = new ManualClock();
    const runs = { often: 0, seldom: 0 };
    const counting = (name: keyof typeof runs, everyMs: number) =>
      dependencyCheck({ reach: () => void (runs[name] += 1), everyMs });
    await listen({ checks: { often: counting('often', 10_000), seldom: counting('seldom', 60_000) }, clock });
    await clock.advance(599_999);
    expect(runs).toEqual({ often: 60, seldom: 10 });
  });

  it('says what is behind an error', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const models = dependencyCheck({ reach: http(`http://127.0.0.1:${portOf(gone)}`) });
    await new Promise((resolve) => gone.close(resolve));
    const { health } = await listen({ checks: { models } });
    await checked(health);
    expect(health.status().checks['models:responseTime']?.[0]?.output).toMatch(/^fetch failed: connect ECONNREFUSED/);
  });

  it('keeps its last answer when shutdown interrupts it, and closes what it opened', async () => {
    const clock = new ManualClock();
    const calls: string[] = [];
    const lamp = defineHealthCheck({
      type: 'lamp',
      answers: 'Is the lamp on?',
      componentType: 'component',
      measurement: 'light',
      schedule: { everyMs: 10_000, timeoutMs: 5_000, affects: 'readiness', failAfter: 1, recoverAfter: 1 },
      complete: (given: object) => given,
      open: () => ({
        read({ signal }) {
          calls.push('read');
          if (calls.length === 1) return 'on';
          return new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        },
        close: () => void calls.push('close'),
      }),
      judge: (light) => [{ measurement: 'light', status: 'pass', observedValue: light }],
      examples: [],
    });
    const { health } = await listen({ checks: { lamp: lamp({}) }, clock });
    await clock.advance(10_000);
    await health.close();
    expect(calls).toEqual(['read', 'read', 'close']);
    expect(health.status().checks['lamp:light']).toMatchObject([{ status: 'pass', observedValue: 'on' }]);
  });
});

describe('a check that hangs', () => {
  it('does not delay a probe', async () => {
    const hangs = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`hang-${index}`, hanging]));
    const { get } = await listen({ checks: hangs, clock: new ManualClock() });
    const startedAt = performance.now();
    for (let probe = 0; probe < 50; probe += 1) await (await get('/readyz')).text();
    expect((performance.now() - startedAt) / 50).toBeLessThan(50);
  });

  it('fails at its timeout, and says so', async () => {
    const clock = new ManualClock();
    const { health } = await listen({ checks: { hanging }, clock });
    await clock.advance(1_999);
    expect(health.status().checks['hanging:responseTime']).toMatchObject([{ output: 'not checked yet' }]);
    await clock.advance(1);
    expect(health.status().checks['hanging:responseTime']).toMatchObject([
      { status: 'fail', output: 'no answer within 2000 ms' },
    ]);
  });

  it('is told to stop, and may answer again next time', async () => {
    const clock = new ManualClock();
    const reasons: unknown[] = [];
    let runs = 0;
    const reach = (signal: AbortSignal) => {
      runs += 1;
      if (runs > 1) return Promise.resolve();
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason);
          reject(new Error('aborted'));
        }),
      );
    };
    const check = dependencyCheck({ reach, everyMs: 10_000, timeoutMs: 2_000 });
    const { health } = await listen({ checks: { check }, clock });
    await clock.advance(2_000);
    expect(health.status().status).toBe('fail');
    expect(reasons).toEqual([new Error('no answer within 2000 ms')]);
    await clock.advance(10_000);
    expect(health.status().status).toBe('fail');
    await clock.advance(10_000);
    expect(health.status().status).toBe('pass');
  });

  it('is not started again and again, and grows stale instead', async () => {
    const clock = new ManualClock();
    let runs = 0;
    const reach = () => new Promise(() => void (runs += 1));
    const check = dependencyCheck({ reach, everyMs: 10_000, timeoutMs: 2_000 });
    const { health } = await listen({ checks: { check }, clock });
    await clock.advance(600_000);
    expect(runs).toBe(3);
    expect(health.status().checks['check:responseTime']?.[0]?.output).toMatch(/^the last answer is \d+ s old$/);
  });

  it('does not hold up shutdown', async () => {
    const { health } = await listen({ checks: { hanging } });
    const startedAt = performance.now();
    await health.close();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('probes', () => {
  const checks = { redis: failing('connection refused'), queue: failing('full'), disk: passing };

  it.each([
    ['/readyz', 503],
    ['/readyz?exclude=redis', 503],
    ['/readyz?exclude=redis&exclude=queue', 200],
    ['/readyz?exclude=redis,queue', 200],
    ['/readyz/disk', 200],
    ['/livez/disk', 200],
    ['/readyz/redis', 503],
    ['/livez/redis', 503],
    ['/readyz/nonsense', 404],
    ['/livez', 200],
    ['/health', 503],
    ['/health?exclude=redis,queue', 200],
  ])('GET %s answers %i', async (path, status) => {
    const { health, get } = await listen({ checks });
    await checked(health);
    expect((await get(path)).status).toBe(status);
  });

  it('list every check when asked to be verbose', async () => {
    const { health, get } = await listen({ checks });
    await checked(health);
    const response = await get('/readyz?verbose&exclude=redis,queue,typo');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(
      '[+]redis excluded: ok\n[+]queue excluded: ok\n[+]disk ok\nwarn: nothing to exclude is named "typo"\nreadyz check passed\n',
    );
    expect(await (await get('/readyz?exclude=redis,queue')).text()).toBe('ok');
  });

  it('are not cached on their way', async () => {
    const { get } = await listen({});
    for (const path of ['/livez', '/readyz', '/health'])
      expect((await get(path)).headers.get('cache-control')).toBe('no-store');
  });
});

describe('/health', () => {
  it('answers health+json with the keys of draft-inadarei-api-health-check', async () => {
    const clock = new ManualClock(Date.UTC(2026, 10, 20, 12));
    const { get } = await listen({
      clock,
      service: { serviceId: 'arrivals', version: '7' },
      checks: { lateness: modelCheck({ predict: () => 0.9, expected: 0.8 }), redis: failing('away') },
    });
    await clock.advance(0);
    const response = await get('/health');
    expect(response.headers.get('content-type')).toBe('application/health+json');
    expect(await response.json()).toEqual({
      status: 'fail',
      serviceId: 'arrivals',
      version: '7',
      checks: {
        'lateness:deviation': [
          {
            componentType: 'component',
            status: 'fail',
            observedValue: expect.closeTo(0.1),
            output: 'answer is 0.9, expected 0.8 ± 0.000001',
            time: '2026-11-20T12:00:00.000Z',
          },
        ],
        'lateness:responseTime': [
          {
            componentType: 'component',
            status: 'pass',
            observedValue: 0,
            observedUnit: 'ms',
            time: '2026-11-20T12:00:00.000Z',
          },
        ],
        'redis:responseTime': [
          { componentType: 'datastore', status: 'fail', output: 'away', time: '2026-11-20T12:00:00.000Z' },
        ],
      },
    });
  });
});

describe('settings', () => {
  it.each([
    [{ 'a b': passing }, 'health: checks "a b" cannot be a name; use letters, digits, "_", "." and "-"'],
    [{ shutdown: passing }, 'health: checks "shutdown" cannot be a name'],
    [
      { redis: dependencyCheck({ reach: () => {}, everyMs: 0 }) },
      'health: checks.redis.everyMs is 0; give milliseconds above 0',
    ],
    [
      { redis: dependencyCheck({ reach: () => {}, timeoutMs: Number.POSITIVE_INFINITY }) },
      'health: checks.redis.timeoutMs is Infinity; give milliseconds above 0',
    ],
  ])('that make no sense stop the start', (checks, message) => {
    expect(() => createHealth({ checks })).toThrow(message);
  });
});
