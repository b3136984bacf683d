import { monitorModel, startDriftline } from '@driftline/instrumentation';
import { buildProfile } from '@driftline/collector-processor/profile';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OtlpReceivingEnd } from '../support/otlp-receiving-end.ts';
import { seededRandom } from '../support/seeded-profile.ts';
import { minute, SimulatedService } from '../support/simulated-service.ts';

interface Trip {
  readonly distance: number | null;
  readonly hour: number;
  readonly carrier: string;
}

let folder: string;
let profile: Awaited<ReturnType<typeof buildProfile>>['profile'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-quality-'));
  const random = seededRandom(5);
  const lines = Array.from({ length: 5_000 }, () => {
    const { distance, hour, carrier } = tripOf(random);
    return `${distance ?? ''},${hour},${carrier}`;
  });
  const path = join(folder, 'trips.csv');
  await writeFile(path, `distance,hour,carrier\n${lines.join('\n')}\n`);
  ({ profile } = await buildProfile({ path, model: { name: 'trips', version: '1' } }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Kilometres, 2 % of them missing; no two alike. */
function tripOf(random: () => number): Trip {
  return {
    distance: random() < 0.02 ? null : 50 + 900 * random(),
    hour: Math.floor(random() * 24),
    carrier: ['UA', 'DL', 'B6'][Math.floor(random() * 3)] ?? 'UA',
  };
}

const settings = (endpoint: string) => `
defaults: { window: { every: 1h } }
publish: { endpoint: "${endpoint}" }
models:
  trips:
    reference: ./trips.profile.json
    constraints:
      - { feature: distance, min: 0, max: 2000, violations_at_most: 1% }
      - { feature: carrier, in: [UA, DL, B6] }
      - { rows_at_least: 500 }
rules:
  - { name: data, when: quality }
  - { name: holes, when: "quality.missing > 30%" }`;

/** One window of the real application and the real service, fed by a pipeline that is right or not. */
async function windowOf(pipeline: (trips: readonly Trip[]) => readonly Trip[], rows = 1_500) {
  await using backend = new OtlpReceivingEnd();
  await using service = await SimulatedService.start({
    settings: settings(await backend.listen()),
    files: { 'trips.profile.json': profile },
  });
  service.now = Date.now();
  await using driftline = startDriftline({ service: 'dispatch', endpoint: service.service.otlpUrl });
  const schema = z.object({ distance: z.number().nullable(), hour: z.number().int().max(23), carrier: z.string() });
  const monitor = monitorModel({ profile, features: schema, quality: { duplicates: true, distinct: 'all' } });
  const random = seededRandom(7);
  for (const features of pipeline(Array.from({ length: rows }, () => tripOf(random)))) monitor.record({ features });
  await driftline.flush();
  service.now += 120 * minute;
  await service.service.tick();
  const alerts = (await service.alerts()).filter(({ state }) => state === 'firing').map(({ rule }) => rule);
  await service.stop();
  const [window] = service.windows;
  const quality = window?.quality ?? [];
  return {
    window,
    violated: quality
      .filter(({ state }) => state === 'violated')
      .map(({ name = 'rows', rule }) => `${name} ${rule}`)
      .toSorted(),
    quality,
    alerts: alerts.toSorted(),
    events: backend.logs.filter(({ name }) => name === 'ml.data_quality.change'),
    gauges: backend.metrics.filter(({ name }) => name === 'ml.data_quality.violation.ratio'),
  };
}

describe('a pipeline', () => {
  it('that is as it was at training raises nothing', async () => {
    const { window, violated, alerts, events } = await windowOf((trips) => trips);
    expect(window?.rows).toBe(1_500);
    expect(violated).toEqual([]);
    expect(alerts).toEqual([]);
    expect(events).toEqual([]);
  });

  it('that lost a column is told of by its share, its event, its gauge and both alerts', async () => {
    const { violated, alerts, events, gauges } = await windowOf((trips) =>
      trips.map((trip) => ({ ...trip, distance: null })),
    );
    expect(violated).toContain('distance missing');
    expect(alerts).toEqual(['data', 'holes']);
    expect(events.map(({ attributes }) => attributes['ml.data_quality.rule'])).toContain('missing');
    expect(gauges.map(({ attributes }) => attributes['ml.data_quality.rule'])).toContain('missing');
  });

  it('that changed units leaves the range', async () => {
    const { violated, quality } = await windowOf((trips) =>
      trips.map((trip) => ({ ...trip, distance: trip.distance === null ? null : trip.distance * 1_000 })),
    );
    expect(violated).toContain('distance out_of_range');
    // All rows lie in the one bucket above the reference's maximum, on both sides of 2,000 for all it tells.
    const max = quality.find(({ rule }) => rule === 'max');
    expect(max).toMatchObject({ state: 'unjudged', ratio: 0, upperRatio: expect.closeTo(0.98, 1) });
  });

  it('that renamed categories has unseen ones', async () => {
    const { violated } = await windowOf((trips) =>
      trips.map((trip) => ({ ...trip, carrier: trip.carrier.toLowerCase() })),
    );
    expect(violated).toContain('carrier unseen');
  });

  it('that filled a column with a default made it constant, and its cardinality fall', async () => {
    const { violated, quality } = await windowOf((trips) => trips.map((trip) => ({ ...trip, hour: 0 })));
    expect(violated).toEqual(['hour cardinality', 'hour constant']);
    expect(quality.find(({ rule }) => rule === 'constant')?.detail).toMatch(/^all rows are /);
  });

  it('that sent a batch twice has repeated rows', async () => {
    const { violated, quality } = await windowOf((trips) => [...trips, ...trips.slice(0, 750)]);
    expect(violated).toEqual(['rows duplicate_rows']);
    expect(quality.find(({ rule }) => rule === 'duplicate_rows')?.ratio).toBeCloseTo(1 / 3, 2);
  });

  it('whose rows do not match the schema is told by feature and by row, without a value', async () => {
    const { violated, quality } = await windowOf((trips) =>
      trips.map((trip, i) => (i % 10 === 0 ? { ...trip, hour: 77 } : trip)),
    );
    expect(violated).toEqual(expect.arrayContaining(['hour out_of_range', 'hour schema', 'rows invalid_rows']));
    expect(quality.find(({ rule }) => rule === 'schema')).toMatchObject({ ratio: 0.1, detail: 'too_big' });
  });

  it('that dried up breaks the declared number of rows', async () => {
    const { violated } = await windowOf((trips) => trips, 120);
    expect(violated).toEqual(['rows rows_at_least']);
  });
});
