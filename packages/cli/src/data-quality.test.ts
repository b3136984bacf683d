import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Names and categories that YAML would take for something else, or end at. */
const codes = ['yes', 'null', '1e3', '007', 'a: b', '# x', 'é – ß', "it's", '[a]', ''];
const column = 'the "code": #1';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-quality-'));
  await writeFile(join(folder, 'train.csv'), csvOf(4000));
  const built = ['--model', 'odd: model', '--model-version', '1', '--output', 'score', '--out', 'odd.json'];
  expect((await driftline('profile', 'build', 'train.csv', ...built)).code).toBe(0);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

describe('constraints that were learned', () => {
  it('are settings that the data keep from which they were learned, and bad rows break', async () => {
    const learned = await driftline('constraints', 'learn', 'odd.json', '--window-rows', '1000');
    expect(learned.code).toBe(0);
    await writeFile(join(folder, 'driftline.yaml'), learned.stdout);
    expect(await driftline('config', 'check', '--config', 'driftline.yaml')).toMatchObject({ code: 0, stderr: '' });

    const kept = await compared('train.csv');
    const declared = kept.quality.filter(({ isDeclared }) => isDeclared === true);
    expect(declared.map(({ name, rule }) => `${name} ${rule}`).toSorted()).toEqual(
      [
        ...['age', 'income', 'score'].flatMap((name) => [`${name} max`, `${name} min`, `${name} missing_at_most`]),
        `${column} in`,
        `${column} missing_at_most`,
      ].toSorted(),
    );
    expect(declared.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(kept.code).toBe(0);

    // One row in a thousand is what chance brings, one in fifty is not.
    await writeFile(join(folder, 'one.csv'), csvOf(1000, 1));
    expect((await compared('one.csv')).code).toBe(0);
    await writeFile(join(folder, 'bad.csv'), csvOf(1000, 20));
    const broken = await compared('bad.csv');
    expect(broken.code).toBe(1);
    const violated = broken.quality.filter(({ isDeclared, state }) => isDeclared === true && state === 'violated');
    expect(violated.map(({ name, rule }) => `${name} ${rule}`).toSorted()).toEqual(
      ['age max', 'age missing_at_most', `${column} in`, 'income min', 'score max'].toSorted(),
    );
  });

  it('are asked for windows of whole rows', async () => {
    const { code, stderr } = await driftline('constraints', 'learn', 'odd.json', '--window-rows', '2.5');
    expect(code).toBe(2);
    expect(stderr).toContain("argument '2.5' is invalid. A whole number of rows is needed, 1000 for instance.");
  });

  it('are the same as JSON', async () => {
    const { stdout } = await driftline('constraints', 'learn', 'odd.json', '--window-rows', '1000', '--json');
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ feature: column }));
  });
});

describe('a cell that is no number', () => {
  it('is not taken for an empty one: named with an example, and counted as of another type', async () => {
    const rows = csvOf(1000).split('\n');
    const damaged = rows.map((row, i) => (i > 0 && i % 20 === 0 ? row.replace(/^[^,]*/, 'unknown') : row));
    await writeFile(
      join(folder, 'damaged.csv'),
      damaged.map((row, i) => (i % 25 === 1 ? row.replace(/^[^,]*/, '') : row)).join('\n'),
    );
    const found = await driftline('compare', 'odd.json', 'damaged.csv', '--json');
    expect(found.stderr).toContain('column "age": 50 cells are no numbers, "unknown" for instance;');
    const { quality, noNumbers } = JSON.parse(found.stdout);
    expect(noNumbers).toEqual([{ column: 'age', cells: 50, example: 'unknown' }]);
    expect(quality).toContainEqual(
      expect.objectContaining({ name: 'age', rule: 'wrong_type', state: 'violated', ratio: 0.05 }),
    );
    expect(quality).toContainEqual(expect.objectContaining({ name: 'age', rule: 'missing', ratio: 0.04 }));

    const built = await driftline(
      'profile',
      'build',
      'damaged.csv',
      '--model',
      'm',
      '--model-version',
      '1',
      '--out',
      'damaged.json',
    );
    expect(built.stderr).toContain('column "age": 50 cells are no numbers, "unknown" for instance;');
    expect((await driftline('compare', 'odd.json', 'train.csv')).stderr).not.toContain('no number');
  });
});

function csvOf(rows: number, bad = 0): string {
  const header = `age,income,"${column.replaceAll('"', '""')}",score`;
  const lines = Array.from({ length: rows }, (_, i) => {
    const isBad = i < bad;
    const age = isBad ? (i % 2 === 0 ? 999 : '') : 18 + ((i * 7919) % 60);
    const income = isBad ? -5 : 1000 + ((i * 104_729) % 9000);
    const code = isBad ? 'no such code' : (codes[(i * 31) % codes.length] ?? '');
    return `${age},${income},"${code}",${isBad ? 2 : ((i * 15_485_863) % 1000) / 1000}`;
  });
  return `${[header, ...lines].join('\n')}\n`;
}

interface Finding {
  readonly name?: string;
  readonly rule: string;
  readonly state: string;
  readonly isDeclared?: true;
}

async function compared(path: string): Promise<{ readonly code: number; readonly quality: readonly Finding[] }> {
  const { code, stdout } = await driftline(
    'compare',
    'odd.json',
    path,
    '--config',
    'driftline.yaml',
    '--false-alarm-rate',
    '1e-9',
    '--json',
  );
  return { code, quality: JSON.parse(stdout).quality };
}

/** The real binary, from its sources. */
function driftline(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const command = ['--conditions=@driftline/source', main, ...args];
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
    execFile(process.execPath, command, { env, cwd: folder, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}
