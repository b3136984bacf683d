import { BucketEdges, EdgeHistogram } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { MovingReference } from '../../../../test/support/moving-reference.ts';
import { normal, seededRandom } from '../../../../test/support/seeded-profile.ts';
import type { FeatureMeasurement, SegmentMeasurement } from '../evaluate/measurement.ts';
import type { Observations } from '../evaluate/observations.ts';
import type { ObservedSegment } from '../evaluate/segment-observations.ts';
import { decodeShelf } from './reference-entries.ts';
import { openKey, rollingPlan } from './rolling-plan.ts';
import type { SegmentStanding } from './segment-references.ts';

const hour = 3_600_000;
const day = 24 * hour;
const daily = rollingPlan({ kind: 'seasonal', cycle: 'daily' }, hour, 100);
const fourHours = rollingPlan({ kind: 'previous', periodMs: 4 * hour }, hour, 100);
const edges = BucketEdges.of(Array.from({ length: 41 }, (_, i) => i / 5 - 4));

describe('segments of a season', () => {
  it('are compared with their own rows of the same hour, and know how far their days differ', async () => {
    const random = seededRandom(1);
    const season = new MovingReference(daily, ['plan']);
    const at = (start: number) => ({ start, end: start + hour });
    for (let hours = 0; hours < 5 * 24; hours += 1) {
      await season.next(at(hours * hour), judged([segmentOf('a', 300, random), segmentOf('b', 40, random, 2)]));
    }
    const references = await season.next(at(5 * day), judged([]));
    expect(references.segments?.values('plan')).toEqual(['a']);
    expect(references.segments?.standing({ name: 'plan', value: 'a' })).toEqual({ share: 300 / 340 });
    expect(references.segments?.standing({ name: 'plan', value: 'b' })).toEqual({
      reason: expect.stringMatching(/^the same time of earlier periods has none of it: it had fewer than 500 rows/),
    });
    const [observed] = segmentOf('a', 300, random).observations;
    const compared = references.compare(observed!);
    expect(compared.reference).toMatchObject({ kind: 'numeric' });
    // Of each hour its five days less one.
    expect(compared.dependence?.seasonal?.distribution.degreesOfFreedom).toBe(24 * 4);
    expect(compared.dependence?.seasonal).toMatchObject({ periods: 5, distribution: { rows: 300 } });
    expect(compared.dependence?.seasonal?.distribution.phi).toBeLessThan(1.3);
  });

  it('are named once each was seen in periods enough', async () => {
    const random = seededRandom(6);
    const season = new MovingReference(daily);
    const known: (readonly string[])[] = [];
    const standings: SegmentStanding[] = [];
    for (let at = 0; at < 14; at += 1) {
      // Segments are chosen of a season that is learnt, and a value comes up later still.
      season.segments = at < 5 ? [] : ['plan'];
      const segments = [segmentOf('a', 600, random), ...(at < 8 ? [] : [segmentOf('b', 600, random)])];
      const window = { start: at * day, end: at * day + hour };
      const references = await season.next(window, { ...judged(segments), ...(at < 5 && { segments: undefined }) });
      expect(references.learning === undefined).toBe(at >= 4);
      known.push(references.segments?.values('plan') ?? []);
      const standing = references.segments?.standing({ name: 'plan', value: 'b' });
      if (at >= 5 && standing !== undefined) standings.push(standing);
      const { problem } = references.compare(segmentOf('a', 9, random).observations[0]!);
      if (known.at(-1)?.includes('a')) expect(problem).toBeUndefined();
    }
    const [none, one, both] = [[], ['a'], ['a', 'b']];
    expect(known).toEqual([...Array.from({ length: 9 }, () => none), one, one, one, both, both]);
    const learning = { reason: 'the reference is still being learnt' };
    const share = { share: expect.any(Number) };
    expect(standings).toEqual([...Array.from({ length: 7 }, () => learning), share, share]);
  });

  it('keep the days before a change for as long as it lasts', async () => {
    const random = seededRandom(2);
    const plan = rollingPlan({ kind: 'seasonal', cycle: 'daily', periods: 4, minPeriods: 4 }, hour, 100);
    const season = new MovingReference(plan, ['plan']);
    const days = async (from: number, until: number, drifts: boolean) => {
      let last;
      for (let at = from; at < until; at += 1) {
        const segments = [segmentOf('a', 300, random, drifts ? 1 : 0), segmentOf('b', 300, random)];
        last = await season.next({ start: at * day, end: at * day + hour }, judged(segments, drifts ? ['a'] : []));
      }
      return last;
    };
    await days(0, 4, false);
    const references = await days(4, 30, true);
    const [observed] = segmentOf('a', 10, random).observations;
    const { reference, dependence } = references!.compare(observed!);
    expect(reference).toMatchObject({ kind: 'numeric', mean: expect.closeTo(0, 0) });
    expect(dependence?.seasonal?.periods).toBe(4);
    expect(references?.segments?.values('plan')).toEqual(['a', 'b']);
  });

  it('are no more than may be kept, however many values and features are sent', async () => {
    const random = seededRandom(3);
    const season = new MovingReference(daily, ['plan']);
    const names = Array.from({ length: 100 }, (_, i) => `x${i}`);
    const segments = Array.from({ length: 60 }, (_, i) => segmentOf(`v${i}`, 10 + i, random, 0, names));
    for (let days = 0; days < 3; days += 1) {
      await season.next({ start: days * day, end: days * day + hour }, judged(segments));
    }
    const [open] = decodeShelf(season.stored.get(`${daily.id}@${hour}/segments/open`)!).slots;
    expect(open?.subjects).toHaveLength(2000);
    const shelf = decodeShelf(season.stored.get(`${daily.id}@${hour}/segments/0`)!);
    expect(shelf.slots.map(({ subjects }) => subjects.length)).toEqual([1000, 1000]);
    const largest = ['v59', 'v58', 'v57', 'v56', 'v55', 'v54', 'v53', 'v52', 'v51', 'v50'];
    expect(shelf.slots[0]?.sizes?.segments.map(({ value }) => value).toSorted()).toEqual(largest.toSorted());
    expect(shelf.slots[0]?.sizes?.rows).toBe(2370);
  });

  it('go when the settings choose their attribute no longer', async () => {
    const random = seededRandom(4);
    const season = new MovingReference(daily, ['plan']);
    for (let days = 0; days < 6; days += 1) {
      if (days === 4) season.segments = [];
      const segments = days < 4 ? [segmentOf('a', 300, random)] : undefined;
      await season.next({ start: days * day, end: days * day + hour }, { ...judged([]), segments });
    }
    const shelf = decodeShelf(season.stored.get(`${daily.id}@${hour}/segments/0`)!);
    expect(shelf.slots.flatMap(({ subjects }) => subjects)).toEqual([]);
    expect(decodeShelf(season.stored.get(`${daily.id}@${hour}/segments/scatter`)!).scatter).toEqual({});
  });
});

describe('segments of the period before', () => {
  it('are none until all of it has them', async () => {
    const random = seededRandom(5);
    const previous = new MovingReference(fourHours, ['plan']);
    const known: number[] = [];
    for (let at = 0; at < 16; at += 1) {
      const segments = at < 6 ? undefined : [segmentOf('a', 300, random)];
      const window = { start: at * hour, end: (at + 1) * hour };
      const references = await previous.next(window, { ...judged([]), segments });
      known.push(references.segments?.values('plan').length ?? 0);
      if (at === 15) expect(references.compare(segmentOf('a', 9, random).observations[0]!).dependence).toBeUndefined();
    }
    expect(known.indexOf(1)).toBe(10);
    expect(known.slice(10)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('are none again until all of it has them, where windows were missing in between', async () => {
    const random = seededRandom(7);
    const previous = new MovingReference(fourHours, ['plan']);
    const known: number[] = [];
    const standings: (SegmentStanding | undefined)[] = [];
    for (let at = 0; at < 16; at += 1) {
      // A reference before it knew segments of the sixth hour.
      const segments = at === 6 ? undefined : [segmentOf('a', 600, random)];
      const window = { start: at * hour, end: (at + 1) * hour };
      const references = await previous.next(window, { ...judged([]), segments });
      known.push(references.segments?.values('plan').length ?? 0);
      standings.push(references.segments?.standing({ name: 'plan', value: 'a' }));
    }
    expect(known).toEqual([0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(standings[7]).toEqual({ reason: 'the reference is still being learnt' });
  });

  it('that an older service left open are no part of a later hour', async () => {
    const random = seededRandom(8);
    const previous = new MovingReference(fourHours, ['plan']);
    const open = openKey(fourHours, 'segments');
    const live = async (at: number, values: readonly string[]) => {
      const segments = values.map((value) => segmentOf(value, 600, random));
      return await previous.next({ start: at * hour, end: (at + 1) * hour }, { ...judged([]), segments });
    };
    await live(0, ['old']);
    const left = previous.stored.get(open)!;
    for (let at = 1; at < 5; at += 1) await live(at, ['new']);
    // It neither closed nor dropped what it did not know.
    previous.stored.set(open, left);
    await live(5, ['new']);
    for (const at of [6, 7, 8]) expect((await live(at, ['new'])).segments?.values('plan')).toEqual(['new']);
    const { slots } = decodeShelf(previous.stored.get(`${open.replace('open', '')}0`)!);
    expect(slots.map(({ start }) => start / hour)).toEqual([2, 3, 5, 6, 7]);
  });
});

function judged(segments: readonly ObservedSegment[], drifted: readonly string[] = []) {
  const whole = observation('x0', [0]);
  return {
    segments,
    observations: [whole],
    measurement: {
      rows: segments.reduce((sum, { rows }) => sum + rows, 0) || 10_000,
      features: [],
      segments: drifted.map(driftIn),
    },
  };
}

function segmentOf(
  value: string,
  rows: number,
  random: () => number,
  shift = 0,
  names: readonly string[] = ['x0'],
): ObservedSegment {
  const segment = { name: 'plan', value };
  const values = Array.from({ length: rows }, () => normal(random) + shift);
  const observations = names.map((name) => ({ ...observation(name, values), segment }));
  const outcomes = { confusion: new Map(), errors: { count: 0, sum: 0, absolute: 0, squared: 0 } };
  return { ...segment, rows, observations, outcomes };
}

function observation(name: string, values: readonly number[]): Observations {
  const histogram = new EdgeHistogram(edges);
  histogram.recordAll(Float64Array.from(values));
  const distribution = { kind: 'histogram', edges: edges.values, counts: histogram.counts, sum: 0 } as const;
  return {
    role: 'feature',
    name,
    referenceId: '',
    distributions: new Map([['none', distribution]]),
    categories: new Map(),
    statuses: new Map(),
  };
}

function driftIn(value: string): SegmentMeasurement {
  const feature: FeatureMeasurement = {
    name: 'x0',
    role: 'feature',
    kind: 'numeric',
    state: 'drift',
    horizon: 'window',
    part: 'distribution',
    rows: 300,
    size: 1,
    threshold: 0.2,
    detectableSize: 0.3,
    p: 0,
    pAdjusted: 0,
    direction: 'higher',
    calibrated: true,
    scores: {},
    violations: {},
    referenceId: 'seasonal:daily',
  };
  return { name: 'plan', value, rows: 300, share: 0.5, state: 'drift', features: [feature], performance: [] };
}
