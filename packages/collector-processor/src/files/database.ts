import { availableParallelism, tmpdir } from 'node:os';
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBDoubleVector,
  DuckDBInstance,
  type DuckDBValue,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { youngGarbageCollector } from './young-garbage.ts';

/** Enough for DuckDB's readers; what does not fit goes to disk. */
const MEMORY_LIMIT = '512MB';
/** Fetched chunks that may wait for V8 to free them: with 50 columns about 13 MB. */
const CHUNKS_AT_ONCE = 16;

/** Rows of a result: cell i of every column belongs to row i. */
export interface ColumnChunk {
  readonly rows: number;
  column(index: number): readonly DuckDBValue[];
  /** A column of DOUBLE without NULL, as DuckDB holds it. */
  doubles(index: number): Float64Array;
  /** A column of INTEGER without NULL, as DuckDB holds it. */
  integers(index: number): Int32Array;
}

/** An embedded DuckDB that only reads local files: nothing is installed and nothing loaded over the network. */
export class Database implements Disposable {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<Database> {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: MEMORY_LIMIT,
      threads: String(Math.min(4, availableParallelism())),
      temp_directory: tmpdir(),
      preserve_insertion_order: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    return new Database(instance, await connectTo(instance));
  }

  /** All rows; only for results known to be small. */
  async rows(sql: string): Promise<readonly (readonly DuckDBValue[])[]> {
    const reader = await this.#connection.runAndReadAll(sql);
    return reader.getRows();
  }

  /**
   * A result as it comes, column by column, about two thousand rows at a time.
   *
   * DuckDB ends a stream that failed as it ends one that is complete. So a mark follows the last row, and where it is
   * missing the query runs once more, not as a stream, to learn what was wrong.
   */
  async *columns(expressions: readonly string[], from: string): AsyncGenerator<ColumnChunk> {
    const rows = ['false', ...expressions].join(', ');
    const mark = ['true', ...expressions.map(() => 'NULL')].join(', ');
    // Of two streams on one connection the first ends where the second begins.
    const connection = await connectTo(this.#instance);
    try {
      const result = await connection.stream(`SELECT ${rows} FROM ${from} UNION ALL SELECT ${mark}`);
      let collectYoungGarbage: (() => void) | undefined;
      let isComplete = false;
      for (let chunks = 1; ; chunks++) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        isComplete = chunk.getColumnVector(0).getItem(chunk.rowCount - 1) === true;
        const count = isComplete ? chunk.rowCount - 1 : chunk.rowCount;
        if (chunks % CHUNKS_AT_ONCE === 0) {
          collectYoungGarbage ??= youngGarbageCollector();
          collectYoungGarbage();
        }
        if (count > 0) yield new FetchedChunk(chunk, count);
      }
      if (isComplete) return;
    } finally {
      connection.closeSync();
    }
    await this.rows(`SELECT count(COLUMNS(*)) FROM (SELECT ${rows} FROM ${from})`);
    throw new Error('reading stopped before the end');
  }

  [Symbol.dispose](): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

async function connectTo(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  // Else a time without a zone is one of this machine's.
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}

/** A chunk without the column of marks. */
class FetchedChunk implements ColumnChunk {
  readonly rows: number;
  readonly #chunk: DuckDBDataChunk;

  constructor(chunk: DuckDBDataChunk, rows: number) {
    this.#chunk = chunk;
    this.rows = rows;
  }

  column(index: number): readonly DuckDBValue[] {
    if (this.#chunk.getColumnVector(index + 1) instanceof DuckDBDoubleVector) return this.#numbers(index);
    return this.#chunk.getColumnValues(index + 1).slice(0, this.rows);
  }

  doubles(index: number): Float64Array {
    const { buffer, byteOffset } = this.#memory(index, Float64Array.BYTES_PER_ELEMENT);
    return new Float64Array(buffer, byteOffset, this.rows);
  }

  integers(index: number): Int32Array {
    const { buffer, byteOffset } = this.#memory(index, Int32Array.BYTES_PER_ELEMENT);
    return new Int32Array(buffer, byteOffset, this.rows);
  }

  #numbers(index: number): readonly (number | null)[] {
    const values: (number | null)[] = Array.from(this.doubles(index));
    const vector = duckdb.data_chunk_get_vector(this.#chunk.chunk, index + 1);
    const valid = duckdb.vector_get_validity(vector, 8 * Math.ceil(this.rows / 64));
    if (valid !== null)
      for (let i = 0; i < this.rows; i++) if (((valid[i >> 3]! >> (i & 7)) & 1) === 0) values[i] = null;
    return values;
  }

  /** node-api gives values one at a time, each a call; the bindings beneath it give the vector. */
  #memory(index: number, bytesPerRow: number): Uint8Array {
    return duckdb.vector_get_data(duckdb.data_chunk_get_vector(this.#chunk.chunk, index + 1), this.rows * bytesPerRow);
  }
}

export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path as DuckDB's readers take it: they would expand what looks like a pattern. */
export function sqlPath(path: string): string {
  return sqlText(path.replaceAll(/[*?[]/g, (special) => `[${special}]`));
}
