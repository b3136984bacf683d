import { SCOPE_EXPONENTIAL_SKETCHES, SCOPE_SKETCHES } from '@driftline/semantic-conventions';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { seededProfile } from '../../../../test/support/seeded-profile.ts';
import { SketchReceivingEnd, type SketchPointReceived } from '../../../../test/support/sketch-receiving-end.ts';
import type { Clock } from '../clock.ts';
import { Faults } from '../faults.ts';
import { observedModel } from '../observed-model.ts';
import { OtlpSender } from './otlp-sender.ts';
import { SketchLane, type SketchLaneOptions } from './sketch-lane.ts';

const MINUTE_MS = 60_000;
const profile = seededProfile({ numericFeatures: 2, colours: { red: 1200, blue: 800 }, outputs: ['score'] });
const model = observedModel({ profile });

describe('the sketch lane', () => {
  let end: SketchReceivingEnd;
  let clock: ManualClock;
  let warnings: string[];

  beforeEach(async () => {
    end = await SketchReceivingEnd.start();
    clock = new ManualClock(Date.UTC(2026, 10, 20, 12, 0, 10));
    warnings = [];
    vi.spyOn(console, 'warn').mockImplementation((message: string) => warnings.push(message));
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await end.stop();
  });

  function laneOf(options: Partial<SketchLaneOptions> = {}): SketchLane {
    return new SketchLane({
      sender: new OtlpSender({ endpoint: end.url, headers: { authorization: 'Bearer t' }, timeoutMs: 5000 }),
      clock: timersOf(clock),
      random: () => 0.5,
      faults: new Faults(),
      resource: () => ({ 'service.name': 'hiring', 'service.instance.id': 'i-1' }),
      periodMs: MINUTE_MS,
      minimumRows: 1,
      sendsExtremes: false,
      ...options,
    });
  }

  function record(lane: SketchLane, x0: number, atMs = clock.now()): void {
    lane.book.sketchesAt(atMs, model).sketches.recordFeatures({ x0, x1: 0, colour: 'red' }, undefined);
  }

  it('sends a period as one request after its end, with both scopes apart', async () => {
    const lane = laneOf();
    lane.start();
    record(lane, 0.1);
    lane.book.sketchesAt(clock.now(), model).sketches.recordCall({
      seconds: 0.002,
      predictions: [{ value: undefined, class: undefined, score: 0.3 }],
      hasFailed: false,
      segment: undefined,
    });
    await clock.advance(49_000);
    expect(end.requests).toHaveLength(0);
    await clock.advance(MINUTE_MS);
    await until(() => end.points.length > 0);

    expect(end.requests.map(({ path }) => path)).toEqual(['/v1/metrics']);
    const kindsByScope = Object.groupBy(end.points, ({ scope }) => scope);
    expect(new Set(kindsByScope[SCOPE_SKETCHES]?.map(({ kind }) => kind))).toEqual(new Set(['histogram', 'sum']));
    expect(new Set(kindsByScope[SCOPE_EXPONENTIAL_SKETCHES]?.map(({ kind }) => kind))).toEqual(
      new Set(['exponentialHistogram']),
    );
    expect(new Set(end.points.map(({ temporality }) => temporality))).toEqual(new Set([1]));
    expect(end.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer t',
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    });
    expect(end.points[0]?.resource).toEqual({ 'service.name': 'hiring', 'service.instance.id': 'i-1' });
  });

  it('gives all points one start and end inside the period, the start moved by less than a millisecond', async () => {
    const lane = laneOf();
    record(lane, 0.1, Date.UTC(2026, 10, 20, 11, 58, 30));
    await lane.flush();
    const [interval, ...others] = intervalsOf(end.points);
    expect(others).toEqual([]);
    const startNs = BigInt(Date.UTC(2026, 10, 20, 11, 58)) * 1_000_000n;
    expect(interval?.start).toBeGreaterThanOrEqual(startNs);
    expect(interval?.start).toBeLessThan(startNs + 1_000_000n);
    expect(interval?.end).toBe(startNs + 60_000_000_000n);
  });

  it('counts each bucket and status as recorded, on the edges of the profile', async () => {
    const lane = laneOf();
    for (const x of [0.1, 0.1, -0.4, 1e9, Number.NaN]) record(lane, x);
    await lane.flush();
    const x0 = end.point('ml.feature.value', { 'ml.feature.name': 'x0' });
    const reference = profile.features.x0;
    const edges = reference?.kind === 'numeric' ? reference.edges : [];
    expect(x0.explicitBounds).toEqual(edges);
    const expected = Array.from({ length: edges.length + 1 }, () => 0);
    for (const x of [0.1, 0.1, -0.4, 1e9]) {
      const bucket = edges.findIndex((edge) => x <= edge);
      const index = bucket === -1 ? edges.length : bucket;
      expected[index] = (expected[index] ?? 0) + 1;
    }
    expect(x0.bucketCounts?.map(Number)).toEqual(expected);
    expect(x0).toMatchObject({ count: '4' });
    expect(x0.attributes).toEqual({
      'ml.model.name': 'seeded',
      'ml.model.version': '1',
      'ml.feature.name': 'x0',
      'ml.feature.kind': 'numeric',
      'ml.reference.id': profile.id,
    });
    const status = (name: string) =>
      end.point('ml.feature.observations', { 'ml.feature.name': 'x0', 'ml.feature.observation.status': name }).asInt;
    expect([status('valid'), status('out_of_range'), status('not_a_number')]).toEqual(['3', '1', '1']);
    expect(end.point('ml.feature.category.observations', { 'ml.feature.category': 'red' }).asInt).toBe('5');
  });

  it('keeps raw least and greatest values at home unless asked', async () => {
    const quiet = laneOf();
    record(quiet, 0.25);
    await quiet.flush();
    expect(end.point('ml.feature.value', { 'ml.feature.name': 'x0' }).min).toBeUndefined();
    end.requests.length = 0;
    const open = laneOf({ sendsExtremes: true });
    record(open, 0.25);
    await open.flush();
    expect(end.point('ml.feature.value', { 'ml.feature.name': 'x0' })).toMatchObject({ min: 0.25, max: 0.25 });
  });

  it('brings every unit exactly once, unchanged, through an outage of the drift service', async () => {
    const lane = laneOf();
    lane.start();
    await end.stop();
    for (let minute = 0; minute < 4; minute += 1) {
      record(lane, minute);
      await clock.advance(MINUTE_MS);
    }
    await until(() => lane.status.keptUnits > 0 && warnings.length > 0);
    expect(warnings).toEqual([
      expect.stringMatching(/no drift service at .*ECONNREFUSED.*kept for 15 min.*Said once/s),
    ]);

    await end.start();
    await clock.advance(3 * MINUTE_MS);
    await until(() => lane.status.keptUnits === 0);
    const observed = end.points.filter(isValidOf('x0'));
    expect(observed.map(({ asInt }) => asInt)).toEqual(['1', '1', '1', '1']);
    expect(new Set(observed.map(({ startTimeUnixNano }) => startTimeUnixNano)).size).toBe(4);
    expect(lane.status.droppedRows).toEqual({});
  });

  it('sends the same bytes again when the answer got lost, and new rows in a unit of their own', async () => {
    const lane = laneOf();
    end.answers.push('cut');
    record(lane, 0.1);
    await lane.flush();
    expect(lane.status.keptUnits).toBe(1);
    record(lane, 0.2);
    await lane.flush();
    const [lost, again, next] = end.requests;
    expect(again?.body).toBe(lost?.body);
    expect(next?.body).not.toBe(lost?.body);
    expect(end.points.filter(isValidOf('x0')).map(({ asInt }) => asInt)).toEqual(['1', '1']);
  });

  it('waits as long as an overloaded service asks', async () => {
    const lane = laneOf();
    end.answers.push({ status: 429, headers: { 'retry-after': '30' } });
    record(lane, 0.1);
    await lane.flush();
    await clock.advance(29_000);
    expect(end.requests).toHaveLength(1);
    await clock.advance(1000);
    await until(() => lane.status.keptUnits === 0);
    expect(end.requests.map(({ status }) => status).slice(0, 2)).toEqual([429, 200]);
  });

  it.each([400, 401, 404, 413, 500])('drops and counts what a service refuses for good (%i)', async (status) => {
    const lane = laneOf();
    end.answers.push({ status, body: 'no' });
    record(lane, 0.1);
    record(lane, 0.2);
    await lane.flush();
    expect(lane.status).toMatchObject({ keptUnits: 0, droppedRows: { refused: 2 } });
    expect(warnings).toEqual([
      expect.stringMatching(new RegExp(`${end.url}/v1/metrics refuses sketches \\(${status}`)),
    ]);
  });

  it('says once what the service took but did not count', async () => {
    const lane = laneOf();
    const body = JSON.stringify({
      partialSuccess: { rejectedDataPoints: '3', errorMessage: 'late or already counted' },
    });
    end.answers.push({ status: 200, body }, { status: 200, body });
    for (const x of [1, 2]) {
      record(lane, x);
      await lane.flush();
    }
    expect(lane.status.keptUnits).toBe(0);
    expect(warnings).toEqual([expect.stringContaining('did not count 3 points: late or already counted')]);
  });

  it('keeps at most 15 units through an outage: the oldest go, counted', async () => {
    const lane = laneOf();
    await end.stop();
    for (let minute = 0; minute < 20; minute += 1) {
      record(lane, minute);
      await lane.flush();
      await clock.advance(1000);
    }
    expect(lane.status).toMatchObject({ keptUnits: 15, droppedRows: { buffer_full: 5 } });
  });

  it('keeps no unit longer than 15 minutes, and no more than the bytes allowed', async () => {
    const bounds = { units: 15, bytes: 40_000, ageMs: 15 * MINUTE_MS };
    const lane = laneOf({ bounds });
    await end.stop();
    record(lane, 1);
    await lane.flush();
    await clock.advance(16 * MINUTE_MS);
    record(lane, 2);
    await lane.flush();
    expect(lane.status).toMatchObject({ keptUnits: 1, droppedRows: { buffer_full: 1 } });
    for (let i = 0; i < 20; i += 1) {
      record(lane, i);
      await lane.flush();
    }
    expect(lane.status.keptBytes).toBeLessThanOrEqual(bounds.bytes);
  });

  it('never uses an identity again: rows late for a closed period make a unit that starts later', async () => {
    const lane = laneOf();
    const atMs = Date.UTC(2026, 10, 20, 11, 58, 30);
    for (let i = 0; i < 3; i += 1) {
      record(lane, i, atMs);
      await lane.flush();
    }
    const starts = intervalsOf(end.points).map(({ start }) => start);
    expect(starts).toHaveLength(3);
    expect(starts.map((start) => start - (starts[0] ?? 0n))).toEqual([0n, 1n, 2n]);
  });

  it('keeps 8 periods open and sends the oldest when a ninth begins', async () => {
    const lane = laneOf();
    const firstMs = Date.UTC(2026, 10, 20, 11, 40);
    for (let minute = 0; minute < 9; minute += 1) record(lane, minute, firstMs + minute * MINUTE_MS);
    expect(lane.status).toMatchObject({ openPeriods: 8, keptUnits: 1 });
    await lane.flush();
    expect(intervalsOf(end.points)).toHaveLength(9);
    expect(end.points.filter(isValidOf('x0'))).toHaveLength(9);
  });

  it('joins too few rows with the next period of the window, and drops what stays below', async () => {
    const lane = laneOf({ minimumRows: 3 });
    const windowMs = Date.UTC(2026, 10, 20, 11, 55);
    for (const minute of [0, 0, 1, 4]) record(lane, minute, windowMs + minute * MINUTE_MS);
    await lane.flush();
    const lengths = intervalsOf(end.points).map((interval) => (interval.end - interval.start) / 60_000_000_000n);
    expect(end.points.filter(isValidOf('x0')).map(({ asInt }) => asInt)).toEqual(['3']);
    expect(lengths).toEqual([1n]);
    expect(lane.status.droppedRows).toEqual({ minimum_rows: 1 });
  });

  it('ends a period that a flush cuts short at the time of the flush', async () => {
    const lane = laneOf();
    record(lane, 1);
    await clock.advance(5000);
    await lane.flush();
    expect(intervalsOf(end.points)[0]?.end).toBe(BigInt(clock.now()) * 1_000_000n);
  });

  it('gives up in time when the service hangs at shutdown, and counts the rows', async () => {
    const lane = laneOf();
    await end.stop();
    record(lane, 1);
    await lane.shutdown({ timeoutMs: 1000 });
    expect(lane.status.droppedRows).toEqual({ shutdown: 1 });
  });

  it('tries nothing again after a shutdown that could not wait', async () => {
    const lane = laneOf();
    end.answers.push('silence');
    record(lane, 1);
    const shutdown = lane.shutdown({ timeoutMs: 1000 });
    await until(() => end.requests.length === 1);
    await clock.advance(1000);
    await shutdown;
    await end.stop();
    await end.start();
    await until(() => warnings.some((warning) => warning.includes('no drift service')));
    await clock.advance(10 * MINUTE_MS);
    expect(lane.status).toMatchObject({ droppedRows: { shutdown: 1 }, keptUnits: 0 });
    expect(end.requests).toHaveLength(1);
  });

  it('splits a request that would pass 4 MiB, with the same start and end', async () => {
    const lane = laneOf();
    const wide = observedModel({ name: 'wide', maxFeatures: 4000, unknownFeatures: 'record' });
    const row = Object.fromEntries(
      Array.from({ length: 4000 }, (_, i) => [`a-feature-with-a-long-name-${i}`, i * 1.5]),
    );
    for (let i = 1; i < 40; i += 1) {
      const scaled = Object.fromEntries(Object.entries(row).map(([name, x]) => [name, x * 10 ** (i % 7) + i]));
      lane.book.sketchesAt(clock.now(), wide).sketches.recordFeatures(scaled, undefined);
    }
    await lane.flush();
    expect(end.requests.length).toBeGreaterThan(1);
    for (const { body } of end.requests) expect(body.length).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(intervalsOf(end.points)).toHaveLength(1);
    expect(end.points.filter(({ metric }) => metric === 'ml.feature.value')).toHaveLength(4000);
  });
});

interface Interval {
  readonly start: bigint;
  readonly end: bigint;
}

function intervalsOf(points: readonly SketchPointReceived[]): readonly Interval[] {
  const keys = new Set(points.map(({ startTimeUnixNano, timeUnixNano }) => `${startTimeUnixNano} ${timeUnixNano}`));
  return [...keys].map((key) => {
    const [start = '', end = ''] = key.split(' ');
    return { start: BigInt(start), end: BigInt(end) };
  });
}

const isValidOf =
  (name: string) =>
  ({ metric, attributes }: SketchPointReceived): boolean =>
    metric === 'ml.feature.observations' &&
    attributes['ml.feature.name'] === name &&
    attributes['ml.feature.observation.status'] !== 'not_a_number';

function timersOf(clock: ManualClock): Clock {
  return {
    now: () => clock.now(),
    after: (delayMs, run) => {
      const cancelled = new AbortController();
      void clock.sleep(delayMs, cancelled.signal).then(() => {
        if (!cancelled.signal.aborted) run();
      });
      return () => cancelled.abort();
    },
  };
}

/** Sockets are real, so an export takes a moment of real time. */
async function until(isTrue: () => boolean): Promise<void> {
  await vi.waitUntil(isTrue, { timeout: 5000, interval: 5 });
}
