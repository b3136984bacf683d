import { Misuse } from './faults.ts';
import { recording } from './lane/recording.ts';
import type { ModelVersion } from './model-version.ts';
import { finiteTime, millisecondsOf } from './prediction.ts';

export interface Columns {
  readonly features: Readonly<Record<string, ArrayLike<unknown> | undefined>>;
  readonly predictions?: ArrayLike<number | string>;
  readonly at?: ArrayLike<number> | Date | number;
  readonly segment?: Readonly<Record<string, string | ArrayLike<string>>>;
}

/** Throws, and records nothing, where columns differ in length or a time is none. */
export function recordColumns(version: ModelVersion, { features, predictions, at, ...said }: Columns): void {
  const columns = withoutUndefined(features);
  const segment = { ...segmentColumns(version.observed.segments, columns), ...said.segment };
  const rows = commonLength({
    ...columns,
    ...(predictions && { predictions }),
    ...(isColumn(at) && { at }),
    ...columnsIn(segment),
  });
  if (rows === 0) return;
  if (!isColumn(at)) {
    const timeMs = at === undefined ? Date.now() : finiteTime(millisecondsOf(at));
    version.recordColumns({ features: columns, predictions, rows, segment }, timeMs);
    return;
  }
  for (const picked of rowsByPeriod(at)) {
    const part = {
      features: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, pick(column, picked)])),
      predictions: predictions && pick(predictions, picked),
      rows: picked.length,
      segment: Object.fromEntries(
        Object.entries(segment).map(([name, value]) => [name, typeof value === 'string' ? value : pick(value, picked)]),
      ),
    };
    version.recordColumns(part, at[picked[0] ?? 0] ?? 0);
  }
}

function segmentColumns(names: readonly string[], columns: Readonly<Record<string, ArrayLike<unknown>>>) {
  return Object.fromEntries(
    names.flatMap((name) => {
      const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
      return column === undefined ? [] : [[name, column] as const];
    }),
  );
}

function columnsIn(segment: Readonly<Record<string, string | ArrayLike<unknown>>>) {
  return Object.fromEntries(
    Object.entries(segment).flatMap(([name, value]) =>
      typeof value === 'string' ? [] : [[`segment ${name}`, value] as const],
    ),
  );
}

/** Oldest period first and each once: unsorted times would otherwise close and reopen periods without end. */
function rowsByPeriod(at: ArrayLike<number>): readonly (readonly number[])[] {
  const periodMs = recording.current?.book.periodMs ?? Number.POSITIVE_INFINITY;
  const times = Array.from(at, finiteTime);
  const byPeriod = Map.groupBy(times.keys(), (row) => Math.floor((times[row] ?? 0) / periodMs));
  return [...byPeriod].toSorted(([a], [b]) => a - b).map(([, rows]) => rows);
}

function pick<Value>(column: ArrayLike<Value>, rows: readonly number[]): readonly (Value | undefined)[] {
  return rows.map((row) => column[row]);
}

function withoutUndefined(columns: Columns['features']): Readonly<Record<string, ArrayLike<unknown>>> {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, column]) => (column === undefined ? [] : [[name, column]])),
  );
}

function commonLength(columns: Readonly<Record<string, ArrayLike<unknown>>>): number {
  const [first, ...others] = Object.entries(columns);
  if (first === undefined) return 0;
  const [firstName, { length }] = first;
  const odd = others.find(([, column]) => column.length !== length);
  if (odd === undefined) return length;
  throw new Misuse(`"${odd[0]}" has ${odd[1].length} rows, "${firstName}" has ${length}; columns need one length`);
}

function isColumn(at: Columns['at']): at is ArrayLike<number> {
  return typeof at === 'object' && !(at instanceof Date);
}
