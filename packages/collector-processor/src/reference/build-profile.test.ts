import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReferenceProfile } from '@driftline/sketches';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareFile } from '../compare.ts';
import { Database, sqlPath } from '../files/database.ts';
import { type BuildProfileOptions, buildProfile } from './build-profile.ts';
import type { BuildProgress } from './file-passes.ts';
import { mergeProfiles } from './merge-profiles.ts';
import { seededRandom } from './seeded-random.ts';

const model = { name: 'employment', version: '7' };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-profile-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a profile built from a file', () => {
  it('has a reference for each column, by what it holds', async () => {
    const path = await tableOf('kinds.csv', 2000, (i, random) => ({
      age: 20 + Math.floor(random() * 50),
      income: i % 10 === 0 ? '' : random() * 1000,
      state: ['NY', 'CA', 'TX'][i % 3],
      member: i % 4 === 0,
      vector: `"[${random()},${random()},1]"`,
      id: `user-${i}`,
      at: new Date(i * 60_000).toISOString(),
    }));
    const { profile, skipped } = await buildProfile({ path, model });
    expect(parseReferenceProfile(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    expect(profile).toMatchObject({ model, rows: 2000, outputs: {} });
    expect(profile.features).toMatchObject({
      age: { kind: 'numeric', missing: 0 },
      income: { kind: 'numeric', missing: 200 },
      state: { kind: 'categorical', categories: { NY: 667, CA: 667, TX: 666 } },
      member: { kind: 'categorical', categories: { true: 500, false: 1500 } },
      vector: { kind: 'embedding', dimensions: 3, seed: 'vector', missing: 0 },
    });
    expect(skipped).toEqual([
      { column: 'id', reason: 'its 2000 different texts look like names or ids' },
      { column: 'at', reason: 'it holds times' },
    ]);
  });

  it('does as it is told about codes, outputs and columns to leave out', async () => {
    const path = await tableOf('told.csv', 1000, (i, random) => ({
      zip: 10_000 + (i % 7),
      age: random(),
      score: random(),
      n: i,
    }));
    const { profile } = await buildProfile({ path, model, categorical: ['zip'], exclude: ['n'], outputs: ['score'] });
    expect(Object.keys(profile.features)).toEqual(['zip', 'age']);
    expect(profile.features['zip']?.kind).toBe('categorical');
    expect(Object.keys(profile.outputs)).toEqual(['score']);
  });

  it('is the same for the same rows, whatever the format, and whenever it was built', async () => {
    const csv = await tableOf('same.csv', 3000, (i, random) => ({ x: random(), state: ['NY', 'CA'][i % 2] }));
    const [jsonl, parquet] = [join(folder, 'same.jsonl'), join(folder, 'same.parquet')];
    using database = await Database.open();
    const rows = `SELECT CAST(x AS DOUBLE) AS x, state FROM read_csv(${sqlPath(csv)}, all_varchar = true)`;
    await database.rows(`COPY (${rows}) TO ${sqlPath(jsonl)} (FORMAT json)`);
    await database.rows(`COPY (${rows}) TO ${sqlPath(parquet)} (FORMAT parquet)`);
    const built = await Promise.all([
      buildProfile({ path: csv, model }),
      buildProfile({ path: jsonl, model, createdAt: new Date(0) }),
      buildProfile({ path: parquet, model }),
    ]);
    expect(new Set(built.map(({ profile }) => profile.id)).size).toBe(1);
  });

  it('counts every row exactly, beyond the sample that chose the edges', async () => {
    const path = await tableOf('large.csv', 150_000, (_, random) => ({ x: random() * random() }));
    const progress: BuildProgress[] = [];
    const { profile } = await buildProfile({ path, model, onProgress: (step) => progress.push(step) });
    const x = profile.features['x'];
    if (x?.kind !== 'numeric') throw new Error('x is numeric');
    expect(x.counts.reduce((sum, count) => sum + count, 0)).toBe(150_000);
    expect([x.counts[0], x.counts.at(-1)]).toEqual([0, 0]);
    const deciles = [...x.bins[10], x.edges.length].map((edge, i, all) =>
      x.counts.slice(i === 0 ? 0 : (all[i - 1] ?? 0) + 1, edge + 1).reduce((sum, count) => sum + count, 0),
    );
    for (const decile of deciles) expect(decile / 150_000).toBeCloseTo(0.1, 2);
    expect(progress.at(-1)).toEqual({ pass: 2, passes: 2, rows: 150_000, totalRows: 150_000 });
  });

  it.each<[string, Partial<BuildProfileOptions>, RegExp]>([
    ['an unknown column', { exclude: ['agee'] }, /no column "agee"; it has x, at/],
    ['a time that is none', { time: 'x', categorical: [] }, /no cell of column "x" is a time/],
  ])('is refused for %s', async (_, options, message) => {
    const path = await tableOf('refused.csv', 10, (i) => ({ x: 'text', at: i }));
    await expect(buildProfile({ path, model, ...options })).rejects.toThrow(message);
  });

  it('is refused for a header without rows', async () => {
    const path = join(folder, 'header.csv');
    await writeFile(path, 'x,y\n');
    await expect(buildProfile({ path, model, categorical: ['x'] })).rejects.toThrow(/a header and no rows/);
  });
});

describe('calibration by time', () => {
  it('finds independent rows nearly independent', async () => {
    const { profile, notices } = await buildProfile({
      path: await tableOf('iid.csv', 50_000, sittings(0)),
      model,
      time: 'at',
    });
    expect(profile.calibration).toMatchObject({ c: 50, m: 1000 });
    expect(profile.features['x']?.phi).toBeGreaterThanOrEqual(1);
    expect(profile.features['x']?.phi).toBeLessThan(2);
    expect(profile.features).not.toHaveProperty('at');
    expect(notices).toEqual([]);
  });

  it('finds how much twenty rows a user with a correlation of 0.1 inflate: 2.9 times', async () => {
    const { profile } = await buildProfile({
      path: await tableOf('users.csv', 50_000, sittings(0.1)),
      model,
      time: 'at',
    });
    expect(profile.features['x']?.phi).toBeGreaterThan(2);
    expect(profile.features['x']?.phi).toBeLessThan(5);
  });

  it('does not depend on the order of the rows in the file', async () => {
    const path = await tableOf('ordered.csv', 20_000, sittings(0.1));
    const shuffled = join(folder, 'shuffled.csv');
    using database = await Database.open();
    await database.rows(
      `COPY (SELECT * FROM read_csv(${sqlPath(path)}, all_varchar = true) ORDER BY hash("at")) TO ${sqlPath(shuffled)} (FORMAT csv)`,
    );
    const [a, b] = [
      await buildProfile({ path, model, time: 'at' }),
      await buildProfile({ path: shuffled, model, time: 'at' }),
    ];
    expect(b.profile.features['x']?.phi).toBeCloseTo(a.profile.features['x']?.phi ?? 0, 9);
  });

  it('says so where there are too few different times', async () => {
    const path = await tableOf('days.csv', 2000, (i, random) => ({ day: `2026-01-0${1 + (i % 7)}`, x: random() }));
    const { profile, notices } = await buildProfile({ path, model, time: 'day' });
    expect(profile.calibration).toBeUndefined();
    expect(notices.join()).toMatch(/"day" has only 7 different times/);
  });
});

describe('a file compared with a profile', () => {
  it('drifts in what moved', async () => {
    const { profile } = await buildProfile({ path: await tableOf('training.csv', 10_000, applicants(0)), model });
    const quiet = await compareFile({ profile, path: await tableOf('quiet.csv', 2000, applicants(0), 2) });
    expect(quiet).toMatchObject({ drifted: false, rows: 2000 });
    const moved = await compareFile({ profile, path: await tableOf('moved.csv', 2000, applicants(0.4), 3) });
    expect(moved.drifted).toBe(true);
    expect(moved.features).toMatchObject([
      { name: 'x', state: 'drift', direction: 'higher', rows: 2000 },
      { name: 'state', state: 'ok' },
    ]);
  });

  it('is refused where a feature has no column', async () => {
    const { profile } = await buildProfile({ path: await tableOf('both.csv', 1000, applicants(0)), model });
    const path = await tableOf('half.csv', 100, (_, random) => ({ x: random(), z: 1 }));
    await expect(compareFile({ profile, path })).rejects.toThrow(/lacks "state" of the profile; it has x, z/);
  });
});

describe('merged profiles', () => {
  it('equal the profile of all rows, on the same edges', async () => {
    const [first, second] = [await tableOf('a.csv', 1000, dice), await tableOf('b.csv', 2000, dice, 2)];
    const all = join(folder, 'all.csv');
    using database = await Database.open();
    await database.rows(
      `COPY (SELECT * FROM read_csv([${sqlPath(first)}, ${sqlPath(second)}], all_varchar = true)) TO ${sqlPath(all)} (FORMAT csv)`,
    );
    const [a, b, whole] = await Promise.all([first, second, all].map((path) => buildProfile({ path, model })));
    if (a === undefined || b === undefined || whole === undefined) throw new Error('three profiles');
    const merged = mergeProfiles([a.profile, b.profile]);
    expect(parseReferenceProfile(merged)).toBe(merged);
    expect(merged.rows).toBe(3000);
    // How many values differ does not add up.
    const counted = (name: string) => ({ ...whole.profile.features[name], distinct: undefined });
    expect({ ...merged.features['state'], distinct: undefined }).toEqual(counted('state'));
    expect(merged.duplicates).toBeUndefined();
    const [x, expected] = [merged.features['x'], whole.profile.features['x']];
    if (x?.kind !== 'numeric' || expected?.kind !== 'numeric') throw new Error('x is numeric');
    expect(expected.distinct).toBeGreaterThan(2);
    expect(x.distinct).toBeUndefined();
    expect({ ...x, mean: 0, sd: 0, bins: {} }).toEqual({ ...counted('x'), mean: 0, sd: 0, bins: {} });
    expect(x.mean).toBeCloseTo(expected.mean, 9);
    expect(x.sd).toBeCloseTo(expected.sd, 9);
  });

  it('are refused on different edges', async () => {
    const [a, b] = [1, 2].map((seed) => tableOf(`edges-${seed}.csv`, 1000, (_, random) => ({ x: random() }), seed));
    const built = [
      await buildProfile({ path: (await a) ?? '', model }),
      await buildProfile({ path: (await b) ?? '', model }),
    ];
    const [one, other] = built.map(({ profile }) => profile);
    if (one === undefined || other === undefined) throw new Error('two profiles');
    expect(() => mergeProfiles([one, other])).toThrow(/feature "x": its edges differ/);
  });
});

type Row = (i: number, random: () => number) => Readonly<Record<string, unknown>>;

/** Rows come in sittings of twenty, as of one user: their level is shared. */
function sittings(shared: number): Row {
  let level = 0;
  return (i, random) => {
    if (i % 20 === 0) level = normal(random);
    return { at: i, x: Math.sqrt(shared) * level + Math.sqrt(1 - shared) * normal(random), y: normal(random) };
  };
}

function applicants(shift: number): Row {
  return (i, random) => ({ x: normal(random) + shift, state: ['NY', 'CA', 'TX'][i % 3] });
}

function dice(i: number, random: () => number) {
  return { x: Math.floor(random() * 20), state: ['NY', 'CA'][i % 2] };
}

async function tableOf(name: string, rows: number, row: Row, seed = 1): Promise<string> {
  const random = seededRandom(seed);
  const table = Array.from({ length: rows }, (_, i) => row(i, random));
  const path = join(folder, name);
  await writeFile(
    path,
    [Object.keys(table[0] ?? {}), ...table.map(Object.values)].map((cells) => `${cells.join(',')}\n`).join(''),
  );
  return path;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
