import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { serve } from '@hono/node-server';
import * as fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { portOf } from '../../../../test/support/port-of.ts';
import { driftService, parseModels } from './drift-service.ts';
import { diskShare, heapShare, memoryShare, watchCpu, watchEventLoop } from './machine.ts';
import { http, sql, tcp } from './reach.ts';

const never = new AbortController().signal;
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 100));

/** A server that answers each path with the status it names, and /hang not at all. */
async function listen(): Promise<number> {
  const server = createServer((request, response) => {
    if (request.url === '/hang') return;
    response.writeHead(Number(request.url?.slice(1, 4)), { location: '/200' }).end('body');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return portOf(server);
}

describe('reaching a dependency', () => {
  it('over HTTP takes 2xx as a sign of life, nothing else', async () => {
    const base = `http://127.0.0.1:${await listen()}`;
    await expect(http(`${base}/204`)(never)).resolves.toBeUndefined();
    await expect(http(`${base}/503?token=secret`)(never)).rejects.toThrow(`${base}/503 answered 503`);
    await expect(http(`${base}/302`)(never)).rejects.toThrow('answered 302');
  });

  it('over HTTP ends with its signal', async () => {
    const base = `http://127.0.0.1:${await listen()}`;
    await expect(http(`${base}/hang`)(AbortSignal.timeout(50))).rejects.toThrow(/timeout/);
  });

  it('by SQL needs an answer', async () => {
    const database = new DatabaseSync(':memory:');
    const query = (text: string) => database.prepare(text).get();
    expect(sql(query)(never)).toMatchObject({ 1: 1 });
    expect(sql({ query })(never)).toMatchObject({ 1: 1 });
    database.close();
    expect(() => sql(query)(never)).toThrow('database is not open');
  });

  it('over TCP needs somebody who listens', async () => {
    const port = await listen();
    await expect(tcp({ host: '127.0.0.1', port })(never)).resolves.toBeUndefined();
    await expect(tcp({ host: '127.0.0.1', port: 1 })(never)).rejects.toThrow('ECONNREFUSED');
    await expect(tcp({ host: '127.0.0.1', port })(AbortSignal.abort())).rejects.toThrow(/abort/);
  });
});

it('a TCP check leaves no connection behind', async () => {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const closed = once(server, 'connection').then(([socket]) => once(socket.resume(), 'close'));
  await tcp({ host: '127.0.0.1', port: portOf(server) })(never);
  await closed;
  await new Promise((resolve) => server.close(resolve));
});

describe('reading the machine', () => {
  it('gives shares between nothing and everything', async () => {
    for (const share of [memoryShare(), heapShare(), await diskShare('.')]) {
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(1);
    }
  });

  it('says which disk cannot be read', async () => {
    await expect(diskShare('/no/such/folder')).rejects.toThrow('/no/such/folder');
  });

  it('sees how much of the processor it takes', async () => {
    const cpu = watchCpu();
    expect(cpu()).toBeGreaterThan(0);
    const end = performance.now() + 200;
    while (performance.now() < end);
    const busy = cpu();
    await aWhile();
    await aWhile();
    expect(cpu()).toBeLessThan(busy);
  });

  it('notices a blocked event loop, once', async () => {
    const eventLoop = watchEventLoop();
    onTestFinished(eventLoop.close);
    await aWhile();
    eventLoop.delayMs();
    await aWhile();
    const end = performance.now() + 300;
    while (performance.now() < end);
    await aWhile();
    expect(eventLoop.delayMs()).toBeGreaterThan(200);
    await aWhile();
    expect(eventLoop.delayMs()).toBeLessThan(200);
  });
});

describe('asking the drift service', () => {
  const latest = {
    state: 'drift',
    windowEnd: 1_795_000_000_000,
    features: [{ name: 'age', state: 'drift', violations: { missing: 0.1 }, size: 0.7 }],
  };
  const models = [
    { id: 'a', name: 'employment', version: '7', latest },
    { id: 'b', name: 'fraud', version: '', latest: null },
  ];

  it('takes the models asked for from its query API', async () => {
    const app = new Hono().get('/api/v1/models', (c) =>
      c.req.header('authorization') === 'Bearer t' ? c.json({ models }) : c.text('', 401),
    );
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const endpoint = `http://127.0.0.1:${portOf(server)}`;
    const headers = { authorization: 'Bearer t' };

    expect(await driftService(endpoint, { model: 'employment', headers })(never)).toEqual([
      {
        model: { name: 'employment', version: '7' },
        state: 'drift',
        windowEnd: 1_795_000_000_000,
        features: [{ name: 'age', state: 'drift', violations: { missing: 0.1 } }],
      },
    ]);
    expect(await driftService(endpoint, { headers })(never)).toHaveLength(2);
    await expect(driftService(endpoint)(never)).rejects.toThrow(`${endpoint}/api/v1/models answered 401`);
  });

  it('takes a model without a window as one without a judgement', () => {
    expect(parseModels({ models }, 'here')[1]).toEqual({
      model: { name: 'fraud', version: '' },
      state: 'no_reference',
      features: [],
    });
  });

  it('survives any JSON, and says what is wrong with it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.jsonValue().map((item) => ({ models: [item] })),
        ),
        (body) => {
          try {
            for (const { model, features } of parseModels(body, 'here')) {
              expect(model.name).toBeTypeOf('string');
              for (const feature of features) expect(feature.name).toBeTypeOf('string');
            }
          } catch (error) {
            expect(String(error)).toMatch(
              /^Error: here(: models\[0\] has no name| is not the drift service's query API)/,
            );
          }
        },
      ),
    );
  });
});
