import { BucketEdges, EdgeHistogram } from '@driftline/sketches';
import { describe, expect, it } from 'vitest';
import { JudgedModel } from '../../../../test/support/judged-model.ts';
import { normal, seededRandom } from '../../../../test/support/seeded-profile.ts';
import type { FeatureMeasurement } from '../evaluate/measurement.ts';
import type { Distribution, Observations } from '../evaluate/observations.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** A Monday. */
const start = Date.UTC(2026, 5, 1);
const seasonal = (cycle: string, more = '') => `defaults: { reference: { seasonal: ${cycle} }, ${more} }`;

describe('a weekly season', { timeout: 60_000 }, () => {
  const atWeekends = (at: number) => ([0, 6].includes(new Date(at).getUTCDay()) ? 0.8 : 0);

  it('knows the weekend from four of them, where a daily one takes it for drift', async () => {
    const random = seededRandom(1);
    const run = async (cycle: string, days: number, shift = 0) => {
      const model = new JudgedModel({ text: seasonal(cycle, 'window: { every: 1h }'), windowMs: hour, start });
      const judged: { readonly state: string | undefined; readonly isWeekend: boolean }[] = [];
      while (model.now < start + days * day) {
        const [at, isLast] = [model.now, model.now >= start + (days - 1) * day];
        const level = atWeekends(at) + (isLast ? shift : 0);
        const { features } = await model.next([numeric('x', 300, level, random)]);
        judged.push({ state: features[0]?.state, isWeekend: atWeekends(at) > 0 });
      }
      return judged;
    };
    const weekly = await run('weekly', 6 * 7 + 1, 0.7);
    expect(statesOf(weekly.slice(0, 4 * 168))).toEqual(['no_reference']);
    expect(statesOf(weekly.slice(4 * 168, 6 * 168))).toEqual(['ok']);
    expect(statesOf(weekly.slice(6 * 168))).toEqual(['drift']);
    const daily = await run('daily', 14);
    const weekend = daily.slice(4 * 24).filter(({ isWeekend }) => isWeekend);
    expect(weekend.filter(({ state }) => state === 'drift').length).toBeGreaterThan(weekend.length / 2);
  });
});

describe('a season of five-minute windows', { timeout: 120_000 }, () => {
  it('judges the hour as well, by the hour its middle lies in: what no window is sure of', async () => {
    const random = seededRandom(2);
    const model = new JudgedModel({ text: seasonal('daily'), windowMs: 5 * minute, start });
    const cycle = (at: number) => 0.5 * Math.sin((2 * Math.PI * (at + 2.5 * minute)) / day);
    const live = async (windows: number, shift: number) => {
      const features: FeatureMeasurement[] = [];
      for (let i = 0; i < windows; i += 1) {
        const { features: judged } = await model.next([numeric('x', 150, cycle(model.now) + shift, random)]);
        features.push(...judged);
      }
      return features;
    };
    await live(4 * 288, 0);
    const quiet = await live(2 * 288, 0);
    expect(statesOf(quiet)).not.toContain('drift');
    expect(new Set(quiet.map(({ calibrated }) => calibrated))).toEqual(new Set([true]));
    const shifted = await live(24, 0.27);
    const byTheHour = shifted.filter(({ state, horizon }) => state === 'drift' && horizon === '1h');
    expect(byTheHour.length).toBeGreaterThan(12);
    expect(byTheHour[0]).toMatchObject({ direction: 'higher', referenceId: 'seasonal:daily' });
    expect(shifted.filter(({ state, horizon }) => state === 'drift' && horizon === 'window').length).toBeLessThan(6);
  });
});

describe('what else has seasons', { timeout: 60_000 }, () => {
  it('categories: quiet in their cycle and wobble, found where one goes beyond', async () => {
    const random = seededRandom(3);
    const model = new JudgedModel({ text: seasonal('daily', 'window: { every: 1h }'), windowMs: hour, start });
    const live = async (windows: number, more: number) => {
      const features: FeatureMeasurement[] = [];
      for (let i = 0; i < windows; i += 1) {
        // The share of night rates follows the hour, and every day is a little different.
        const wobble = 0.03 * normal(random);
        const night = 0.4 + 0.25 * Math.cos((2 * Math.PI * model.now) / day) + wobble + more;
        features.push(
          ...(await model.next([categorical('rate', 400, { night, day: 0.9 - night, other: 0.1 }, random)])).features,
        );
      }
      return features;
    };
    expect(statesOf(await live(4 * 24, 0))).toEqual(['no_reference']);
    expect(statesOf(await live(4 * 24, 0))).not.toContain('drift');
    const moved = await live(4, 0.25);
    expect(statesOf(moved)).toEqual(['drift']);
    expect(moved[0]).toMatchObject({ kind: 'categorical', calibrated: true });
  });

  it('embeddings: quiet in their cycle, found where a direction changes', async () => {
    const random = seededRandom(4);
    const model = new JudgedModel({ text: seasonal('daily', 'window: { every: 1h }'), windowMs: hour, start });
    const live = async (windows: number, more: number) => {
      const features: FeatureMeasurement[] = [];
      for (let i = 0; i < windows; i += 1) {
        const level = 0.5 * Math.sin((2 * Math.PI * model.now) / day);
        features.push(...(await model.next([embedding('text', 400, [level, -level, more, 0], random)])).features);
      }
      return features;
    };
    expect(statesOf(await live(4 * 24, 0))).toEqual(['no_reference']);
    expect(statesOf(await live(4 * 24, 0))).toEqual(['ok']);
    const moved = await live(4, 0.8);
    expect(statesOf(moved)).toEqual(['drift']);
    expect(moved[0]).toMatchObject({ kind: 'embedding', calibrated: true });
  });
});

function statesOf(judged: readonly { readonly state: string | undefined }[]): readonly (string | undefined)[] {
  return [...new Set(judged.map(({ state }) => state))];
}

const edges = BucketEdges.of(Array.from({ length: 61 }, (_, i) => i / 10 - 3));

function numeric(name: string, rows: number, level: number, random: () => number): Observations {
  return { ...nothingOf(name, rows), distributions: new Map([['none', normals(rows, level, random)]]) };
}

/** The last is the length of the vectors. */
function embedding(name: string, rows: number, levels: readonly number[], random: () => number): Observations {
  const projections = levels.map(
    (level, i) => [i === levels.length - 1 ? -1 : i, normals(rows, level, random)] as const,
  );
  return { ...nothingOf(name, rows), distributions: new Map(projections) };
}

function categorical(
  name: string,
  rows: number,
  shares: Readonly<Record<string, number>>,
  random: () => number,
): Observations {
  const categories = new Map<string, number>();
  for (let row = 0; row < rows; row += 1) {
    let left = random();
    const drawn = Object.entries(shares).find(([, share]) => (left -= share) < 0)?.[0] ?? 'other';
    categories.set(drawn, (categories.get(drawn) ?? 0) + 1);
  }
  return { ...nothingOf(name, rows), categories };
}

function normals(rows: number, level: number, random: () => number): Distribution {
  const histogram = new EdgeHistogram(edges);
  histogram.recordAll(Float64Array.from({ length: rows }, () => normal(random) + level));
  return { kind: 'histogram', edges: edges.values, counts: histogram.counts, sum: 0 };
}

function nothingOf(name: string, rows: number): Observations {
  const statuses = new Map([['valid', rows]]);
  return { role: 'feature', name, referenceId: '', distributions: new Map(), categories: new Map(), statuses };
}
