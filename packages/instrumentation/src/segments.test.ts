import { type ReferenceProfile, segmentFeature, segmentPlace, withProfileId } from '@driftline/sketches';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { seededProfile } from '../../../test/support/seeded-profile.ts';
import { SketchReceivingEnd } from '../../../test/support/sketch-receiving-end.ts';
import { startDriftline } from './driftline.ts';
import { monitorModel } from './monitor-model.ts';
import type { Driftline } from './start.ts';

const whole = seededProfile({ numericFeatures: 1, colours: { red: 1200, blue: 800 } });
const { colour } = whole.features;
if (colour === undefined) throw new Error('a colour');
/** As `profile build --segment colour` makes it: `red` has a reference of its own. */
const profile: ReferenceProfile = withProfileId({
  ...whole,
  segments: { colour: { red: { rows: whole.rows, features: { colour: segmentFeature(colour) }, outputs: {} } } },
});

describe('segments', () => {
  let end: SketchReceivingEnd;
  let driftline: Driftline;

  beforeEach(async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    end = await SketchReceivingEnd.start();
    driftline = startDriftline({ service: 'hiring-api', endpoint: end.url });
  });

  afterEach(async () => {
    await driftline.shutdown();
    await end.stop();
    vi.restoreAllMocks();
  });

  /** Rows of a feature or output by segment; of the whole under ''. */
  const rowsBySegment = async (name: string) => {
    await driftline.flush();
    const rows: Record<string, number> = {};
    for (const { metric, attributes, asInt } of end.points) {
      if (metric !== 'ml.feature.observations' && metric !== 'ml.output.observations') continue;
      if (attributes['ml.feature.name'] !== name && attributes['ml.output.name'] !== name) continue;
      const { 'ml.segment.name': segment, 'ml.segment.value': value } = attributes;
      const key = typeof segment === 'string' ? `${segment}=${typeof value === 'string' ? value : ''}` : '';
      rows[key] = (rows[key] ?? 0) + Number(asInt);
    }
    return rows;
  };

  it('are read from the features that a monitor names, row by row of a batch, with the answers of their rows', async () => {
    const predict = monitorModel({
      name: 'batch',
      features: { x: 'numeric', country: 'categorical' },
      segments: ['country'],
    }).wrap((rows: readonly { x: number; country: string | null }[]) => rows.map(({ x }) => x));
    predict([
      { x: 1, country: 'DE' },
      { x: 2, country: 'FR' },
      { x: 3, country: 'DE' },
      { x: 4, country: null },
      { x: 5, country: '' },
    ]);
    expect(await rowsBySegment('x')).toEqual({ '': 5, 'country=DE': 2, 'country=FR': 1 });
    expect(await rowsBySegment('value')).toEqual({ '': 5, 'country=DE': 2, 'country=FR': 1 });
  });

  it('are what a mapper says of a call, beside what rows say', async () => {
    const monitor = monitorModel({ name: 'mapped', features: { x: 'numeric', y: 'numeric' }, segments: ['y'] });
    const predict = monitor.wrap((row: { x: number; y: number; tenant: string }) => row.x, {
      features: ({ x, y }) => ({ x, y }),
      segment: ({ tenant }) => ({ tenant }),
    });
    predict({ x: 1, y: 0, tenant: 'free' });
    predict.with({ segment: { tenant: 'trial' } })({ x: 1, y: 1, tenant: 'free' });
    expect(await rowsBySegment('x')).toEqual({ '': 2, 'y=0': 1, 'y=1': 1, 'tenant=free': 1, 'tenant=trial': 1 });
  });

  it('come with columns, one a row or one for all', async () => {
    const monitor = monitorModel({ name: 'nightly', features: { x: 'numeric' } });
    monitor.recordColumns({
      features: { x: [1, 2, 3] },
      predictions: [0.1, 0.2, 0.3],
      segment: { tenant: ['a', 'b', 'a'], region: 'eu' },
    });
    expect(await rowsBySegment('x')).toEqual({ '': 3, 'tenant=a': 2, 'tenant=b': 1, 'region=eu': 3 });
    monitor.recordColumns({ features: { x: [1, 2, 3] }, segment: { tenant: ['a'] } });
    expect(driftline.status().errors.record).toBeGreaterThan(0);
  });

  it('need no code where the profile has them, and what it does not know stays here', async () => {
    const monitor = monitorModel({ profile });
    for (const colour of ['red', 'red', 'blue', 'a secret']) monitor.record({ features: { x0: 0, colour } });
    expect(await rowsBySegment('x0')).toEqual({ '': 4, 'colour=red': 2, 'colour=_other': 2 });
    expect(JSON.stringify(end.points)).not.toContain('a secret');
  });

  it('are of an outcome, one of them', async () => {
    const monitor = monitorModel({ name: 'late', features: { x: 'numeric' } });
    const outcome = { truth: 1, prediction: { score: 0.9 }, predictedAt: Date.now() };
    monitor.recordOutcome({ ...outcome, segment: { country: 'DE' } });
    monitor.recordOutcome({ ...outcome, segment: { country: 'DE', tenant: 'free' } });
    await driftline.flush();
    const told = end.events.map(({ attributes }) => [attributes['ml.segment.name'], attributes['ml.segment.value']]);
    expect(told).toEqual([['country', 'DE']]);
    expect(driftline.status().errors.outcome).toBe(1);
  });

  it('hold at most 20 values of a name and 5 names, whatever callers send', () => {
    fc.assert(
      fc.property(fc.array(fc.anything(), { maxLength: 60 }), fc.boolean(), (values, hasProfile) => {
        const held = new Set<string>();
        for (const value of values) {
          const place = segmentPlace({ name: 'colour', value }, held, hasProfile ? profile : undefined);
          if (place !== undefined) held.add(place);
        }
        expect(held.size).toBeLessThanOrEqual(hasProfile ? 2 : 21);
        expect([...held].every((value) => value.length > 0 && value.length <= 100)).toBe(true);
      }),
    );
  });
});
