import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { suggestion } from '../settings/suggestion.ts';
import {
  type BulkReading,
  bulkSql,
  type CellTypes,
  columnReadings,
  noNumberSql,
  type ReadAs,
} from './column-reading.ts';
import { DataFileError } from './data-file-error.ts';
import { Database, sqlName } from './database.ts';
import type { DataFormat, OpenedTable, TableColumn } from './formats/data-format.ts';
import { dataFormats } from './formats/index.ts';

/** Which columns to read, and as what: { age: 'number', state: 'text' }. */
export type Selection = Readonly<Record<string, ReadAs | BulkReading>>;

/** About two thousand rows; cell i of every column belongs to row i. */
export interface RowChunk {
  readonly rows: number;
  /** Read anew at each call: keep what is needed twice. */
  cells<As extends ReadAs>(column: string, as: As): readonly CellTypes[As][];
  /** Of a column that is read in bulk as numbers; valid until the next chunk. */
  numbers(column: string): Float64Array;
  /** Of a column that is read in bulk as codes; valid until the next chunk. */
  codes(column: string): Int32Array;
}

/** Rows that have a time, oldest first. Bounds are in the numbers of the column; `until` is not included. */
export interface InOrderOf {
  readonly column: string;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  /** The file is in that order already, or near enough for the reader: nothing is sorted. */
  readonly isSorted: boolean;
}

export interface DifferentValues {
  /** Different values by column, missing ones left out. */
  readonly distinct: ReadonlyMap<string, number>;
  /** Undefined where there are too many rows to count them. */
  readonly repeatedRows: number | undefined;
}

/** A table in a CSV, Parquet or JSON Lines file, read in a stream: memory does not grow with the file. */
export class DataFile implements Disposable {
  readonly path: string;
  readonly #format: DataFormat;
  readonly #database: Database;
  readonly #table: OpenedTable;

  private constructor(path: string, format: DataFormat, database: Database, table: OpenedTable) {
    this.path = path;
    this.#format = format;
    this.#database = database;
    this.#table = table;
  }

  /** Throws a DataFileError where there is no such file, or none that can be read. */
  static async open(path: string): Promise<DataFile> {
    const format = await formatOf(path);
    const database = await Database.open();
    try {
      return new DataFile(path, format, database, await format.open(path, database));
    } catch (error) {
      database[Symbol.dispose]();
      throw await inOurWords(path, format, error);
    }
  }

  get columns(): readonly TableColumn[] {
    return this.#table.columns;
  }

  /** Throws a DataFileError that lists what there is. */
  column(name: string): TableColumn {
    const column = this.columns.find((candidate) => candidate.name === name);
    if (column !== undefined) return column;
    const known = this.columns.map((candidate) => candidate.name).join(', ');
    const meant = suggestion(
      name,
      this.columns.map((candidate) => candidate.name),
    );
    const wayOut = meant === undefined ? '' : ` Did you mean ${meant}?`;
    throw new DataFileError(`${this.path} has no column ${JSON.stringify(name)}; it has ${known}.${wayOut}`);
  }

  /** Rows in the order of the file, or of a column of times. Can be called again for another pass. */
  async *read(selection: Selection, order?: InOrderOf): AsyncGenerator<RowChunk> {
    const names = Object.keys(selection);
    const cells = Object.entries(selection).map(([name, as]) =>
      typeof as === 'string' ? columnReadings[as].sql(this.column(name)) : bulkSql(this.column(name), as),
    );
    const [expressions, from] =
      order === undefined ? [cells, this.#table.from] : [cells.map((_, i) => `c${i}`), this.#inOrder(cells, order)];
    for await (const chunk of this.#inOurWords(this.#database.columns(expressions, from))) {
      yield {
        rows: chunk.rows,
        cells: (column, as) => chunk.column(names.indexOf(column)).map(columnReadings[as].cell),
        numbers: (column) => chunk.doubles(names.indexOf(column)),
        codes: (column) => chunk.integers(names.indexOf(column)),
      };
    }
  }

  /** Cells are computed before they are sorted: a number takes less room than its text. */
  #inOrder(cells: readonly string[], { column, from, until, isSorted }: InOrderOf): string {
    const selected = cells.map((cell, i) => `${cell} AS c${i}`).join(', ');
    const time = columnReadings.time.sql(this.column(column));
    const bounds = [
      'isfinite(t)',
      ...(from === undefined ? [] : [`t >= ${from}`]),
      ...(until === undefined ? [] : [`t < ${until}`]),
    ];
    const rows = `SELECT ${selected}, ${time} AS t FROM ${this.#table.from}`;
    return `(SELECT * FROM (${rows}) WHERE ${bounds.join(' AND ')} ${isSorted ? '' : 'ORDER BY t'})`;
  }

  /** A cell as it stands in the file; rows count from 0. */
  async cellText(column: string, row: number): Promise<string> {
    const sql = `SELECT CAST(${sqlName(this.column(column).name)} AS VARCHAR) FROM ${this.#table.from} LIMIT 1 OFFSET ${row}`;
    const [[cell] = []] = await this.#inOurWordsOnce(this.#database.rows(sql));
    return String(cell);
  }

  /** The first cell that is no finite number, as it stands in the file and no longer than a line can bear. */
  async noNumberExample(column: string): Promise<string | undefined> {
    const found = this.column(column);
    const text = `CAST(${sqlName(found.name)} AS VARCHAR)`;
    const sql = `SELECT ${text} FROM ${this.#table.from} WHERE ${noNumberSql(found)} LIMIT 1`;
    const [[cell] = []] = await this.#inOurWordsOnce(this.#database.rows(sql));
    return cell === undefined ? undefined : shortened(String(cell));
  }

  /**
   * How many values of each column differ, and how many rows repeat a row before them in all of `rowColumns`. Exact
   * counts take memory by what differs, gigabytes for a million rows of 50 columns: beyond a hundred thousand values are
   * estimated, and repetitions are not counted.
   */
  async countDifferent(
    selection: Readonly<Record<string, ReadAs>>,
    rowColumns: readonly string[],
    rows: number,
  ): Promise<DifferentValues> {
    const isExact = rows <= MOST_ROWS_COUNTED;
    const columns = Object.entries(selection).map(([name, as]) => ({
      name,
      sql: columnReadings[as].sql(this.column(name)),
    }));
    const inRow = columns.filter(({ name }) => rowColumns.includes(name)).map(({ sql }) => sql);
    // 64 bits of a row: among 100,000 rows two different ones are taken for one in one of 10^9 files.
    const repeated = inRow.length === 0 || !isExact ? 'NULL' : `count(*) - count(DISTINCT hash(${inRow.join(', ')}))`;
    const distinct = columns.map(({ sql }) => (isExact ? `count(DISTINCT ${sql})` : `approx_count_distinct(${sql})`));
    const sql = `SELECT ${[repeated, ...distinct].join(', ')} FROM ${this.#table.from}`;
    const [counted = []] = await this.#inOurWordsOnce(this.#database.rows(sql));
    const [repeatedRows = null, ...counts] = counted;
    return {
      repeatedRows: repeatedRows === null ? undefined : Number(repeatedRows),
      distinct: new Map(columns.map(({ name }, i) => [name, Number(counts[i] ?? 0)])),
    };
  }

  /** One row of numbers computed by DuckDB over the first rows of the file. */
  async measureSample(rows: number, expressions: readonly string[]): Promise<readonly number[]> {
    const sql = `SELECT ${expressions.join(', ')} FROM (SELECT * FROM ${this.#table.from} LIMIT ${rows})`;
    const [measured = []] = await this.#inOurWordsOnce(this.#database.rows(sql));
    return measured.map(Number);
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  async #inOurWordsOnce<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw await inOurWords(this.path, this.#format, error);
    }
  }

  async *#inOurWords<T>(chunks: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* chunks;
    } catch (error) {
      throw await inOurWords(this.path, this.#format, error);
    }
  }
}

function shortened(text: string): string {
  return text.length > LONGEST_EXAMPLE ? `${text.slice(0, LONGEST_EXAMPLE).toWellFormed()}…` : text;
}

const LONGEST_EXAMPLE = 40;
const MOST_ROWS_COUNTED = 100_000;

async function formatOf(path: string): Promise<DataFormat> {
  const known = dataFormats.flatMap(({ extensions }) => extensions).join(', ');
  const format = dataFormats.find(({ extensions }) => extensions.includes(extname(path).toLowerCase()));
  if (format === undefined) throw new DataFileError(`${path} is of no known format; known: ${known}.`);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new DataFileError(
      error.code === 'ENOENT' ? `${path} does not exist.` : `${path} cannot be read: ${error.message}`,
    );
  });
  if (!found.isFile()) throw new DataFileError(`${path} is no file.`);
  if (found.size === 0) throw new DataFileError(`${path} is empty.`);
  return format;
}

/** DuckDB explains at length how to call DuckDB; the first line says what is wrong. */
async function inOurWords(path: string, format: DataFormat, error: unknown): Promise<DataFileError> {
  if (error instanceof DataFileError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const explained = (await format.explain(message, path)) ?? message.split('\n', 1)[0];
  return new DataFileError(`${path}: ${explained}`, { cause: error });
}
