import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { seededProfile } from '../../../test/support/seeded-profile.ts';
import { SketchReceivingEnd } from '../../../test/support/sketch-receiving-end.ts';
import { startDriftline } from './driftline.ts';
import { monitorModel } from './monitor-model.ts';
import type { Driftline } from './start.ts';
import { captureDriftline } from './testing.ts';

const profile = seededProfile({ numericFeatures: 2, colours: { red: 1200, blue: 800 }, outputs: ['score'] });

describe('a monitor', () => {
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

  const observed = (feature: string) =>
    end.points.filter(
      ({ metric, attributes }) => metric === 'ml.feature.observations' && attributes['ml.feature.name'] === feature,
    );
  const counts = (feature: string) =>
    Object.fromEntries(
      observed(feature).map(({ attributes, asInt }) => [attributes['ml.feature.observation.status'], Number(asInt)]),
    );

  it('takes name, version and edges from the profile, and says which reference it used', async () => {
    const monitor = monitorModel({ profile });
    expect([monitor.name, monitor.version]).toEqual(['seeded', '1']);
    monitor.record({ features: { x0: 0.5, x1: 99, colour: 'red' }, prediction: 0.3, durationMs: 4 });
    monitor.record({ features: { x0: Number.NaN, colour: 'green' } });
    await driftline.flush();
    expect(counts('x0')).toEqual({ valid: 1, not_a_number: 1 });
    expect(counts('x1')).toEqual({ out_of_range: 1, missing: 1 });
    expect(counts('colour')).toEqual({ valid: 1, unseen: 1 });
    expect(end.point('ml.feature.category.observations', { 'ml.feature.category': '_unseen' }).asInt).toBe('1');
    expect(end.points.some(({ attributes }) => attributes['ml.feature.category'] === 'green')).toBe(false);
    expect(end.point('ml.output.value', { 'ml.output.name': 'score' })).toMatchObject({
      kind: 'histogram',
      count: '1',
    });
    expect(end.point('ml.output.value', { 'ml.output.name': 'score' }).attributes['ml.reference.id']).toBe(profile.id);
    expect(end.point('ml.output.value', { 'ml.output.name': 'latency' })).toMatchObject({
      kind: 'exponentialHistogram',
      sum: 0.004,
    });
  });

  it('counts what the profile does not know, without a sketch of it', async () => {
    const tall = { x0: 0, x1: 0, colour: 'red', height: 180 };
    monitorModel({ profile }).record({ features: tall });
    await driftline.flush();
    expect(counts('height')).toEqual({ unexpected: 1 });
    expect(
      end.points.filter(
        ({ metric, attributes }) => metric === 'ml.feature.value' && attributes['ml.feature.name'] === 'height',
      ),
    ).toEqual([]);
  });

  it('goes on without a profile that was changed after it was built, and says why', async () => {
    const broken = { ...profile, rows: 1 };
    const monitor = monitorModel({ name: 'seeded', profile: broken });
    monitor.record({ features: { x0: 1 } });
    await driftline.flush();
    expect(driftline.status().errors).toMatchObject({ profile: 1 });
    expect(end.point('ml.feature.value').kind).toBe('exponentialHistogram');
  });

  it('learns kinds and categories from a schema of zod', async () => {
    const applicant = z.object({
      age: z.number(),
      code: z.number().nullable(),
      state: z.enum(['CA', 'NY']),
      employed: z.boolean(),
    });
    const monitor = monitorModel({ name: 'loans', features: applicant, kinds: { code: 'categorical' } });
    monitor.record({ features: { age: 40, code: 7, state: 'CA', employed: true } });
    await driftline.flush();
    const kinds = Object.fromEntries(
      end.points
        .filter(({ metric }) => metric !== 'ml.feature.observations')
        .map(({ metric, attributes }) => [attributes['ml.feature.name'], metric]),
    );
    expect(kinds).toMatchObject({
      age: 'ml.feature.value',
      code: 'ml.feature.category.observations',
      state: 'ml.feature.category.observations',
      employed: 'ml.feature.category.observations',
    });
    expect(
      end.point('ml.feature.category.observations', { 'ml.feature.name': 'state' }).attributes['ml.feature.category'],
    ).toBe('CA');
  });

  it('takes columns, each row in the minute it happened', async () => {
    const monitor = monitorModel({ profile });
    const fiveMinutesAgo = Math.floor(Date.now() / 60_000 - 5) * 60_000;
    const rows = 300;
    monitor.recordColumns({
      features: {
        x0: Float64Array.from({ length: rows }, (_, i) => i / rows),
        x1: new Float64Array(rows),
        colour: Array.from({ length: rows }, () => 'red'),
      },
      predictions: new Float64Array(rows).fill(0.5),
      at: Float64Array.from({ length: rows }, (_, i) => fiveMinutesAgo + ((i * 7919) % rows) * 1000),
    });
    await driftline.flush();
    expect(observed('x0').map(({ asInt }) => asInt)).toEqual(['60', '60', '60', '60', '60']);
    const starts = observed('x0').map(({ startTimeUnixNano }) => Number(BigInt(startTimeUnixNano) / 1_000_000n));
    expect(starts).toEqual([0, 1, 2, 3, 4].map((minute) => fiveMinutesAgo + minute * 60_000));
    const scores = end.points.filter(({ attributes }) => attributes['ml.output.name'] === 'score');
    expect(scores.length).toBeGreaterThan(0);
  });

  it('records nothing of columns that differ in length, and counts it', async () => {
    const monitor = monitorModel({ profile });
    monitor.recordColumns({ features: { x0: [1, 2], x1: [1] } });
    monitor.recordColumns({ features: { x0: [1, 2] }, at: [Date.now(), Number.NaN] });
    await driftline.flush();
    expect(end.points).toEqual([]);
    expect(driftline.status().errors.record).toBeGreaterThanOrEqual(2);
  });

  it('counts a segment in the whole and once more apart, at most 20 values of it', async () => {
    const predict = monitorModel({ name: 'seg', features: { x: 'numeric' } }).wrap((row: { x: number }) => row.x);
    for (let i = 0; i < 25; i += 1) predict.with({ segment: { region: `r${i}` } })({ x: i });
    await driftline.flush();
    const regions = observed('x').map(({ attributes, asInt }) => [attributes['ml.segment.value'], asInt]);
    expect(regions).toHaveLength(22);
    expect(regions).toContainEqual([undefined, '25']);
    expect(regions).toContainEqual(['r0', '1']);
    expect(regions).toContainEqual(['_other', '5']);
  });

  it('keeps versions apart, at most 16 beside the current one', async () => {
    const monitor = monitorModel({ name: 'many', version: 'now', features: { x: 'numeric' } });
    for (let i = 0; i < 20; i += 1) monitor.record({ features: { x: 1 }, version: `v${i}` });
    monitor.record({ features: { x: 1 }, version: 'now' });
    await driftline.flush();
    const versions = Object.fromEntries(
      observed('x').map(({ attributes, asInt }) => [String(attributes['ml.model.version']), asInt]),
    );
    expect(Object.keys(versions)).toHaveLength(18);
    expect(versions).toMatchObject({ now: '1', v0: '1', v15: '1', _other: '4' });
  });

  it('swaps version and profile between two rows, and loses neither', async () => {
    const next = seededProfile({ model: { name: 'seeded', version: '2' }, numericFeatures: 3 });
    const monitor = monitorModel({ profile });
    monitor.record({ features: { x0: 1 } });
    monitor.update({ profile: next });
    expect(monitor.version).toBe('2');
    monitor.record({ features: { x0: 2 } });
    await driftline.flush();
    const references = end.points
      .filter(({ metric, attributes }) => metric === 'ml.feature.value' && attributes['ml.feature.name'] === 'x0')
      .map(({ attributes }) => [attributes['ml.model.version'], attributes['ml.reference.id']]);
    expect(references).toEqual([
      ['1', profile.id],
      ['2', next.id],
    ]);
  });

  it('sends answers and latency also where the features are not known', async () => {
    monitorModel({ name: 'text' }).record({ prediction: 11, durationMs: 2 });
    await driftline.flush();
    const outputs = end.points.filter(({ metric }) => metric === 'ml.output.value');
    const counted = outputs.map(({ attributes, count }) => [attributes['ml.output.name'], count] as const);
    expect(Object.fromEntries(counted)).toEqual({ latency: '1', value: '1' });
  });

  it('sends outcomes as the protocol names them, and refuses nonsense with a count', async () => {
    const monitor = monitorModel({ name: 'loans', version: '3' });
    const at = new Date('2026-11-01T00:00:00Z');
    monitor.recordOutcome([
      { id: 'app-17', truth: true, at },
      { prediction: { class: 'late', score: 1 }, truth: 'on time', predictedAt: at, at },
      { prediction: 3.5, truth: 4, predictedAt: at, at },
    ]);
    monitor.recordOutcome({ prediction: 3.5, truth: Number.NaN, predictedAt: at });
    await driftline.flush();
    const model = { 'ml.model.name': 'loans', 'ml.model.version': '3' };
    expect(end.events.map(({ attributes }) => attributes)).toEqual([
      { ...model, 'ml.prediction.id': 'app-17', 'ml.outcome.value': 1 },
      {
        ...model,
        'ml.prediction.class': 'late',
        'ml.prediction.score': 1,
        'ml.prediction.time': at.getTime() / 1000,
        'ml.outcome.class': 'on time',
      },
      { ...model, 'ml.prediction.value': 3.5, 'ml.prediction.time': at.getTime() / 1000, 'ml.outcome.value': 4 },
    ]);
    expect(
      new Set(end.events.map(({ name, severity, timeUnixNano }) => `${name} ${severity} ${timeUnixNano}`)),
    ).toEqual(new Set([`ml.prediction.outcome 9 ${BigInt(at.getTime()) * 1_000_000n}`]));
    expect(driftline.status().errors.outcome).toBe(1);
  });

  it('sends how features vary together, as little-endian doubles', async () => {
    const monitor = monitorModel({ profile });
    for (let i = 0; i < 80; i += 1) monitor.record({ features: { x0: i / 40 - 1, x1: 1 - i / 40, colour: 'red' } });
    await driftline.flush();
    const [event] = end.events.filter(({ name }) => name === 'ml.feature.comoments');
    expect(event?.attributes).toMatchObject({ 'ml.reference.id': profile.id, 'ml.comoment.count': '5' });
    const bytes = Buffer.from(String(event?.attributes['ml.comoment.sums']), 'base64');
    const [xx = 0, yx = 0, yy = 0] = [0, 8, 16].map((offset) => bytes.readDoubleLE(offset));
    expect(yx / Math.sqrt(xx * yy)).toBeCloseTo(-1, 10);
  });

  it('keeps co-moments of few rows at home, which would tell their values', async () => {
    const monitor = monitorModel({ profile });
    for (let i = 0; i < 64; i += 1) monitor.record({ features: { x0: i, x1: i, colour: 'red' } });
    await driftline.flush();
    expect(counts('x0')).not.toEqual({});
    expect(end.events.map(({ name }) => name)).not.toContain('ml.feature.comoments');
  });

  it('carries what was recorded before the start along, and says so when there never is one', async () => {
    await driftline.shutdown();
    const monitor = monitorModel({ name: 'early', features: { x: 'numeric' } });
    monitor.record({ features: { x: 1 } });
    driftline = startDriftline({ service: 'hiring-api', endpoint: end.url });
    await driftline.flush();
    expect(counts('x')).toEqual({ valid: 1 });

    await driftline.shutdown();
    for (let minute = 0; minute < 10; minute += 1) monitor.record({ features: { x: 1 }, at: minute * 60_000 });
    expect(vi.mocked(console.warn).mock.calls.flat().join()).toContain('startDriftline() was not called');
  });

  it('holds on to the first start', () => {
    expect(startDriftline({ endpoint: 'http://elsewhere' })).toBe(driftline);
  });

  it('shows tests of users what they asked for, and names what it has when they ask for something else', () => {
    using seen = captureDriftline();
    monitorModel({ name: 'fraud', features: { amount: 'numeric' } }).record({ features: { amount: 3 } });
    expect(() => seen.model('fraud').feature('amuont')).toThrow('captureDriftline: no feature "amuont"; seen: amount');
    expect(seen.model('fraud').feature('amount').count).toBe(1);
  });
});
