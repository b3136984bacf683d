import { DuckDBArrayValue, DuckDBListValue, type DuckDBValue } from '@duckdb/node-api';
import { sqlName, sqlText } from './database.ts';
import type { TableColumn } from './formats/data-format.ts';

/** What cells become. `null` is missing everywhere; a cell of another type is NaN, or a vector without numbers. */
export interface CellTypes {
  readonly number: number | null;
  /** As an application would have it: NaN is a number that is none, and text that is no number is text. */
  readonly sent: number | string | null;
  readonly text: string | null;
  readonly vector: readonly number[] | null;
  /** Milliseconds since the epoch, or whatever number the column counts time in; NaN for what is no time. */
  readonly time: number | null;
}

export type ReadAs = keyof CellTypes;

/**
 * A whole column of a chunk at once, many times faster than cell by cell: `numbers` with NaN where a cell is missing,
 * `notFinite` where it is NaN or infinite and `noNumber` where it is something else; `codes` the positions of categories among those given.
 */
export type BulkReading =
  | { readonly bulk: 'numbers' }
  | { readonly bulk: 'codes'; readonly categories: readonly string[] };

export const notFinite = Number.POSITIVE_INFINITY;
export const noNumber = Number.NEGATIVE_INFINITY;

/** The code of a cell without a value. */
export const missingCode = -1;
/** The code of a category that is not among those given. */
export const unknownCode = -2;

/** One way to read a column: what DuckDB computes, and what of it becomes a cell. */
interface Reading<As extends ReadAs> {
  readonly sql: (column: TableColumn) => string;
  readonly cell: (value: DuckDBValue) => CellTypes[As];
}

const NUMBER_TYPE = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;
const TIME_TYPE = /^(DATE|TIMESTAMP.*)$/;

export const columnReadings: { readonly [As in ReadAs]: Reading<As> } = {
  number: {
    sql: ({ name, type }) =>
      isNumberType(type) ? `CAST(${sqlName(name)} AS DOUBLE)` : numberOrNaN(`CAST(${sqlName(name)} AS VARCHAR)`),
    cell: numberCell,
  },
  sent: {
    sql: (column) => tellingNumber(column, 'NULL', 'nan'),
    cell: (value) => (value === noNumber ? 'no number' : numberCell(value)),
  },
  text: {
    sql: ({ name, type }) => (isNumberType(type) ? codeAsText(sqlName(name)) : `CAST(${sqlName(name)} AS VARCHAR)`),
    cell: (value) => (value === null ? null : String(value)),
  },
  vector: {
    sql: ({ name }) =>
      `coalesce(TRY_CAST(${sqlName(name)} AS DOUBLE[]), CASE WHEN ${sqlName(name)} IS NOT NULL THEN CAST([] AS DOUBLE[]) END)`,
    cell: (value) =>
      value instanceof DuckDBListValue || value instanceof DuckDBArrayValue
        ? value.items.map((item) => numberCell(item) ?? Number.NaN)
        : null,
  },
  time: {
    sql: ({ name, type }) => timeSql(sqlName(name), type),
    cell: numberCell,
  },
};

export function bulkSql(column: TableColumn, reading: BulkReading): string {
  if (reading.bulk === 'numbers') return tellingNumber(column, "CAST('nan' AS DOUBLE)", 'inf');
  const text = columnReadings.text.sql(column);
  const known = `ENUM(${reading.categories.map(sqlText).join(', ')})`;
  const unknown = `CASE WHEN ${text} IS NULL THEN ${missingCode} ELSE ${unknownCode} END`;
  return `coalesce(CAST(enum_code(TRY_CAST(${text} AS ${known})) AS INTEGER), ${unknown})`;
}

/** A cell that is neither missing nor a finite number, of a column that is read as numbers. */
export function noNumberSql(column: TableColumn): string {
  return `${sqlName(column.name)} IS NOT NULL AND coalesce(NOT isfinite(${numberSql(column)}), true)`;
}

/** What is no number is `noNumber`: the one value that no finite number, and nothing that is missing, can be. */
function tellingNumber(column: TableColumn, missing: string, unusable: 'nan' | 'inf'): string {
  const number = numberSql(column);
  if (isWholeType(column.type)) return `coalesce(${number}, ${missing})`;
  const told = `WHEN isfinite(${number}) THEN ${number} WHEN ${number} IS NOT NULL THEN CAST('${unusable}' AS DOUBLE)`;
  return `CASE ${told} WHEN ${sqlName(column.name)} IS NOT NULL THEN CAST('-inf' AS DOUBLE) ELSE ${missing} END`;
}

function numberSql({ name, type }: TableColumn): string {
  return isNumberType(type)
    ? `CAST(${sqlName(name)} AS DOUBLE)`
    : `TRY_CAST(CAST(${sqlName(name)} AS VARCHAR) AS DOUBLE)`;
}

/** Always finite, and cheaper to read so. */
function isWholeType(type: string): boolean {
  return isNumberType(type) && !/^(FLOAT|DOUBLE)$/.test(type);
}

export function isNumberType(type: string): boolean {
  return NUMBER_TYPE.test(type);
}

export function isTimeType(type: string): boolean {
  return TIME_TYPE.test(type);
}

function numberCell(value: DuckDBValue): number | null {
  return typeof value === 'number' ? value : null;
}

function numberOrNaN(text: string): string {
  return `coalesce(TRY_CAST(${text} AS DOUBLE), ${nanWhere(`${text} IS NOT NULL`)})`;
}

function nanWhere(condition: string): string {
  return `CASE WHEN ${condition} THEN CAST('nan' AS DOUBLE) END`;
}

/** 12.0 in a column of doubles is the category "12", as it is in JavaScript. */
function codeAsText(name: string): string {
  return `CASE WHEN ${name} = trunc(${name}) AND abs(${name}) < 1e15 THEN CAST(CAST(${name} AS BIGINT) AS VARCHAR) ELSE CAST(${name} AS VARCHAR) END`;
}

/** What names no zone is UTC. A cast to a time without zones would drop the zone that a text names. */
function timeSql(name: string, type: string): string {
  if (isNumberType(type)) return `CAST(${name} AS DOUBLE)`;
  if (isTimeType(type)) return `CAST(epoch_ms(${name}) AS DOUBLE)`;
  const text = `CAST(${name} AS VARCHAR)`;
  return `coalesce(TRY_CAST(${text} AS DOUBLE), CAST(epoch_ms(TRY_CAST(${text} AS TIMESTAMPTZ)) AS DOUBLE), ${nanWhere(`${name} IS NOT NULL`)})`;
}
