/** One replica: `node service.ts NAME PORT DELAY_MS`. Its model can be spoilt, as a bad deployment would. */
import { createHealth, drainOnSignal, modelCheck } from '@driftline/health';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const [name = '', port = '', delayMs = ''] = process.argv.slice(2);

const weights = { bias: -2 };
const probabilityOfLateness = async (departureDelay: number): Promise<number> => {
  await new Promise((resolve) => setTimeout(resolve, 5 + 20 * Math.random()));
  return 1 / (1 + Math.exp(-(weights.bias + departureDelay / 15)));
};

const health = createHealth({
  checks: {
    lateness: modelCheck({ predict: () => probabilityOfLateness(30), expected: 0.5, everyMs: 200, timeoutMs: 2_000 }),
  },
});
const app = new Hono()
  .route('/', health.routes)
  .on(['GET', 'POST'], '/predictions/:delay', async (c) => {
    const probability = await probabilityOfLateness(Number(c.req.param('delay')));
    return c.json({ probability }, 200, { 'x-replica': name });
  })
  .put('/bias/:bias', (c) => {
    weights.bias = Number(c.req.param('bias'));
    return c.body(null, 204);
  });

health.start();
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(port) });
if (!('closeAllConnections' in server)) throw new Error('this does not speak HTTP/1.1');
drainOnSignal({ server, health, delayMs: Number(delayMs), onStep: ({ step }) => process.stdout.write(`${step}\n`) });
