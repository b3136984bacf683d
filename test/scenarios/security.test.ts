import { monitorModel, startDriftline } from '@driftline/instrumentation';
import { describe, expect, it } from 'vitest';
import { OtlpReceivingEnd } from '../support/otlp-receiving-end.ts';
import { seededRandom } from '../support/seeded-profile.ts';
import { minute, SimulatedService } from '../support/simulated-service.ts';

/** A real application in the same process; only the service's time is moved on, until the window is closed. */
describe('a model that is attacked', () => {
  it('is told of by counts, events and alerts, and who attacks it is not', async () => {
    await using backend = new OtlpReceivingEnd();
    await using service = await SimulatedService.start({
      settings: `
defaults: { window: { every: 1h } }
publish: { endpoint: "${await backend.listen()}" }
rules:
  - { name: credentials, when: "security.unauthenticated >= 20" }
  - { name: probing, when: "security.probing > 0" }
  - { name: flood, when: "security.flood > 0" }`,
    });
    service.now = Date.now();
    await using driftline = startDriftline({ service: 'hiring-api', endpoint: service.service.otlpUrl });
    const employment = monitorModel({
      name: 'employment',
      features: { age: 'numeric', hours: 'numeric', pay: ['hour', 'month'], state: ['CA', 'NY', 'TX'] },
    });
    const predict = employment.wrap((row: Applicant) => row.age / 100, { caller: ({ key }) => key });
    const random = seededRandom(3);
    const applicant = (key: string): Applicant => ({
      key,
      age: 20 + random() * 40,
      hours: random() * 60,
      pay: random() < 0.5 ? 'hour' : 'month',
      state: ['CA', 'NY', 'TX'][Math.floor(random() * 3)] ?? 'CA',
    });
    for (let row = 0; row < 60; row++) for (let key = 0; key < 8; key++) predict(applicant(`customer ${key}`));
    predict({ key: 'customer 1', age: 30, hours: 30, pay: '<script>', state: 'somewhere' });
    const victim = applicant('secret-key-of-a-prober');
    for (let step = 0; step < 60; step++) predict({ ...victim, age: 20 + step / 2 });
    for (let i = 0; i < 25; i++) employment.recordRefusal(401);
    employment.recordRefusal(422);
    employment.recordRefusal(500);
    await driftline.flush();
    service.now += 120 * minute;
    await service.service.tick();

    const security = service.windows.find((window) => window.security !== undefined)?.security;
    expect(security).toEqual({ unauthenticated: 25, invalid: 1, probing: expect.any(Number), malformed: 1 });
    expect(security?.probing).toBeGreaterThan(20);
    const alerts = (await service.alerts()).map(({ rule, state }) => [rule, state]);
    expect(Object.fromEntries(alerts)).toEqual({ credentials: 'firing', probing: 'firing' });

    await service.stop();
    const counted = backend.metrics.filter(({ name }) => name === 'ml.security.detections');
    expect(new Set(counted.map(({ attributes }) => attributes['ml.security.pattern']))).toEqual(
      new Set(['invalid', 'malformed', 'probing', 'unauthenticated']),
    );
    expect(backend.logs.filter(({ name }) => name === 'ml.security.change')).toHaveLength(4);
    expect(JSON.stringify([backend.metrics, backend.logs, service.windows])).not.toContain('secret-key');
  });

  it('is told of when nothing but refused requests comes', async () => {
    await using service = await SimulatedService.start({
      settings: 'rules: [{ name: refused, when: "security.throttled > 5" }]',
    });
    service.now = Date.now();
    await using driftline = startDriftline({ service: 'hiring-api', endpoint: service.service.otlpUrl });
    const employment = monitorModel({ name: 'employment', features: { age: 'numeric' } });
    for (let i = 0; i < 10; i++) employment.recordRefusal(429);
    await driftline.flush();
    service.now += 60 * minute;
    await service.service.tick();
    expect(service.windows.map(({ rows, security }) => [rows, security])).toEqual([[0, { throttled: 10 }]]);
    expect((await service.alerts()).map(({ rule }) => rule)).toEqual(['refused']);
  });
});

interface Applicant {
  readonly key: string;
  readonly age: number;
  readonly hours: number;
  readonly pay: string;
  readonly state: string;
}
