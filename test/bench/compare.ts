import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { pythonOf } from '../components/python-environment.ts';

const run = promisify(execFile);
const here = join(import.meta.dirname, 'compare');
const cli = join(import.meta.dirname, '../../packages/cli/dist/main.js');

const NUMBERS = 40;
const CATEGORIES = [2, 3, 5, 8, 12, 20, 30, 50, 50, 80];

export interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

export interface CompareCosts {
  readonly profileBuild: Cost;
  readonly driftline: readonly Cost[];
  readonly evidently: readonly Cost[];
}

/**
 * `driftline compare` as npm installs it and Evidently's drift preset, by turns, each in a process of its own that reads
 * the same Parquet file of 50 columns. Evidently reads the reference too, as it works on rows; the profile is built before.
 */
export async function compareCosts(rows: number, referenceRows: number, turns: number): Promise<CompareCosts> {
  const python = await pythonOf('evidently');
  const folder = await mkdtemp(join(tmpdir(), 'driftline-compare-'));
  try {
    const reference = join(folder, 'reference.parquet');
    const current = join(folder, 'current.parquet');
    const profile = join(folder, 'profile.json');
    await write(reference, referenceRows, 1);
    await write(current, rows, 2);
    const measured = async (...command: readonly string[]): Promise<Cost> => {
      const { stdout } = await run(python, [join(here, 'measured.py'), ...command]);
      return JSON.parse(stdout);
    };
    const driftline = (...args: readonly string[]) => measured(process.execPath, cli, ...args);
    const model = ['--model', 'bench', '--model-version', '1'];
    const profileBuild = await driftline('profile', 'build', reference, ...model, '--out', profile);
    const ours: Cost[] = [];
    const theirs: Cost[] = [];
    for (let turn = 0; turn < turns; turn++) {
      ours.push(await driftline('compare', profile, current));
      theirs.push(await measured(python, join(here, 'evidently_drift.py'), reference, current));
    }
    return { profileBuild, driftline: ours, evidently: theirs };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Normals by Box and Muller and skewed categories from hashes of row and column: the same file on every machine. */
async function write(path: string, rows: number, salt: number): Promise<void> {
  const uniform = (column: string) => `((hash(i, '${column}', ${salt}) % 4294967296 + 0.5) / 4294967296)`;
  const numbers = Array.from({ length: NUMBERS }, (_, k) => {
    const normal = `sqrt(-2 * ln(${uniform(`radius ${k}`)})) * cos(2 * pi() * ${uniform(`angle ${k}`)})`;
    return `${normal} * ${k + 1} + ${k} AS number_${k}`;
  });
  const categories = CATEGORIES.map(
    (count, k) =>
      `'category ' || CAST(floor(pow(${uniform(`category ${k}`)}, 2) * ${count}) AS INTEGER) AS category_${k}`,
  );
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT ${[...numbers, ...categories].join(', ')} FROM range(${rows}) r(i)) TO '${path}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}
