/**
 * `driftline-rule.ts FOLDER ROWS`: what the product's own judge says of each window of five minutes with one false alarm
 * a month allowed, and what fixed limits on its PSI say. Prints { rule: [drifted columns of each window] }.
 */
import { join } from 'node:path';
import { BucketEdges, CategoryCounts, EdgeHistogram, type FeatureReference } from '@driftline/sketches';
import { alphaOf } from '../../packages/collector-processor/src/evaluate/drift/decision/budget.ts';
import type { CurrentCounts } from '../../packages/collector-processor/src/evaluate/drift/decision/feature-counts.ts';
import { type FeatureVerdict, judge } from '../../packages/collector-processor/src/evaluate/drift/decision/judge.ts';
import { DataFile } from '../../packages/collector-processor/src/files/data-file.ts';
import { Database, sqlPath } from '../../packages/collector-processor/src/files/database.ts';
import { buildProfile } from '../../packages/collector-processor/src/profile.ts';

const REFERENCE_ROWS = 10_000;
const CHANGED: Readonly<Record<string, string>> = { 'n0 shifted': 'n0', 'n0 wider': 'n0', 'c0 moved': 'c0' };

const rules: Readonly<Record<string, (verdict: FeatureVerdict) => boolean>> = {
  drift: ({ state }) => state === 'drift',
  'drift or warning': ({ state }) => state === 'drift' || state === 'warning',
  'PSI >= 0.1': ({ scores }) => (scores['psi'] ?? 0) >= 0.1,
  'PSI >= 0.25': ({ scores }) => (scores['psi'] ?? 0) >= 0.25,
};

const [folder = '.', rowsGiven = '300'] = process.argv.slice(2);
const rows = Number(rowsGiven);
const alpha = alphaOf({ falseAlarmsPerMonth: 1, stepMs: 300_000, horizons: 1 });
const columns = await columnsOf(join(folder, 'windows.parquet'));
const allRows = Object.values(columns)[0]?.length ?? 0;
const references = await rowsOf(join(folder, 'reference.parquet'));
const windowsEach = allRows / rows / (references / REFERENCE_ROWS);

const alarms = Object.fromEntries(Object.keys(rules).map((rule) => [rule, [] as string[][]]));
for (let reference = 0; reference < references / REFERENCE_ROWS; reference++) {
  const { features } = await profileOf(reference);
  for (let window = reference * windowsEach; window < (reference + 1) * windowsEach; window++) {
    const counts = (column: string, known: FeatureReference) =>
      countsOf(columns[column]?.slice(window * rows, (window + 1) * rows) ?? [], known);
    const usual = Object.entries(features).map(([name, known]) => ({
      name,
      reference: known,
      current: counts(name, known),
    }));
    const judged = (changes: Readonly<Record<string, string>>) =>
      judge({
        features: usual.map((feature) => {
          const twin = changes[feature.name];
          return twin === undefined ? feature : { ...feature, current: counts(twin, feature.reference) };
        }),
        alpha,
        methods: ['psi'],
      });
    const unchanged = judged({});
    const twins = Object.entries(CHANGED).map(([twin, original]) => ({
      ...judged({ [original]: twin }).find(({ name }) => name === original)!,
      name: twin,
    }));
    for (const [rule, isDrifted] of Object.entries(rules)) {
      alarms[rule]?.push([...unchanged, ...twins].filter(isDrifted).map(({ name }) => name));
    }
  }
}
process.stdout.write(JSON.stringify(alarms));

async function profileOf(reference: number) {
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
