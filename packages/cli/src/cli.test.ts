import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseReferenceProfile } from '@driftline/sketches';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const flights = (name: string) =>
  fileURLToPath(new URL(`../../../examples/demo/data/${name}.parquet`, import.meta.url));
const main = fileURLToPath(new URL('./main.ts', import.meta.url));

const binding = { inputs: { names: ['carrier', 'origin', 'weekday'] }, score: 'probabilities[1]' };

let folder: string;
let profile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-cli-'));
  profile = join(folder, 'flights.profile.json');
  await driftline(
    'profile',
    'build',
    flights('reference'),
    '--model',
    'flights',
    '--model-version',
    '1',
    '--output',
    'score',
    '--exclude',
    'late',
    '--binding',
    JSON.stringify(binding),
    '--out',
    profile,
  );
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real binary, from its sources. */
function driftline(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const command = ['--conditions=@driftline/source', main, ...args];
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
    execFile(process.execPath, command, { env, cwd: folder, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

async function fileOf(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('driftline profile', { timeout: 60_000 }, () => {
  it('builds a profile that every reader accepts', async () => {
    const built = parseReferenceProfile(JSON.parse(await readFile(profile, 'utf8')));
    expect(built.model).toEqual({ name: 'flights', version: '1' });
    expect(built.features).toMatchObject({ temperature: { kind: 'numeric' }, carrier: { kind: 'categorical' } });
    expect(Object.keys(built.outputs)).toEqual(['score']);
    expect(built.features).not.toHaveProperty('late');
    expect(built.binding).toEqual(binding);
  });

  it.each([
    [
      '{"inptu": "X"}',
      /^driftline: binding\.inptu is "X": known parts: model, input, columns, inputs, image, text, score, class, classes, value\n$/,
    ],
    ['{input}', /^driftline: --binding is no JSON: .+\. --binding takes JSON, \{\.\.\.\}, or a file of it\.\n$/],
  ])('refuses the binding %s, which no auto-instrumentation could read', async (written, message) => {
    const build = ['profile', 'build', flights('reference'), '--model', 'flights', '--model-version', '1'];
    const { code, stderr } = await driftline(...build, '--binding', written);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('shows it', async () => {
    const { code, stdout } = await driftline('profile', 'show', profile);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^flights 1: \d+ features, 1 outputs, [\d,]+ rows, sha256:[0-9a-f]{16}\n/);
    expect(stdout).toMatch(/carrier +categorical .*"/);
  });

  it('takes the order of a column, and judges by it', async () => {
    const grades = (shares: readonly number[]) => {
      const cells = ['low', 'medium', 'high'].flatMap((grade, i) =>
        Array.from({ length: shares[i] ?? 0 }, () => grade),
      );
      return `grade\n${cells.join('\n')}\n`;
    };
    const data = await fileOf('grades.csv', grades([3000, 4000, 3000]));
    const out = join(folder, 'grades.json');
    const build = (...more: readonly string[]) =>
      driftline('profile', 'build', data, '--model', 'credit', '--model-version', '1', '--out', out, ...more);
    expect(await build('--ordinal', 'grade=low, medium,high')).toMatchObject({ code: 0 });
    const shown = await driftline('profile', 'show', out);
    expect(shown.stdout).toMatch(/grade +ordinal +0 % +3 categories: "low" < "medium" < "high"\n/);
    const now = await fileOf('now.csv', grades([200, 400, 400]));
    const compared = await driftline('compare', out, now);
    expect(compared.code).toBe(1);
    expect(compared.stdout).toMatch(
      /grade +drift .* 3 ordered categories  higher, category "(low|high)" (less|more) frequent\n/,
    );

    const config = await fileOf(
      'reversed.yaml',
      'models: { credit: { features: { grade: { order: [high, medium, low] } } } }',
    );
    expect((await driftline('compare', out, now, '--config', config)).stdout).toMatch(/ lower, category/);

    for (const [option, complaint] of [
      ['graed=low,high', /no column "graed"; it has grade\. Did you mean grade\?/],
      ['grade=low', /one category, "low"; two are needed/],
      ['grade', /A column and its categories are needed/],
    ] as const) {
      const refused = await build('--ordinal', option);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(complaint) });
    }
  });

  it('scores its own rows, and those of a file, where it is asked to', async () => {
    const rowsFrom = (start: number) =>
      Array.from({ length: 800 }, (_, i) => `${((i + start) * 37) % 101},${((i + start) * 53) % 97}\n`).join('');
    const data = await fileOf('scored.csv', `x,y\n${rowsFrom(0)}`);
    const out = join(folder, 'scored.json');
    await driftline('profile', 'build', data, '--model', 'm', '--model-version', '1', '--out', out, '--anomaly-scores');
    expect((await driftline('profile', 'show', out)).stdout).toMatch(/anomaly_score +numeric +0 % /);
    const compared = await driftline('compare', out, await fileOf('later.csv', `x,y\n${rowsFrom(800)}`));
    expect(compared).toMatchObject({ code: 0, stderr: '' });
    expect(compared.stdout).toMatch(/anomaly_score +ok /);
  });

  it('takes importances from a file, and ranks by them', async () => {
    const importances = await fileOf('importances.json', '{"hour": 0.75, "departures": 0.25}');
    const out = join(folder, 'important.json');
    const build = (from: string) =>
      driftline(
        'profile',
        'build',
        flights('reference'),
        '--model',
        'flights',
        '--model-version',
        '1',
        '--exclude',
        'late,score',
        '--out',
        out,
        '--importances',
        from,
      );
    const { code, stderr } = await build(importances);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /importances\.json has no importance of distance, .*: they count for nothing in the ranking\./,
    );
    expect((await driftline('profile', 'show', out)).stdout).toMatch(/\n {2}hour +numeric +0 % +0\.75 +5 to 23/);
    const compared = JSON.parse((await driftline('compare', out, flights('production'), '--json')).stdout);
    expect(compared.ranking.byDrift.slice(0, 2).toSorted()).toEqual(['departures', 'hour']);
    expect(compared.ranking.weightedDrift).toBeGreaterThan(0);

    expect(await build('{"huor": 1}')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^driftline: --importances: feature "huor" is unknown; .* Did you mean hour\?/),
    });
    expect(await build('nowhere.json')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^driftline: --importances nowhere\.json cannot be read: ENOENT/),
    });
  });

  it('merges profiles of parts, and has no answer for others', async () => {
    const data = await fileOf('part.csv', `x,y\n${Array.from({ length: 600 }, (_, i) => `${i % 10},a\n`).join('')}`);
    const [part, whole] = [join(folder, 'part.json'), join(folder, 'whole.json')];
    await driftline('profile', 'build', data, '--model', 'm', '--model-version', '1', '--out', part);
    expect((await driftline('profile', 'merge', part, part, '--out', whole)).code).toBe(0);
    expect(parseReferenceProfile(JSON.parse(await readFile(whole, 'utf8'))).rows).toBe(1200);
    expect(await driftline('profile', 'merge', part, profile, '--out', whole)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/profiles cannot be merged/),
    });
  });
});

describe('driftline compare', { timeout: 60_000 }, () => {
  it('finds no drift in held-back rows of the same months: exit 0', async () => {
    const { code, stdout } = await driftline('compare', profile, flights('held-back'));
    expect(stdout).toMatch(/rows: no drift\n$/);
    expect(code).toBe(0);
  });

  it('finds the summer: exit 1, as a table and as JSON', async () => {
    const { code, stdout } = await driftline('compare', profile, flights('production'), '--json');
    expect(code).toBe(1);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ drifted: true, rows: expect.any(Number) });
    const temperature = found.features.find(({ name }: { name: string }) => name === 'temperature');
    expect(temperature).toMatchObject({ state: 'drift', threshold: 0.2, direction: expect.stringMatching('higher') });
    expect(temperature.size).toBeGreaterThan(0.5);
    expect(Object.keys(temperature.scores)).toContain('psi');

    const table = await driftline('compare', profile, flights('production'));
    expect(table.code).toBe(1);
    expect(table.stdout).toMatch(/temperature +drift +[\d.]+ sd/);
  });

  it('ranks what moved farthest, and by what the model heeds where settings say it', async () => {
    const summer = ['compare', profile, flights('production')];
    const byDrift = JSON.parse((await driftline(...summer, '--json')).stdout);
    expect(byDrift).toMatchObject({
      states: { features: 'drift' },
      ranking: { byDrift: ['temperature', ...Array(11).fill(expect.any(String))] },
    });
    expect(byDrift.ranking).not.toHaveProperty('weightedDrift');
    const config = await fileOf(
      'importances.yaml',
      'models: { flights: { features: { hour: { importance: 3 }, departures: { importance: 1 } } } }',
    );
    const byImportance = JSON.parse((await driftline(...summer, '--json', '--config', config)).stdout);
    expect(byImportance.ranking.byDrift.slice(0, 2).toSorted()).toEqual(['departures', 'hour']);
    const move = (wanted: string) => {
      const { size, threshold } = byDrift.features.find(({ name }: { name: string }) => name === wanted);
      return size / threshold;
    };
    expect(byImportance.ranking.weightedDrift).toBeCloseTo((3 * move('hour') + move('departures')) / 4, 9);

    const { stdout } = await driftline(...summer, '--sort', 'drift');
    expect(stdout.split('\n')[1]).toMatch(/^ +temperature /);
  });

  it('leaves out what settings ignore, and correlations where they are switched off', async () => {
    const summer = ['compare', profile, flights('production'), '--json'];
    const found = JSON.parse((await driftline(...summer)).stdout);
    expect(found.features.map(({ name }: { name: string }) => name)).toContain('temperature');
    expect(found).toHaveProperty('correlation');
    const config = await fileOf(
      'ignored.yaml',
      'models: { flights: { features: { temperature: { ignore: true } }, quality: { correlation: false } } }',
    );
    const less = JSON.parse((await driftline(...summer, '--config', config)).stdout);
    expect(less.features).toHaveLength(found.features.length - 1);
    expect(JSON.stringify(less)).not.toContain('temperature');
    expect(less).not.toHaveProperty('correlation');
  });

  it('lets a fixed limit decide, and says that it did', async () => {
    const limits = ['--limit', 'psi=100', '--limit', 'chi-squared=p<1e-300'];
    const { code, stdout } = await driftline('compare', profile, flights('held-back'), '--json', ...limits);
    expect(code).toBe(0);
    const { features }: { features: { name: string; judgedBy: unknown }[] } = JSON.parse(stdout);
    expect(features.find(({ name }) => name === 'carrier')).toMatchObject({
      state: 'ok',
      judgedBy: { limit: { method: 'chi-squared', of: 'p', at: 1e-300 } },
    });
    const table = await driftline('compare', profile, flights('held-back'), '--limit', 'hellinger=0.001');
    expect(table).toMatchObject({ code: 1, stdout: expect.stringMatching(/carrier +drift +0\.0\d+ +0\.001 /) });
  });

  it('has no verdict on few rows, says so, and exits 0', async () => {
    const reference = await fileOf('train.jsonl', Array.from({ length: 1000 }, (_, i) => `{"x":${i % 97}}\n`).join(''));
    const few = await fileOf('few.jsonl', '{"x":1000}\n{"x":2000}\n');
    const small = join(folder, 'small.json');
    await driftline('profile', 'build', reference, '--model', 'm', '--model-version', '1', '--out', small);
    const { code, stdout, stderr } = await driftline('compare', small, few, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ drifted: false, rows: 2, features: [{ state: 'insufficient_data' }] });
    expect(stderr).toMatch(/too few rows to judge x/);
  });

  it.each<[string, () => Promise<Ran>, RegExp]>([
    ['a ragged CSV', async () => driftline('compare', profile, await fileOf('ragged.csv', 'a,b\n1,2\n1\n')), /lacks/],
    ['a file that is not there', () => driftline('compare', profile, 'nowhere.csv'), /nowhere\.csv does not exist/],
    [
      'a profile that is none',
      async () => driftline('compare', await fileOf('p.json', '{}'), 'x.csv'),
      /p\.json: profile: format/,
    ],
    [
      'a profile that was changed',
      async () => driftline('compare', await changed(), 'x.csv'),
      /changed after it was built/,
    ],
    [
      'a limit of a method that is none',
      () => driftline('compare', profile, 'x.csv', '--limit', 'psy=1'),
      /psy is unknown; known: psi/,
    ],
    [
      'a limit that is none',
      () => driftline('compare', profile, 'x.csv', '--limit', 'psi=much'),
      /must be like psi=0\.25/,
    ],
    ['a rate that is none', () => driftline('compare', profile, 'x.csv', '--false-alarm-rate', '2'), /between 0 and 1/],
    ['an unknown command', () => driftline('frobnicate'), /unknown command 'frobnicate'/],
  ])('answers %s with exit 2 and one clear line', async (_, run, message) => {
    const { code, stdout, stderr } = await run();
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('names the line of a ragged row', async () => {
    const data = await fileOf('train.csv', `x\n${'1\n2\n'.repeat(500)}`);
    const small = join(folder, 'ragged.json');
    await driftline('profile', 'build', data, '--model', 'm', '--model-version', '1', '--out', small);
    const { code, stderr } = await driftline('compare', small, await fileOf('x.csv', 'x,y\n1,2\n3,4,5\n'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/x\.csv: line 3 has 3 cells, the header has 2/);
  });
});

describe('driftline backtest', { timeout: 60_000 }, () => {
  const settings = (rules: string): Promise<string> =>
    fileOf(
      'backtest.yaml',
      `models: { flights: { reference: ./flights.profile.json, window: { every: 7d } } }\n${rules}`,
    );
  const week = ['--time', 'at', '--until', '2013-04-25'];

  it('prints JSON with every window and every change of an alert, and exits 1 where one fired', async () => {
    const config = await settings('rules: [{ name: drift, when: drift, for: 2 windows }]');
    const { code, stdout, stderr } = await driftline(
      'backtest',
      flights('production'),
      ...week,
      '--config',
      config,
      '--json',
    );
    const { windows, alerts, model, history, suggestions } = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(stderr).toContain('"known_at", "late" left out: not in the profile.');
    expect(windows).toMatchObject([
      { start: '2013-04-04T00:00:00.000Z', end: '2013-04-11T00:00:00.000Z', rows: 1200, state: 'drift' },
      { rows: 1200 },
      { rows: 1200 },
    ]);
    expect(windows[0].features).toContainEqual(expect.objectContaining({ name: 'temperature', state: 'drift' }));
    expect(alerts).toMatchObject([
      { rule: 'drift', state: 'pending', at: '2013-04-11T00:00:00.000Z', model: 'flights', feature: 'temperature' },
      { rule: 'drift', state: 'firing', at: '2013-04-18T00:00:00.000Z', model: 'flights', feature: 'temperature' },
    ]);
    expect(model).toEqual({ name: 'flights', version: '1' });
    expect(history).toMatchObject({ rows: 45_600, rowsInWindows: 3600, withoutTime: 0, outOfOrder: 0 });
    expect(suggestions).toMatchObject({ falseAlarmsPerMonth: 1, quiet: { windows: 3 } });
  });

  it('exits 0 where nothing fired, and says why nothing could', async () => {
    const { code, stdout, stderr } = await driftline(
      'backtest',
      flights('production'),
      ...week,
      '--config',
      await settings(''),
    );
    expect(code).toBe(0);
    expect(stderr).toContain('the settings have no rules, so no alert can fire');
    expect(stdout).toMatch(/^flights 1: 45,600 rows; 2013-04-04 to 2013-04-24 in windows of 7d$/m);
    expect(stdout).toMatch(/temperature 1\.62 sd: higher$/m);
    expect(stdout).toContain('3 windows, 3 in drift: 0 alerts would have fired');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(96);
  });

  it.each([
    [['--time', 'when'], /has no column "when"; it has at, known_at/],
    [['--time', 'at', '--from', 'soon'], /A date is needed/],
    [['--time', 'at', '--prediction', 'prob'], /Say which part a column is: score=COLUMN/],
    [['--time', 'at', '--false-alarms-per-month', '0'], /A number above 0 is needed/],
    [['--time', 'at', '--model', 'other'], /--model other is not in the settings; known: flights/],
    [[], /required option '--time <column>'/],
  ])('exits 2 for %j', async (options, complaint) => {
    const ran = await driftline('backtest', flights('production'), '--config', await settings(''), ...options);
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(complaint) });
  });
});

async function changed(): Promise<string> {
  const content = await readFile(profile, 'utf8');
  return fileOf('changed.json', content.replace('"version":"1"', '"version":"2"'));
}
