import { monitorModel, startDriftline } from '@driftline/instrumentation';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../support/seeded-profile.ts';
import { minute, SimulatedService } from '../support/simulated-service.ts';

/** A real application in the same process; only the service's time is moved on, until the window is closed. */
describe('a model whose truth becomes known', () => {
  it('has its accuracy and its error, with bounds, and the quantiles of its latency', async () => {
    await using service = await SimulatedService.start({
      settings: `
defaults: { window: { every: 1h } }
rules: [{ name: accuracy, when: "accuracy < 0.95" }, { name: slow, when: "latency.p99 > 5ms" }]`,
    });
    service.now = Date.now();
    await using driftline = startDriftline({ service: 'hiring-api', endpoint: service.service.otlpUrl });
    const employment = monitorModel({ name: 'employment', version: '7', features: { age: 'numeric' } });
    const predict = employment.wrap((row: { readonly age: number }) => {
      const until = performance.now() + (row.age > 68 ? 20 : 0.2);
      while (performance.now() < until);
      return { class: row.age > 40 ? 'yes' : 'no' };
    });
    const random = seededRandom(5);
    const outcomes = Array.from({ length: 200 }, (_, i) => {
      const prediction = predict({ age: 20 + random() * 50 });
      return { prediction, truth: i % 10 === 0 ? 'unknown' : prediction.class, predictedAt: Date.now() };
    });
    employment.recordOutcome(outcomes);
    employment.recordOutcome(
      [1, 2, 3, 4].map((off) => ({ prediction: { value: 10 + off }, truth: 10, predictedAt: Date.now() })),
    );
    await driftline.flush();
    service.now += 120 * minute;
    await service.service.tick();

    expect(service.windows.reduce((sum, { rows }) => sum + rows, 0)).toBe(200);
    const window = service.windows.at(-1);
    const accuracy = window?.performance.find(({ metric }) => metric === 'accuracy');
    expect(accuracy).toMatchObject({ source: 'realised', value: 0.9, rows: 200 });
    expect(accuracy?.lowerBound).toBeGreaterThan(0.84);
    expect(accuracy?.lowerBound).toBeLessThan(0.9);
    expect(accuracy?.upperBound).toBeGreaterThan(0.9);
    expect(accuracy?.upperBound).toBeLessThan(0.95);
    expect(window?.performance.find(({ metric }) => metric === 'mean_absolute_error')).toMatchObject({
      value: 2.5,
      rows: 4,
    });

    const latency = service.windows.find((one) => one.latency !== undefined)?.latency;
    expect(latency?.p50).toBeGreaterThan(0.0001);
    expect(latency?.p50).toBeLessThan(0.005);
    expect(latency?.p99).toBeGreaterThan(0.015);
    expect(latency?.p95).toBeLessThanOrEqual(latency?.p99 ?? 0);
    const alerts = (await service.alerts()).map(({ rule, state }) => [rule, state]);
    expect(Object.fromEntries(alerts)).toEqual({ accuracy: 'firing', slow: 'firing' });
  });
});
