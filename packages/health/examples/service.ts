import {
  createHealth,
  dataQualityCheck,
  dependencyCheck,
  driftService,
  modelCheck,
  systemCheck,
  tcp,
} from '@driftline/health';
import { Hono } from 'hono';

/** Stands for your model. */
const probabilityOfLateness = ({ departureDelay }: { departureDelay: number }) =>
  1 / (1 + Math.exp(-departureDelay / 15));

export const health = createHealth({
  service: { serviceId: 'arrivals', version: '2026-11-20' },
  checks: {
    lateness: modelCheck({ predict: () => probabilityOfLateness({ departureDelay: 30 }), expected: 0.880797 }),
    system: systemCheck({ disk: { warn: 0.95, fail: 0.99 } }),
    database: dependencyCheck({ reach: tcp({ host: '127.0.0.1', port: 5432 }), everyMs: 5_000 }),
    data: dataQualityCheck({ ask: driftService('http://127.0.0.1:3743', { model: 'lateness' }) }),
  },
  onChange: ({ check, to, reasons }) => console.info(`${check}: ${to}`, ...reasons),
});

export const app = new Hono();
app.route('/', health.routes);
health.start();
