import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, asyncProperty, constantFrom, string } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normal, seededProfile, seededRandom } from '../../../test/support/seeded-profile.ts';
import { type BacktestOptions, backtestFile, DataFileError, type History, type WindowMeasurement } from './backtest.ts';
import { buildProfile } from './reference/build-profile.ts';
import { parseSettings } from './settings.ts';

const profile = seededProfile({ numericFeatures: 2 });
const start = Date.UTC(2026, 0, 5);
const hour = 3_600_000;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-backtest-'));
  await writeFile(join(folder, 'seeded.json'), JSON.stringify(profile));
});
afterAll(() => rm(folder, { recursive: true }));

describe('what chance alone would have found', () => {
  it('is what the settings promise, for the windows that were judged, segments and correlations among them', async () => {
    const random = seededRandom(4);
    const rows = Array.from({ length: 12 * 300 }, (_, i) => {
      const at = iso(start + Math.floor(i / 300) * hour + (i % 300) * 1000);
      return `${at},${normal(random)},${normal(random)},${i % 2 ? 'free' : 'paid'}`;
    });
    const text = ['at,x0,x1,plan', ...rows, ''].join('\n');
    const past = join(folder, 'past.csv');
    await writeFile(past, text);
    const model = { name: 'split', version: '1' };
    const built = await buildProfile({ path: past, model, exclude: ['at'], segments: ['plan'] });
    expect(built.profile).toHaveProperty('segments');
    await writeFile(join(folder, 'split.json'), JSON.stringify(built.profile));
    const split =
      'split: { reference: ./split.json, segments: [plan], window: { every: 1h }, drift: { false_alarms_per_month: 6 } }';
    const { windows, expectedFalseAlarms } = await run(text, { settings: settingsOf(`models: { ${split} }`) });
    expect(windows[0]?.segments?.map(({ state }) => state)).toEqual(['ok', 'ok']);
    // Twelve hours of a month of 720.
    expect(expectedFalseAlarms).toBeCloseTo((6 * 12) / 720, 12);
  });
});

describe('the column of times', () => {
  it('may hold text, dates, zones, or numbers of any unit', async () => {
    const at = start + 8 * hour;
    for (const [written, said] of [
      ['2026-01-05T08:00:00Z', undefined],
      ['2026-01-05 08:00', undefined],
      ['2026-01-05T10:00:00+02:00', undefined],
      [String(at / 1000), 's'],
      [String(at), 'ms'],
      [String(at * 1000), 'us'],
      [`${at}000000`, 'ns'],
    ] as const) {
      const { windows, history } = await run(rowsAt(Array.from({ length: 200 }, () => written)));
      expect(windows.map(({ windowStart, rows }) => [windowStart, rows])).toEqual([[at, 200]]);
      expect(history?.survey.assumedUnit).toBe(said);
    }
  });

  it('of which some name no zone is UTC there, and told so', async () => {
    const times = Array.from({ length: 200 }, (_, i) => (i % 2 ? '2026-01-05T10:30:00+02:00' : '2026-01-05T08:10:00'));
    const { windows, history } = await run(rowsAt(times));
    expect(windows).toMatchObject([{ windowStart: start + 8 * hour, rows: 200 }]);
    expect(history?.survey.zones).toEqual({ named: 100, assumed: 100 });
  });

  it('leaves out rows without a time, with none that can be read, and of the future, and says how many', async () => {
    const good = Array.from({ length: 150 }, (_, i) => iso(start + i * 1000));
    const { windows, history, rows } = await run(rowsAt([...good, '', 'soon', '31.12.2026', iso(Date.UTC(2030, 0))]));
    expect(windows).toMatchObject([{ rows: 150 }]);
    expect(rows).toBe(150);
    expect(history?.survey).toMatchObject({
      rows: 154,
      withoutTime: 1,
      unreadable: { rows: 2, first: 'row 152: "soon"' },
      future: 1,
    });
  });

  it('need not be in order; what would have been late is counted', async () => {
    const times = Array.from({ length: 3 * 120 }, (_, i) => iso(start + Math.floor(i / 120) * hour + (i % 120) * 1000));
    const { windows, history } = await run(rowsAt(times.toReversed()));
    expect(windows.map(({ rows }) => rows)).toEqual([120, 120, 120]);
    // The file begins with the last of three hours: the other two would come after their windows were sealed.
    expect(history?.survey).toMatchObject({ outOfOrder: 359, late: 240 });
  });

  it('may have gaps: a window without rows is none', async () => {
    const { windows } = await run(
      rowsAt([0, 5].flatMap((h) => Array.from({ length: 120 }, () => iso(start + h * hour)))),
    );
    expect(windows.map(({ windowStart }) => (windowStart - start) / hour)).toEqual([0, 5]);
  });

  it.each([
    [{ time: 'when' }, /has no column "when"; it has at, x0, x1/],
    [{ time: 'x0' }, undefined],
  ])('is %j', async (options, complaint) => {
    const ran = run(rowsAt(Array.from({ length: 120 }, () => iso(start))), options);
    if (complaint === undefined) expect((await ran).windows.length).toBeGreaterThan(0);
    else await expect(ran).rejects.toThrow(complaint);
  });

  it('that holds no time is refused with the way out', async () => {
    await expect(run(rowsAt(['soon', 'later']))).rejects.toThrow(
      /no cell of column "at" is a time of the past \(row 1: "soon"\)\. Name another with --time, or write times such as/,
    );
    await expect(run('at,x0,x1\n')).rejects.toThrow(/has a header and no rows/);
    await expect(run(rowsAt([iso(start)]), { from: start + 1 })).rejects.toThrow(/no row between --from and --until/);
  });

  it('of any text is read or refused by the file name', async () => {
    const cell = constantFrom(
      '2026-01-05',
      '1e300',
      'NaN',
      'infinity',
      '-1',
      '',
      '2026-01-05T25:00',
      '999999999999999999',
    );
    const texts = array(
      cell.chain((known) => (known === '-1' ? string() : constantFrom(known))),
      { maxLength: 8 },
    );
    await assert(
      asyncProperty(texts, async (times) => {
        const quoted = times.map((text) => `"${text.replaceAll('"', '""')}",0,0`);
        const outcome = await run(['at,x0,x1', ...quoted, ''].join('\n')).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(DataFileError);
          expect(outcome.message).toContain('history.csv');
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('the columns of features', () => {
  const lines = (cells: (i: number) => string) =>
    Array.from({ length: 300 }, (_, i) => `${iso(start + i)},${cells(i)}`);

  it('that the profile has and the file lacks are named, with the way out', async () => {
    const ran = run(['at,x0', ...lines(() => '1'), ''].join('\n'));
    await expect(ran).rejects.toThrow(/lacks "x1" of the profile; it has at, x0\. Rename .*x1: \{ ignore: true \}/);
    const ignored = `models: { seeded: { reference: ./seeded.json, window: { every: 1h }, features: { x1: { ignore: true } } } }`;
    const { windows } = await run(['at,x0', ...lines(() => '1'), ''].join('\n'), { settings: settingsOf(ignored) });
    expect(windows[0]?.features.map(({ name }) => name)).toEqual(['x0']);
  });

  it('that turned into text count as missing, and are told', async () => {
    const random = seededRandom(3);
    const { windows, notices } = await run(
      ['at,x0,x1', ...lines((i) => `${normal(random)},${i % 2 ? 'a' : 'b'}`), ''].join('\n'),
    );
    expect(notices).toEqual([
      'column "x1" looks categorical, the profile has it numeric: such values count as missing.',
      expect.stringMatching(/^column "x1": \d+ cells are no numbers, "[ab]" for instance;/),
    ]);
    expect(windows[0]?.features.find(({ name }) => name === 'x1')).toMatchObject({
      part: 'missing',
      state: 'drift',
      violations: { wrong_type: 1 },
    });
  });

  it('that the profile does not know are left out, and told', async () => {
    const { notices } = await run(['at,x0,x1,more', ...lines(() => '0,0,1'), ''].join('\n'));
    expect(notices).toEqual(['"more" left out: not in the profile.']);
  });
});

describe('the model', () => {
  const two = 'models: { a: {}, b: {} }';
  it.each([
    [two, undefined, /settings name 2 models; say which one the rows are of: --model a \| b/],
    [two, 'c', /--model c is not in the settings; known: a, b/],
    ['{}', undefined, /settings name no model; say which one .*--model NAME/],
    ['models: { seeded: { reference: ./nowhere.json } }', undefined, /nowhere\.json does not exist/],
  ])('of %s, asked for %s, is refused', async (text, model, complaint) => {
    const ran = run(rowsAt([iso(start)]), { settings: settingsOf(text), model });
    await expect(ran).rejects.toThrow(complaint);
  });

  it('needs no profile: early rows become the reference, and are never judged', async () => {
    const random = seededRandom(4);
    const times = Array.from(
      { length: 2400 },
      (_, i) => `${iso(start + i * 12_000)},${normal(random)},${i % 3 ? 'de' : 'fr'}`,
    );
    const settings = settingsOf('defaults: { reference: { capture: { rows: 1000 } }, window: { every: 1h } }');
    const { windows } = await run(['at,x0,land', ...times, ''].join('\n'), { settings, model: 'new' });
    expect(windows.map(({ state }) => state)).toEqual([
      'no_reference',
      'no_reference',
      'no_reference',
      'no_reference',
      ...Array.from({ length: 4 }, () => 'ok'),
    ]);
    expect(windows.at(-1)?.features.map(({ name, kind }) => [name, kind])).toEqual([
      ['land', 'categorical'],
      ['x0', 'numeric'],
    ]);
  });
});

describe('suggested floors', () => {
  it('are of floors alone: a fixed limit has none, and what it reads is no size', async () => {
    const random = seededRandom(3);
    const rows = Array.from({ length: 12 * 200 }, (_, i) => {
      const shift = Math.floor(i / 200) === 5 ? 3 : 0;
      return `${iso(start + Math.floor(i / 200) * hour + (i % 200) * 1000)},${normal(random) + shift},${normal(random)}`;
    });
    const settings = settingsOf(
      'models: { seeded: { reference: ./seeded.json, window: { every: 1h }, features: { x0: { drift: { method: psi } } } } }',
    );
    const { suggestions } = await run(['at,x0,x1', ...rows, ''].join('\n'), { settings });
    const [x0, x1] = suggestions?.features ?? [];
    expect(x0).toMatchObject({ name: 'x0', excursions: 0 });
    expect(x0).not.toHaveProperty('floor');
    expect(x1).toMatchObject({ name: 'x1', floor: 0.2, presentFloor: 0.2 });
    expect(suggestions).toMatchObject({ asSet: { episodes: 1 }, suggestedEpisodes: 1, beyondFloors: 1 });
  });

  it('keep as quiet as they say, once they are written into the settings', async () => {
    const random = seededRandom(5);
    let wander = 0;
    const rows = Array.from({ length: 120 * 300 }, (_, i) => {
      if (i % 300 === 0) wander = 0.7 * wander + 0.2 * normal(random);
      return `${iso(start + Math.floor(i / 300) * hour + (i % 300) * 1000)},${normal(random) + wander},${normal(random)}`;
    });
    const text = ['at,x0,x1', ...rows, ''].join('\n');
    const before = await run(text);
    const { suggestions } = before;
    expect(suggestions?.asSet.episodes).toBeGreaterThan(3);
    expect(suggestions?.suggestedEpisodes).toBe(suggestions?.beyondFloors);
    expect(suggestions?.suggestedEpisodes).toBeLessThan(suggestions?.asSet.episodes ?? 0);
    expect(suggestions?.quiet).toMatchObject({ windows: 120, from: start, until: start + 120 * hour });
    const [x0, x1] = suggestions?.features ?? [];
    expect(x0).toMatchObject({ name: 'x0', basis: 'tail', presentFloor: 0.2 });
    expect(x0?.floor).toBeGreaterThan(x0?.largest ?? 1);
    expect(x1).toMatchObject({ name: 'x1', basis: 'nothing seen', floor: 0.2 });

    const floor = `{ warning: 0.1, drift: ${x0?.floor} }`;
    const settings = settingsOf(
      `models: { seeded: { reference: ./seeded.json, window: { every: 1h }, features: { x0: { drift: { floor: ${floor} } } } } }`,
    );
    const after = await run(text, { settings });
    expect(after.suggestions?.asSet.episodes).toBe(suggestions?.suggestedEpisodes);

    const half = await run(text, { quietUntil: start + 60 * hour, falseAlarmsPerMonth: 30 });
    expect(half.suggestions).toMatchObject({ falseAlarmsPerMonth: 30, quiet: { windows: 60 } });
    expect(half.suggestions?.features[0]?.floor).toBeLessThan(x0?.floor ?? 0);
  });
});

function settingsOf(text: string): BacktestOptions['settings'] {
  return parseSettings({ text, file: 'driftline.yaml', directory: folder, environment: {}, readSecretFile: () => '' });
}

async function run(csv: string, options: Partial<BacktestOptions> = {}) {
  const path = join(folder, 'history.csv');
  await writeFile(path, csv);
  const windows: WindowMeasurement[] = [];
  const notices: string[] = [];
  let history: History | undefined;
  const { rows, suggestions, expectedFalseAlarms } = await backtestFile({
    path,
    settings: settingsOf('models: { seeded: { reference: ./seeded.json, window: { every: 1h } } }'),
    time: 'at',
    now: Date.UTC(2027, 0),
    onBegin: (begun) => {
      history = begun;
    },
    onWindow: (window) => void windows.push(window),
    onNotice: (line) => void notices.push(line),
    ...options,
  });
  return { windows, notices, history, rows, suggestions, expectedFalseAlarms };
}

function rowsAt(times: readonly string[]): string {
  const random = seededRandom(1);
  return ['at,x0,x1', ...times.map((time) => `${time},${normal(random)},${normal(random)}`), ''].join('\n');
}

const iso = (time: number): string => new Date(time).toISOString();
