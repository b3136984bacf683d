import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReferenceProfile, ProfileError } from '@driftline/sketches';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareFile } from '../compare.ts';
import { type BuildProfileOptions, buildProfile } from './build-profile.ts';
import { mergeProfiles } from './merge-profiles.ts';
import { seededRandom } from './seeded-random.ts';

const model = { name: 'credit', version: '1' };
const order = ['low', 'medium', 'high'];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-ordinal-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a profile of an ordinal column', () => {
  it('holds its order, which its id covers, and every word of it', async () => {
    const path = await fileOf('grades.csv', 3000, gradeOf([0.5, 0.5]));
    const { profile, notices } = await buildProfile({ path, model, ordinal: { grade: order } });
    expect(profile.features['grade']).toMatchObject({ order, categories: { high: 0 }, missing: 0 });
    expect(notices).toContain('column "grade": no row has "high" of its order.');
    expect(parseReferenceProfile(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    const reversed = await buildProfile({ path, model, ordinal: { grade: order.toReversed() } });
    expect(reversed.profile.id).not.toBe(profile.id);
  });

  it('counts values without a place in the order beside it, and says so', async () => {
    const path = await fileOf('beside.csv', 2000, (random, i) => (i % 20 === 0 ? 'n/a' : gradeOf([0.3, 0.4])(random)));
    const { profile, notices } = await buildProfile({ path, model, ordinal: { grade: order } });
    expect(profile.features['grade']).toMatchObject({ order, categories: { 'n/a': 100 } });
    expect(notices).toContain(
      'column "grade": 100 rows have "n/a", without a place in its order. They are counted as categories beside it.',
    );
    const same = await compareFile({ profile, path });
    expect(same.features[0]).toMatchObject({ state: 'ok', direction: 'unchanged' });
  });

  it('takes codes that are numbers', async () => {
    const path = await fileOf('codes.csv', 3000, (random) => String(1 + Math.floor(5 * random())));
    const ordinal = { grade: ['1', '2', '3', '4', '5'] };
    const { profile } = await buildProfile({ path, model, ordinal });
    expect(profile.features['grade']).toMatchObject({ kind: 'categorical', order: ordinal.grade });
  });

  it('finds a file whose grades went up', async () => {
    const { profile } = await built('train.csv', [0.3, 0.4]);
    const path = await fileOf('up.csv', 1500, gradeOf([0.2, 0.4]));
    const { drifted, features } = await compareFile({ profile, path });
    expect(drifted).toBe(true);
    expect(features[0]).toMatchObject({
      state: 'drift',
      direction: expect.stringMatching(/^higher, category "(low|high)"/),
      judgedBy: { summary: '3 ordered categories' },
    });
    for (const method of ['kolmogorov-smirnov', 'wasserstein', 'psi']) {
      expect(features[0]?.scores[method], method).toBeGreaterThan(0);
    }
    const { features: reversed } = await compareFile({
      profile,
      path,
      declared: { grade: { order: order.toReversed() } },
    });
    expect(reversed[0]?.direction).toMatch(/^lower/);
  });

  it('measures how far dependent rows move along the order, which a table of many words would hide', async () => {
    const steps = Array.from({ length: 12 }, (_, i) => `step ${i}`);
    const random = seededRandom(5);
    let level = 0;
    const lines = Array.from({ length: 20_000 }, (_, i) => {
      if (i % 100 === 0) level = random() - 0.5;
      const place = Math.min(11, Math.max(0, Math.floor(6 + 3 * level + 12 * (random() - 0.5))));
      return `${steps[place]},${i}`;
    });
    const path = join(folder, 'wander.csv');
    await writeFile(path, `grade,at\n${lines.join('\n')}\n`);
    const [ordinal, categorical] = await Promise.all([
      buildProfile({ path, model, time: 'at', ordinal: { grade: steps } }),
      buildProfile({ path, model, time: 'at' }),
    ]);
    const phiOf = ({ profile }: typeof ordinal) => profile.features['grade']?.phi ?? 0;
    expect(phiOf(ordinal)).toBeGreaterThan(1.5 * phiOf(categorical));
  });

  it('keeps the order for its segments, and when parts are merged', async () => {
    const path = join(folder, 'segments.csv');
    const random = seededRandom(3);
    const rows = Array.from({ length: 4000 }, (_, i) => `${gradeOf([0.3, 0.4])(random)},${['DE', 'FR'][i % 2]}`);
    await writeFile(path, `grade,country\n${rows.join('\n')}\n`);
    const { profile } = await buildProfile({ path, model, ordinal: { grade: order }, segments: ['country'] });
    expect(profile.segments?.['country']?.['DE']?.features['grade']).not.toHaveProperty('order');
    const { segments } = await compareFile({ profile, path, segments: ['country'] });
    expect(segments?.map(({ features }) => features[0]?.judgedBy.summary)).toEqual([
      '3 ordered categories',
      '3 ordered categories',
    ]);
    const merged = mergeProfiles([profile, profile]);
    expect(merged.features['grade']).toMatchObject({ order });
    const { profile: other } = await buildProfile({ path, model, segments: ['country'] });
    expect(() => mergeProfiles([profile, other])).toThrow(ProfileError);
    expect(() => mergeProfiles([profile, other])).toThrow(/"grade": its categories are in another order/);
  });

  it.each<[Partial<BuildProfileOptions>, RegExp]>([
    [{ ordinal: { graed: order } }, /has no column "graed"; it has grade\. Did you mean grade\?$/],
    [{ ordinal: { grade: ['low'] } }, /column "grade" has one category, "low"; two are needed/],
    [{ ordinal: { grade: ['low', 'high', 'low'] } }, /has "low", which has a place in the order already\.$/],
    [{ ordinal: { grade: ['low', ''] } }, /has "", which has no name\.$/],
    [
      { ordinal: { grade: ['low', '_unseen'] } },
      /has "_unseen", which is what Driftline counts other categories under/,
    ],
    [{ ordinal: { grade: Array.from({ length: 101 }, (_, i) => `${i}`) } }, /has 101 categories; 100 are the most/],
    [{ ordinal: { grade: order }, exclude: ['grade'] }, /is declared, and the column is excluded/],
    [{ ordinal: { grade: order }, time: 'grade' }, /the column is the time of the rows/],
    [
      { ordinal: { grade: ['Low', 'High'] } },
      /none of its values is in the order "Low", "High"; it has "medium", "low"/,
    ],
  ])('is refused for %j', async (options, message) => {
    const path = await fileOf('refused.csv', 100, gradeOf([0.3, 0.5]));
    await expect(buildProfile({ path, model, ...options })).rejects.toThrow(message);
  });
});

/** Shares of low and medium; the rest is high. */
function gradeOf([low = 0, medium = 0]: readonly number[]) {
  return (random: () => number): string => {
    const u = random();
    return u < low ? 'low' : u < low + medium ? 'medium' : 'high';
  };
}

async function built(name: string, shares: readonly number[]) {
  const path = await fileOf(name, 10_000, gradeOf(shares));
  return buildProfile({ path, model, ordinal: { grade: order } });
}

async function fileOf(name: string, rows: number, cell: (random: () => number, i: number) => string): Promise<string> {
  const random = seededRandom(rows);
  const path = join(folder, name);
  await writeFile(path, `grade\n${Array.from({ length: rows }, (_, i) => cell(random, i)).join('\n')}\n`);
  return path;
}
