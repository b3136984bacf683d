import { join } from 'node:path';
import { BucketEdges, CategoryCounts, EdgeHistogram, type FeatureReference } from '@driftline/sketches';
import { alphaOf } from '../../packages/collector-processor/src/evaluate/drift/decision/budget.ts';
import type { CurrentCounts } from '../../packages/collector-processor/src/evaluate/drift/decision/feature-counts.ts';
import { type FeatureVerdict, judge } from '../../packages/collector-processor/src/evaluate/drift/decision/judge.ts';
import { DataFile } from '../../packages/collector-processor/src/files/data-file.ts';
import { Database, sqlPath } from '../../packages/collector-processor/src/files/database.ts';
import { buildProfile } from '../../packages/collector-processor/src/profile.ts';
import type { Said } from './summary.ts';

const REFERENCE_ROWS = 10_000;
/** Changed twins of features, by what they take the place of. */
export const CHANGED: Readonly<Record<string, string>> = { 'n0 shifted': 'n0', 'n0 wider': 'n0', 'c0 moved': 'c0' };

const fiveMinutes = { falseAlarmsPerMonth: 1, stepMs: 300_000 };
const HOUR = 12;

const rules: Readonly<Record<string, (verdict: FeatureVerdict) => boolean>> = {
  drift: ({ state }) => state === 'drift',
  'drift or warning': ({ state }) => state === 'drift' || state === 'warning',
  'PSI >= 0.1': ({ scores }) => (scores['psi'] ?? 0) >= 0.1,
  'PSI >= 0.25': ({ scores }) => (scores['psi'] ?? 0) >= 0.25,
};
const withHour = 'drift of window or hour';

/**
 * What the product's own judge says of each window of five minutes with one false alarm a month allowed, and what fixed
 * limits on its PSI say: by rule, the drifted columns. The hour's rule begins with the first window that ends an hour.
 */
export type Alarms = Readonly<Record<string, Said>>;

export async function alarmsOf(folder: string, rows: number): Promise<Alarms> {
  const columns = await columnsOf(join(folder, 'windows.parquet'));
  const references = (await rowsOf(join(folder, 'reference.parquet'))) / REFERENCE_ROWS;
  const windows = (Object.values(columns)[0]?.length ?? 0) / rows / references;
  const alarms: Record<string, string[][]> = Object.fromEntries(
    [...Object.keys(rules), withHour].map((rule) => [rule, []]),
  );
  for (let reference = 0; reference < references; reference++) {
    const { features } = await profileOf(folder, reference);
    /** The verdict on each feature, and on each changed twin in the place of its original. */
    const judged = (first: number, count: number, horizons: number): readonly FeatureVerdict[] => {
      const usual = Object.entries(features).map(([name, known]) => ({ name, reference: known }));
      const verdicts = (column: (name: string) => string) =>
        judge({
          features: usual.map((feature) => {
            const cells = columns[column(feature.name)]?.slice(first * rows, (first + count) * rows) ?? [];
            return { ...feature, current: countsOf(cells, feature.reference) };
          }),
          alpha: alphaOf({ ...fiveMinutes, horizons }),
          methods: ['psi'],
        });
      const twins = Object.entries(CHANGED).flatMap(([twin, original]) =>
        verdicts((name) => (name === original ? twin : name))
          .filter(({ name }) => name === original)
          .map((verdict) => ({ ...verdict, name: twin })),
      );
      return [...verdicts((name) => name), ...twins];
    };
    for (let window = reference * windows; window < (reference + 1) * windows; window++) {
      const verdicts = judged(window, 1, 1);
      for (const [rule, isDrifted] of Object.entries(rules)) {
        alarms[rule]?.push(verdicts.filter(isDrifted).map(({ name }) => name));
      }
      const hourBegin = window + 1 - HOUR;
      if (hourBegin < reference * windows) continue;
      const drifted = [...judged(window, 1, 2), ...judged(hourBegin, HOUR, 2)].filter(({ state }) => state === 'drift');
      alarms[withHour]?.push([...new Set(drifted.map(({ name }) => name))]);
    }
  }
  return alarms;
}

async function profileOf(folder: string, reference: number) {
  const path = join(folder, `reference-${reference}.parquet`);
  using database = await Database.open();
  const part = `SELECT * FROM ${sqlPath(join(folder, 'reference.parquet'))} LIMIT ${REFERENCE_ROWS} OFFSET ${reference * REFERENCE_ROWS}`;
  await database.rows(`COPY (${part}) TO ${sqlPath(path)} (FORMAT parquet)`);
  return (await buildProfile({ path, model: { name: 'm', version: '1' } })).profile;
}

function countsOf(cells: readonly (number | string | null)[], reference: FeatureReference): CurrentCounts {
  if (reference.kind === 'numeric') {
    const histogram = new EdgeHistogram(BucketEdges.of(reference.edges));
    histogram.recordAll(cells.map(Number));
    return { kind: 'numeric', counts: histogram.counts, missing: 0 };
  }
  if (reference.kind !== 'categorical') throw new TypeError(`a feature of kind ${reference.kind}`);
  const categories = new CategoryCounts({ known: Object.keys(reference.categories), unknown: 'fold' });
  for (const cell of cells) categories.record(String(cell));
  return { kind: 'categorical', categories: categories.counts, missing: 0 };
}

async function columnsOf(path: string): Promise<Record<string, (number | string | null)[]>> {
  using file = await DataFile.open(path);
  const read: Record<string, (number | string | null)[]> = {};
  const as = (name: string) => (name.startsWith('n') ? 'number' : 'text');
  const selection = Object.fromEntries(file.columns.map(({ name }) => [name, as(name)] as const));
  for await (const chunk of file.read(selection)) {
    for (const [name, type] of Object.entries(selection)) (read[name] ??= []).push(...chunk.cells(name, type));
  }
  return read;
}

async function rowsOf(path: string): Promise<number> {
  using database = await Database.open();
  const [[count = 0] = []] = await database.rows(`SELECT count(*) FROM ${sqlPath(path)}`);
  return Number(count);
}
