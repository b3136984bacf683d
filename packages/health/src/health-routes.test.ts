import { inspect } from 'node:util';
import * as fc from 'fast-check';
import type { Hono } from 'hono';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHealth, dependencyCheck, type HealthOptions, modelCheck, secret } from './index.ts';

async function checked(options: HealthOptions) {
  const health = createHealth(options);
  onTestFinished(() => health.close());
  health.start();
  await vi.waitFor(() => expect(JSON.stringify(health.status())).not.toContain('not checked yet'), 30_000);
  return health;
}

const answerOf = async (routes: Hono, path: string, headers: Readonly<Record<string, string>> = {}) => {
  const response = await routes.request(path, { headers });
  return { status: response.status, body: await response.text() };
};

describe('the Open Inference Protocol', () => {
  const right = modelCheck({ predict: () => 1, expected: 1 });
  const wrong = modelCheck({ predict: () => 2, expected: 1, affects: 'nothing' });
  const checks = {
    lateness: right,
    'fraud-7': modelCheck({ predict: () => 1, expected: 1, model: { name: 'fraud', version: '7' } }),
    'fraud-8': modelCheck({
      predict: () => 2,
      expected: 1,
      affects: 'nothing',
      model: { name: 'fraud', version: '8' },
    }),
    'price.eu': wrong,
    upstream: dependencyCheck({ reach: () => undefined, model: { name: 'remote' } }),
    redis: dependencyCheck({ reach: () => undefined }),
  };

  it.each([
    ['/v2/health/live', 200, { live: true }],
    ['/v2/health/ready', 200, { ready: true }],
    ['/v2/models/lateness/ready', 200, { name: 'lateness', ready: true }],
    ['/v2/models/price.eu/ready', 503, { name: 'price.eu', ready: false }],
    ['/v2/models/remote/ready', 200, { name: 'remote', ready: true }],
    ['/v2/models/fraud/versions/7/ready', 200, { name: 'fraud', ready: true }],
    ['/v2/models/fraud/versions/8/ready', 503, { name: 'fraud', ready: false }],
    ['/v2/models/fraud/ready', 503, { name: 'fraud', ready: false }],
    ['/v2/models/fraud/versions/9/ready', 404, { error: 'no health check is about such a model' }],
    ['/v2/models/redis/ready', 404, { error: 'no health check is about such a model' }],
  ])('GET %s answers %i', async (path, status, body) => {
    const { routes } = await checked({ checks });
    const answer = await answerOf(routes, path);
    expect({ ...answer, body: JSON.parse(answer.body) }).toEqual({ status, body });
  });

  it('takes no requests for a model while the service drains, but stays alive', async () => {
    const health = await checked({ checks });
    health.drain();
    const statusOf = async (path: string) => (await answerOf(health.routes, path)).status;
    expect(await statusOf('/v2/health/ready')).toBe(503);
    expect(await statusOf('/v2/models/lateness/ready')).toBe(503);
    expect(await statusOf('/v2/health/live')).toBe(200);
  });
});

describe('details', () => {
  const checks = {
    database: dependencyCheck({ reach: () => Promise.reject(new Error('no pg_hba.conf entry for user "admin"')) }),
  };
  const service = { serviceId: 'arrivals', version: '7' };
  const open = '[-]database failed: no pg_hba.conf entry for user "admin"\nreadyz check failed\n';
  const withheld = '[-]database failed: reason withheld\nreadyz check failed\n';

  it('are withheld from everybody unless asked for', async () => {
    const { routes, detailedRoutes } = await checked({ checks, service });
    expect(await answerOf(routes, '/readyz?verbose')).toEqual({ status: 503, body: withheld });
    expect(await answerOf(routes, '/readyz/database')).toEqual({ status: 503, body: withheld });
    expect(await answerOf(routes, '/health')).toEqual({
      status: 503,
      body: '{"status":"fail","checks":{"database":[{"status":"fail"}]}}',
    });
    expect(await answerOf(detailedRoutes, '/readyz')).toEqual({ status: 503, body: open });
    expect(JSON.parse((await answerOf(detailedRoutes, '/health')).body)).toMatchObject(service);
  });

  it('are told to whoever brings a token; the verdict is the same for all', async () => {
    const { routes } = await checked({ checks, service, details: { bearer: ['old-token', secret('new-token')] } });
    const body = async (authorization: string) => (await answerOf(routes, '/readyz', { authorization })).body;
    expect(await body('Bearer old-token')).toBe(open);
    expect(await body('bearer new-token')).toBe(open);
    for (const wrong of ['Bearer new-tokem', 'Bearer ', 'new-token', 'Basic new-token', 'Bearer new-token x'])
      expect(await body(wrong)).toBe(withheld);
  });

  it('never come with a token that was not given', async () => {
    const { routes } = await checked({ checks, details: { bearer: 'the-token' } });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme-ascii' }), async (text) => {
        fc.pre(text.trim() !== 'the-token');
        const headers = { authorization: `Bearer ${text}`.trimEnd() };
        expect((await answerOf(routes, '/health', headers)).body).not.toContain('pg_hba');
      }),
    );
  });

  it.each(['', ' ', 'two words'])('refuse %j as a token', (bearer) => {
    expect(() => createHealth({ details: { bearer } })).toThrow('health: details.bearer is empty or has white space');
  });

  it('keep their token out of logs', () => {
    const token = secret('hush');
    expect([String(JSON.parse(JSON.stringify(token))), JSON.stringify({ token }), inspect({ token })]).toEqual([
      '***',
      '{"token":"***"}',
      '{ token: *** }',
    ]);
  });
});
