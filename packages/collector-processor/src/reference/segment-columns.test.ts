import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReferenceProfile, type ReferenceProfile } from '@driftline/sketches';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareFile } from '../compare.ts';
import { buildProfile } from './build-profile.ts';
import { mergeProfiles } from './merge-profiles.ts';
import { seededRandom } from './seeded-random.ts';

const model = { name: 'bills', version: '1' };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-segments-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Twenty thousand rows: three countries, one too rare, and rows without any. */
const row = (i: number, random: () => number) => ({
  at: i,
  country: i % 10 < 5 ? 'DE' : i % 10 < 8 ? 'FR' : i % 10 === 8 ? '' : i % 1000 === 9 ? 'LI' : 'IT',
  code: 10 + (i % 3),
  x: (i % 10 < 5 ? 0 : 5) + random(),
  state: ['NY', 'CA', 'TX'][i % 3],
  vector: `"[${random()},${random()}]"`,
});

async function tableOf(name: string, rows: number, make: typeof row, seed = 1): Promise<string> {
  const random = seededRandom(seed);
  const table = Array.from({ length: rows }, (_, i) => make(i, random));
  const path = join(folder, name);
  const lines = [Object.keys(table[0] ?? {}), ...table.map(Object.values)].map((cells) => `${cells.join(',')}\n`);
  await writeFile(path, lines.join(''));
  return path;
}

const segmentsOf = ({ segments = {} }: ReferenceProfile, name: string) =>
  Object.entries(segments[name] ?? {}).map(([value, { rows }]) => [value, rows]);

describe('segments of a profile', { timeout: 60_000 }, () => {
  it('are the values with enough rows, on the edges of the whole; the rest is said', async () => {
    const path = await tableOf('training.csv', 20_000, row);
    const { profile, notices } = await buildProfile({ path, model, time: 'at', segments: ['country', 'code'] });
    expect(parseReferenceProfile(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    expect(segmentsOf(profile, 'country')).toEqual([
      ['DE', 10_000],
      ['FR', 6000],
      ['IT', 1980],
    ]);
    expect(segmentsOf(profile, 'code').map(([value]) => value)).toEqual(['10', '11', '12']);
    expect(notices.join('\n')).toMatch(/2000 rows have no country/);
    expect(notices.join('\n')).toMatch(/1 values of country with 20 rows are no segments/);
    const german = profile.segments?.['country']?.['DE'];
    expect(Object.keys(german?.features ?? {})).toEqual(['code', 'x', 'state', 'vector']);
    expect(german?.calibration).toMatchObject({ c: 50, m: 200 });
    const [own, whole] = [german?.features['x'], profile.features['x']];
    if (own?.kind !== 'numeric' || whole?.kind !== 'numeric') throw new Error('x is numeric');
    expect(own.counts).toHaveLength(whole.counts.length);
    expect([own.max < 1, whole.max > 5]).toEqual([true, true]);
  });

  it('are in the id, and a program that does not know them reads the profile as any other', async () => {
    const path = await tableOf('small.csv', 3000, row);
    const [with_, without] = [
      await buildProfile({ path, model, segments: ['country'] }),
      await buildProfile({ path, model }),
    ];
    expect(with_.profile.id).not.toBe(without.profile.id);
    const { segments: _, id: __, ...rest } = with_.profile;
    const { id: ___, ...expected } = without.profile;
    expect(rest).toEqual(expected);
  });

  it.each([
    ['vector', /column "vector" holds a vector in each row, which cuts no segments/],
    ['at', /column "at" is the time of the rows/],
    ['land', /no column "land"; it has at, country/],
  ])('are refused for %s', async (segment, message) => {
    const path = await tableOf('refused.csv', 600, row);
    await expect(buildProfile({ path, model, time: 'at', segments: [segment] })).rejects.toThrow(message);
  });

  it('are none of an attribute that tells rows apart, and the profile is built all the same', async () => {
    const path = await tableOf('ids.csv', 3000, (i, random) => ({ ...row(i, random), country: `user-${i}` }));
    const { profile, notices } = await buildProfile({ path, model, segments: ['country'] });
    expect(segmentsOf(profile, 'country')).toEqual([]);
    expect(notices.join()).toMatch(/3000 values of country with 3000 rows are no segments/);
  });

  it('add up in a merged profile, and are refused where only one of them has any', async () => {
    const path = await tableOf('part.csv', 3000, row);
    const { profile: part } = await buildProfile({ path, model, segments: ['country'] });
    const merged = mergeProfiles([part, part]);
    expect(parseReferenceProfile(merged)).toBe(merged);
    expect(segmentsOf(merged, 'country')).toEqual([
      ['DE', 3000],
      ['FR', 1800],
    ]);
    const { profile: other } = await buildProfile({ path, model });
    expect(() => mergeProfiles([part, other])).toThrow(/only one of them has segments of "country"/);
  });

  it('are compared each with its own rows; what has none is never judged', async () => {
    const { profile } = await buildProfile({
      path: await tableOf('reference.csv', 20_000, row),
      model,
      exclude: ['at', 'country'],
      segments: ['country'],
    });
    const moved = await tableOf(
      'moved.csv',
      6000,
      (i, random) => {
        const { country, x, ...others } = row(i, random);
        return { ...others, country: i % 100 === 9 ? 'XX' : country, x: country === 'FR' ? x + 0.4 : x };
      },
      2,
    );
    const { segments = [], drifted } = await compareFile({ profile, path: moved, segments: ['country'] });
    expect(drifted).toBe(true);
    expect(segments.map(({ value, state }) => [value, state])).toEqual([
      ['DE', 'ok'],
      ['FR', 'drift'],
      ['IT', 'ok'],
      ['XX', 'no_reference'],
    ]);
    expect(segments.at(-1)).toMatchObject({ reason: expect.stringMatching(/fewer than 500 rows/), features: [] });
    expect(segments[0]).toMatchObject({ rows: 3000, share: 0.5, referenceShare: 0.5 });
  });
});
