import { CoMoments } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { MovingReference } from '../../../../test/support/moving-reference.ts';
import { normal, seededRandom } from '../../../../test/support/seeded-profile.ts';
import { compareMoments, type KnownMoments } from '../evaluate/multivariate/compared-moments.ts';
import { correlationShift } from '../evaluate/multivariate/correlation-shift.ts';
import type { ReportedMoments } from '../evaluate/multivariate/reported-moments.ts';
import type { CorrelationMeasurement } from '../evaluate/measurement.ts';
import type { Observations } from '../evaluate/observations.ts';
import type { CapturedMoments } from './captured.ts';
import { decodeShelf } from './reference-entries.ts';
import { openKey, rollingPlan } from './rolling-plan.ts';
import { pooledWithin } from './rolling-moments.ts';

const hour = 3_600_000;
const day = 24 * hour;
const names = ['w', 'x', 'y', 'z'];
const daily = rollingPlan({ kind: 'seasonal', cycle: 'daily' }, hour, 100);

describe('correlations of several hours together', () => {
  it('are those inside of the hours: what the level of an hour does is none', () => {
    const random = seededRandom(1);
    const hours = Array.from({ length: 24 }, (_, at) =>
      momentsOf(2000, { r: 0.5, level: Math.sin((Math.PI * at) / 12) }, random),
    );
    const { count, means, sums } = pooledWithin(hours);
    expect(count).toBe(24 * 2000 - 23);
    const within = CoMoments.from({ features: names.map((name) => ({ name, mean: 0, sd: 1 })), count, means, sums });
    expect(within.correlation(0, 1)).toBeCloseTo(0.5, 1);
    expect(within.means[0]).toBeCloseTo(0, 1);
    // Of all rows as one, the level makes half of the variance, and goes the same way in all features.
    const all = new CoMoments(within.features);
    for (const one of hours) all.merge(CoMoments.from({ features: within.features, ...one }));
    expect(all.correlation(0, 1)).toBeGreaterThan(0.6);
  });

  it('are exactly those of rows from which each hour has had its mean taken', () => {
    const random = seededRandom(2);
    const features = names.slice(0, 2).map((name) => ({ name, mean: 0, sd: 1 }));
    const centred = new CoMoments(features);
    const parts = [0, 1, -1].map((level) => {
      const part = new CoMoments(features);
      const rows = Array.from({ length: 50 }, () => [random() - 0.5 + level, random() - 0.5 + level]);
      for (const row of rows) part.record(row);
      for (const [x = 0, y = 0] of rows) centred.record([x - part.means[0]!, y - part.means[1]!]);
      return { referenceId: '', names: ['w', 'x'], count: 50, means: [...part.means], sums: [...part.sums] };
    });
    pooledWithin(parts).sums.forEach((sum, i) => expect(sum).toBeCloseTo(centred.sums[i]!, 10));
  });
});

describe('correlations against a season', { timeout: 120_000 }, () => {
  it('keep their level where days differ, which rows taken for independent do not', async () => {
    const random = seededRandom(20261129);
    const level = 0.05;
    let [windows, alarms, alarmsWithoutMeasure, found] = [0, 0, 0, 0];
    for (let season = 0; season < 6; season += 1) {
      // From one day to the next the same hour goes together by 0.3 to 0.65.
      const wobbling = () => momentsOf(600, { r: Math.tanh(Math.atanh(0.5) + 0.2 * normal(random)) }, random);
      const moving = new MovingReference(daily);
      for (let at = 0; at < 8 * 24; at += 1) {
        const reported = wobbling();
        const window = { start: at * hour, end: (at + 1) * hour };
        const references = await moving.next(window, { observations: [someRows], moments: [reported] });
        const known = at < 7 * 24 ? undefined : references.moments?.(reported);
        if (known === undefined) continue;
        const { seasonal: _, ...unmeasured } = known;
        windows += 1;
        alarms += p(known, reported) < level ? 1 : 0;
        alarmsWithoutMeasure += p(unmeasured, reported) < level ? 1 : 0;
        expect(known.seasonal?.rows).toBeCloseTo(600, 5);
        // Four times as far from 0.5 as one day in three is.
        found += p(known, momentsOf(600, { r: 0.9 }, random)) < level ? 1 : 0;
      }
    }
    expect(windows).toBe(6 * 24);
    // Of a binomial of 144 windows at 0.05, one in a thousand is above 16.
    expect(alarms).toBeLessThanOrEqual(16);
    expect(alarmsWithoutMeasure).toBeGreaterThan(16);
    expect(found).toBe(windows);
  });

  it('are found where they change, and stay compared with the days before it', async () => {
    const random = seededRandom(3);
    const moving = new MovingReference(daily);
    const states: string[] = [];
    for (let at = 0; at < 21 * 24; at += 1) {
      const changed = at >= 6 * 24;
      const reported = momentsOf(600, { r: changed ? 0 : 0.5 }, random);
      const window = { start: at * hour, end: (at + 1) * hour };
      const measurement = { rows: 600, features: [], ...(changed && { correlation: driftOf(daily.id) }) };
      const references = await moving.next(window, { observations: [someRows], moments: [reported], measurement });
      const known = references.moments?.(reported);
      const compared = known && compareMoments(known, reported);
      const state = compared === undefined ? 'learning' : correlationShift(compared, 1e-4).state;
      if (states.at(-1) !== state) states.push(state);
    }
    expect(states).toEqual(['learning', 'ok', 'drift']);
  });

  it('need the same profile at the senders, for as many days', async () => {
    const random = seededRandom(4);
    const moving = new MovingReference(daily);
    const has: boolean[] = [];
    for (let at = 0; at < 12; at += 1) {
      const reported = { ...momentsOf(600, { r: 0.5 }, random), referenceId: at < 6 ? 'a' : 'b' };
      const window = { start: at * day, end: at * day + hour };
      const references = await moving.next(window, { observations: [someRows], moments: [reported] });
      const known = references.moments?.(reported);
      // One hour a day: of seven days there are six differences.
      expect(known?.seasonal).toBeUndefined();
      has.push(known !== undefined);
    }
    expect(has).toEqual([false, false, false, false, true, true, false, false, false, false, true, true]);
  });
});

describe('correlations of one window a day', () => {
  it('are judged by how far they wobble where 21 days are kept', async () => {
    const random = seededRandom(7);
    const plan = rollingPlan({ kind: 'seasonal', cycle: 'daily', periods: 21 }, day, 100);
    const moving = new MovingReference(plan);
    const known: boolean[] = [];
    for (let at = 0; at < 30; at += 1) {
      const reported = momentsOf(600, { r: 0.5 }, random);
      const window = { start: at * day, end: (at + 1) * day };
      const references = await moving.next(window, { observations: [someRows], moments: [reported] });
      known.push(references.moments?.(reported)?.seasonal !== undefined);
    }
    expect(known.indexOf(true)).toBe(21);
    expect(known.slice(21)).not.toContain(false);
  });
});

describe('correlations against the period before', () => {
  const fourHours = rollingPlan({ kind: 'previous', periodMs: 4 * hour }, hour, 100);

  it('are there while it had hours without complete rows, whichever these are', async () => {
    const random = seededRandom(5);
    const moving = new MovingReference(fourHours);
    const rows: number[] = [];
    for (let at = 0; at < 14; at += 1) {
      const reported = momentsOf(600, { r: 0.5 }, random);
      const moments = at % 5 === 0 ? [] : [reported];
      const references = await moving.next(
        { start: at * hour, end: (at + 1) * hour },
        { observations: [someRows], moments },
      );
      rows.push(Math.round((references.moments?.(reported)?.count ?? 0) / 600));
    }
    expect(rows).toEqual([0, 0, 0, 0, 3, 4, 3, 3, 3, 3, 4, 3, 3, 3]);
  });

  it('are of the hour that they were counted in, also where an older service left some open', async () => {
    const random = seededRandom(6);
    const moving = new MovingReference(fourHours);
    const live = async (at: number, r: number) => {
      const reported = momentsOf(600, { r }, random);
      const window = { start: at * hour, end: (at + 1) * hour };
      return (await moving.next(window, { observations: [someRows], moments: [reported] })).moments?.(reported);
    };
    await live(0, -0.9);
    const open = openKey(fourHours, 'moments');
    const left = moving.stored.get(open)!;
    for (let at = 1; at < 6; at += 1) await live(at, 0.5);
    moving.stored.set(open, left);
    await live(6, 0.5);
    const { slots } = decodeShelf(moving.stored.get(`${open.replace('open', '')}0`)!);
    expect(slots.map(({ start }) => start / hour)).toEqual([0, 1, 2, 3, 4]);
  });
});

const someRows: Observations = {
  role: 'feature',
  name: 'w',
  referenceId: '',
  distributions: new Map(),
  categories: new Map([['a', 600]]),
  statuses: new Map(),
};

/** Rows in which each two features have the correlation r. */
function momentsOf(
  rows: number,
  { r, level = 0 }: { readonly r: number; readonly level?: number },
  random: () => number,
): CapturedMoments {
  const moments = new CoMoments(names.map((name) => ({ name, mean: 0, sd: 1 })));
  const [common, own] = [Math.sqrt(Math.max(0, r)), Math.sqrt(1 - Math.max(0, r))];
  for (let row = 0; row < rows; row += 1) {
    const shared = normal(random);
    moments.record(names.map(() => level + common * shared + own * normal(random)));
  }
  return { referenceId: 'a', names, count: moments.count, means: [...moments.means], sums: [...moments.sums] };
}

function p(known: KnownMoments, reported: ReportedMoments): number {
  const compared = compareMoments(known, reported);
  if (compared === undefined) throw new Error('all features are in both');
  const { p, testedPairs } = correlationShift(compared, 0.05);
  if (testedPairs !== 6) throw new Error('all pairs are tested');
  return p;
}

function driftOf(referenceId: string): CorrelationMeasurement {
  return {
    referenceId,
    state: 'drift',
    horizon: 'window',
    rows: 600,
    size: 0.5,
    frobenius: 1,
    threshold: 0.2,
    detectableSize: 0.3,
    p: 0,
    direction: '',
    calibrated: true,
    testedPairs: 6,
    pairs: [],
  };
}
