import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hono } from 'hono';

/**
 * Answers what `routes` knows and leaves the rest to `next`; without `next`, as on a plain `node:http` server, the rest
 * is not found. `createServer(nodeHandler(health.routes))`, or in Express `app.use(nodeHandler(health.routes))`.
 */
export function nodeHandler(
  routes: Hono,
): (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => void {
  return (request, response, next) => {
    void answer(routes, request, request.url ?? '/').then((answered) => {
      if (answered.status === 404 && next !== undefined) return next();
      return send(response, answered);
    });
  };
}

/** What is used of a Fastify instance, so that Fastify need not be installed. */
export interface FastifyLike {
  readonly prefix: string;
  get(
    path: string,
    handler: (
      request: { readonly raw: IncomingMessage },
      reply: { hijack(): unknown; readonly raw: ServerResponse },
    ) => void,
  ): unknown;
}

/** `fastify.register(fastifyPlugin(health.routes))`, also with a `prefix`. */
export function fastifyPlugin(routes: Hono): (fastify: FastifyLike) => Promise<void> {
  return async (fastify) => {
    for (const { path } of routes.routes) {
      fastify.get(path, (request, reply) => {
        reply.hijack();
        const url = (request.raw.url ?? '/').slice(fastify.prefix.length);
        void answer(routes, request.raw, url).then((answered) => send(reply.raw, answered));
      });
    }
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function answer(routes: Hono, { method = 'GET', headers }: IncomingMessage, url: string): Promise<Answer> {
  const { authorization } = headers;
  const isAsked = method === 'GET' || method === 'HEAD';
  const target = isAsked ? URL.parse(`http://localhost${url.startsWith('/') ? '' : '/'}${url}`) : null;
  if (target === null) return { status: 404, headers: {}, body: '' };
  const response = await routes.fetch(
    new Request(target, { method, ...(authorization !== undefined && { headers: { authorization } }) }),
  );
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}
