import type { DataFile } from '../files/data-file.ts';
import { isNumberType } from '../files/column-reading.ts';
import { DataFileError } from '../files/data-file-error.ts';
import { sqlName } from '../files/database.ts';

/** What a number in a column of times counts. */
export const timeUnits = { s: 1_000, ms: 1, us: 1e-3, ns: 1e-6 } as const;
export type TimeUnit = keyof typeof timeUnits;

export interface SurveyOptions {
  readonly file: DataFile;
  readonly column: string;
  readonly unit: TimeUnit | undefined;
  readonly windowMs: number;
  readonly latenessMs: number;
  /** Milliseconds since the epoch: what the service would take for now. */
  readonly now: number;
  readonly onProgress: (rows: number) => void;
}

/** What the column of times is like, before a row is counted. Times in milliseconds since the epoch. */
export interface Survey {
  readonly rows: number;
  readonly first: number;
  readonly last: number;
  /** Milliseconds for 1 of the column. */
  readonly unitMs: number;
  /** Of numbers, which unit was taken for granted. */
  readonly assumedUnit: TimeUnit | undefined;
  readonly withoutTime: number;
  readonly unreadable: { readonly rows: number; readonly first: string | undefined };
  /** Rows after a later one. */
  readonly outOfOrder: number;
  /** Rows that, had they arrived in the order of the file, would have come after their window was sealed. */
  readonly late: number;
  /** Rows that the service would refuse: it would take the sender's clock for wrong. */
  readonly future: number;
  /** Of the first rows, those whose text names a zone, and those that are taken as UTC. */
  readonly zones: { readonly named: number; readonly assumed: number };
}

/** As the receiver: clocks differ, but not by more. */
export const MOST_MS_AHEAD = 5 * 60_000;
const SAMPLED_ROWS = 20_000;

/** Reads one column in the order of the file. Throws a DataFileError where no cell is a time. */
export async function survey(options: SurveyOptions): Promise<Survey> {
  const { file, column, windowMs, latenessMs, now, onProgress } = options;
  const { unitMs, assumedUnit, zones } = await sampled(options);
  let rows = 0;
  let withoutTime = 0;
  let unreadable = 0;
  let firstUnreadable = -1;
  let outOfOrder = 0;
  let late = 0;
  let future = 0;
  let first = Infinity;
  let last = -Infinity;
  let newest = -Infinity;
  for await (const chunk of file.read({ [column]: 'time' })) {
    for (const cell of chunk.cells(column, 'time')) {
      rows++;
      if (cell === null) {
        withoutTime++;
        continue;
      }
      const time = cell * unitMs;
      if (!Number.isFinite(time) || Math.abs(time) > LATEST_DATE) {
        if (unreadable++ === 0) firstUnreadable = rows - 1;
        continue;
      }
      if (time >= now + MOST_MS_AHEAD) {
        future++;
        continue;
      }
      if (time < first) first = time;
      if (time > last) last = time;
      if (time >= newest) {
        newest = time;
        continue;
      }
      outOfOrder++;
      const windowEnd = (Math.floor(time / windowMs) + 1) * windowMs;
      if (windowEnd + latenessMs <= newest) late++;
    }
    onProgress(rows);
  }
  const bad = firstUnreadable < 0 ? undefined : await file.cellText(column, firstUnreadable);
  const firstBad = bad === undefined ? undefined : `row ${firstUnreadable + 1}: ${JSON.stringify(bad)}`;
  if (rows === 0) throw new DataFileError(`${file.path} has a header and no rows.`);
  if (first > last) {
    throw new DataFileError(
      `${file.path}: no cell of column ${JSON.stringify(column)} is a time of the past` +
        `${firstBad === undefined ? '' : ` (${firstBad})`}. Name another with --time, or write times such as 2026-11-20T08:00:00Z.`,
    );
  }
  const time = { first, last, unitMs, assumedUnit, zones };
  const faults = { withoutTime, unreadable: { rows: unreadable, first: firstBad }, outOfOrder, late, future };
  return { rows, ...time, ...faults };
}

/** Beyond it JavaScript has no dates. */
const LATEST_DATE = 8.64e15;

async function sampled({ file, column, unit }: SurveyOptions) {
  const { type } = file.column(column);
  const name = sqlName(column);
  const number = isNumberType(type) ? name : `TRY_CAST(CAST(${name} AS VARCHAR) AS DOUBLE)`;
  const zoned = `regexp_matches(CAST(${name} AS VARCHAR), ':\\d\\d(\\.\\d+)?\\s*([zZ]|[+-]\\d\\d(:?\\d\\d)?|[A-Za-z]+(/\\w+)+|UTC|GMT)$')`;
  const isText = type === 'VARCHAR';
  const [numbers = 0, median = 0, named = 0, texts = 0] = await file.measureSample(SAMPLED_ROWS, [
    `count(${number})`,
    `coalesce(median(abs(CAST(${number} AS DOUBLE))), 0)`,
    isText ? `count(*) FILTER (WHERE ${zoned})` : '0',
    isText ? `count(TRY_CAST(${name} AS TIMESTAMPTZ))` : '0',
  ]);
  const assumedUnit = numbers === 0 || unit !== undefined ? undefined : unitOf(median);
  const unitMs = numbers === 0 ? 1 : timeUnits[unit ?? unitOf(median)];
  return { unitMs, assumedUnit, zones: { named, assumed: texts - named } };
}

/** By its size: seconds until the year 5138, milliseconds from 1973 on, and so forth. */
function unitOf(number: number): TimeUnit {
  if (number < 1e11) return 's';
  if (number < 1e14) return 'ms';
  return number < 1e17 ? 'us' : 'ns';
}
