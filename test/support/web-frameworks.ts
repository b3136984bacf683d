import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fastifyPlugin, type Health, nodeHandler } from '@driftline/health';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';

/** An application on a free port with health under the prefix, and a price that takes `?after=` milliseconds. */
export type ServeHealth = (health: Health, prefix?: string) => Promise<Server>;

const price = async (after: string | undefined): Promise<string> => {
  await sleep(Number(after ?? 0));
  return '12';
};

export const webFrameworks: Readonly<Record<string, ServeHealth>> = {
  async Hono(health, prefix = '/') {
    const app = new Hono()
      .route(prefix, health.routes)
      .get('/price', async (c) => c.text(await price(c.req.query('after'))));
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
    await once(server, 'listening');
    if (!('closeAllConnections' in server)) throw new Error('this does not speak HTTP/1.1');
    return server;
  },
  async 'node:http'(health, prefix = '/') {
    const answer = nodeHandler(new Hono().route(prefix, health.routes));
    const server = createServer((request, response) =>
      answer(request, response, () => {
        const { pathname, searchParams } = new URL(`http://localhost${request.url}`);
        if (pathname === '/price')
          void price(searchParams.get('after') ?? undefined).then((text) => response.end(text));
        else response.writeHead(404).end();
      }),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return server;
  },
  async 'Express 5'(health, prefix = '/') {
    const app = express()
      .use(prefix, nodeHandler(health.routes))
      .get('/price', (request, response, next) => {
        const after = new URL(`http://localhost${request.url}`).searchParams.get('after') ?? undefined;
        price(after).then((answer) => response.send(answer), next);
      });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  },
  async 'Fastify 5'(health, prefix = '/') {
    const app = fastify();
    await app.register(fastifyPlugin(health.routes), { prefix });
    app.get<{ Querystring: { after?: string } }>('/price', ({ query }) => price(query.after));
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },
};
