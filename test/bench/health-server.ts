/** A thread of its own: a service of which every check hangs and ignores its signal. Posts its port once they all do. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { createHealth, dependencyCheck } from '@driftline/health';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { portOf } from '../support/port-of.ts';

const hanging = dependencyCheck({ reach: () => new Promise(() => {}), everyMs: 200, timeoutMs: 100 });
const checks = Object.fromEntries(
  Array.from({ length: Number(workerData) }, (_, index) => [`hangs-${index}`, hanging]),
);
const health = createHealth({ checks });
health.start();
const app = new Hono().route('/', health.routes);
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
await once(server, 'listening');
// Past the third try no further call is started: from here on it is as it will stay.
setTimeout(() => parentPort?.postMessage(portOf(server)), 1_000);
