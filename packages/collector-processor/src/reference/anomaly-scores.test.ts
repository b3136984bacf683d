import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EdgeHistogram, BucketEdges, parseReferenceProfile, rowScorer } from '@driftline/sketches';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backtestFile } from '../backtest.ts';
import { compareFile } from '../compare.ts';
import { parseSettings } from '../settings.ts';
import { type BuildProfileOptions, buildProfile } from './build-profile.ts';
import type { BuildProgress } from './file-passes.ts';
import { mergeProfiles } from './merge-profiles.ts';
import { seededRandom } from './seeded-random.ts';

const model = { name: 'credit', version: '1' };
const random = seededRandom(17);
/** Two that go together, one of which a tenth is missing, and a word. */
const rows = Array.from({ length: 3000 }, (_, i) => {
  const common = random() + random();
  return { income: 100 * common, loan: i % 10 === 0 ? null : 3 * common + random(), grade: ['a', 'b'][i % 2] };
});

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-anomaly-'));
  path = join(folder, 'loans.csv');
  const lines = rows.map(({ income, loan, grade }, i) => `${income},${loan ?? ''},${grade},${i},${i % 7}`);
  await writeFile(path, `income,loan,grade,at,anomaly_score\n${lines.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const build = (more: Partial<BuildProfileOptions> = {}) =>
  buildProfile({ path, model, exclude: ['anomaly_score'], time: 'at', anomalyScores: true, ...more });

describe('the anomaly scores of a reference', () => {
  it('are those that live rows would have, row by row, calibrated as any column', async () => {
    const progress: BuildProgress[] = [];
    const { profile } = await build({ onProgress: (step) => progress.push(step) });
    const reference = profile.outputs['anomaly_score'];
    if (reference?.kind !== 'numeric') throw new Error('scores are numbers');
    const scorer = rowScorer(profile);
    const live = new EdgeHistogram(BucketEdges.of(reference.edges));
    for (const row of rows) live.record(scorer?.score(row) ?? Number.NaN);
    expect(Array.from(live.counts)).toEqual(reference.counts);
    expect(reference).toMatchObject({ missing: 0, phi: expect.any(Number) });
    expect(parseReferenceProfile(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    expect(progress.at(-1)).toEqual({ pass: 4, passes: 4, rows: 3000, totalRows: 3000 });
  });

  it('are those that a file is compared with, which is scored in the same way', async () => {
    const { profile } = await build({ time: undefined, exclude: ['anomaly_score', 'at'] });
    const same = await compareFile({ profile, path });
    expect(same.absentOutputs).toEqual([]);
    expect(same.features.find(({ name }) => name === 'anomaly_score')).toMatchObject({
      state: 'ok',
      size: 0,
      rows: 3000,
    });
    const torn = join(folder, 'torn.csv');
    const lines = rows.map(({ income, grade }, i) => `${income},${rows[(i * 7 + 1) % 3000]?.loan ?? ''},${grade}`);
    await writeFile(torn, `income,loan,grade\n${lines.join('\n')}\n`);
    const { features, states } = await compareFile({ profile, path: torn });
    expect(features.find(({ name }) => name === 'anomaly_score')).toMatchObject({ state: 'drift' });
    expect(states).toEqual({ features: 'ok', predictions: 'drift' });
  });

  it('are judged in a backtest, as of live rows', async () => {
    const { profile } = await build({ time: undefined, exclude: ['anomaly_score', 'at'] });
    await writeFile(join(folder, 'credit.json'), JSON.stringify(profile));
    const settings = parseSettings({
      text: 'models: { credit: { reference: ./credit.json, window: { every: 10m }, drift: { horizons: [window] } } }',
      file: 'driftline.yaml',
      directory: folder,
      environment: {},
      readSecretFile: () => '',
    });
    const states: string[] = [];
    await backtestFile({
      path,
      time: 'at',
      settings,
      now: Date.now(),
      onWindow: ({ features }) => states.push(features.find(({ name }) => name === 'anomaly_score')?.state ?? 'absent'),
    });
    expect(states).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  });

  it('are no part of merged profiles, by which other rows are usual', async () => {
    const { profile } = await build();
    const merged = mergeProfiles([profile, profile]);
    expect(merged.outputs).toEqual({});
    expect(merged).not.toHaveProperty('rowScores');
  });

  it('are asked for', async () => {
    const { profile } = await build({ anomalyScores: false });
    expect(profile.outputs).toEqual({});
    expect(profile).not.toHaveProperty('rowScores');
  });

  it.each<[Partial<BuildProfileOptions>, RegExp]>([
    [
      { exclude: ['income', 'loan', 'anomaly_score'] },
      /^rows cannot be scored: no numeric feature varies\. Leave out --anomaly/,
    ],
    [
      { exclude: [], outputs: ['anomaly_score'] },
      /^anomaly_score is an output of the model itself\. Leave out --anomaly/,
    ],
    // Else a column of the file and the scores would be one entry of the profile, which no reader takes.
    [
      { exclude: [] },
      /loans\.csv has a column anomaly_score, as the scores of --anomaly-scores are called\. Add --exclude anomaly_score, or/,
    ],
    [{ exclude: [], categorical: ['anomaly_score'] }, /loans\.csv has a column anomaly_score/],
  ])('are refused for %j', async (more, message) => {
    await expect(build(more)).rejects.toThrow(message);
  });

  it('are refused where so few rows are closer to their own centre than any other', async () => {
    const few = join(folder, 'few.csv');
    const names = Array.from({ length: 10 }, (_, i) => `x${i}`);
    const lines = Array.from({ length: 400 }, () => names.map(() => random()).join(','));
    await writeFile(few, `${names.join(',')}\n${lines.join('\n')}\n`);
    await expect(buildProfile({ path: few, model, anomalyScores: true })).rejects.toThrow(
      /scores by 10 features need 448 complete rows, and there are 400/,
    );
  });
});
