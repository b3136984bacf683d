import { createHealth, dependencyCheck, drainOnSignal, modelCheck, nodeHandler, redis } from '@driftline/health';
import express from 'express';

/** Stand for your model and your start. */
const price = (rooms: number) => 100_000 + 40_000 * rooms;
const migrateDatabase = async () => {};
const migrated = migrateDatabase();

const health = createHealth({
  checks: {
    price: modelCheck({ predict: () => price(3), expected: 220_000 }),
    migrations: dependencyCheck({ reach: () => migrated, affects: 'startup' }),
    cache: dependencyCheck({ reach: redis('redis://127.0.0.1:6379'), affects: 'nothing' }),
  },
  onChange: ({ check, to, reasons }) => console.info(`${check}: ${to}`, ...reasons),
});
health.start();

const app = express();
app.use(nodeHandler(health.routes));
app.get('/prices/:rooms', (request, response) => {
  response.json({ price: price(Number(request.params.rooms)) });
});
const server = app.listen(Number(process.env['PORT'] ?? 8080));

drainOnSignal({
  server,
  health,
  finish: () => console.info('nothing is served any more: flush telemetry, close connections'),
  onStep: (step) => console.info(step),
});
