import type { Database } from '../database.ts';

/** How DuckDB sees a file of this format. */
export interface OpenedTable {
  /** What stands behind FROM. */
  readonly from: string;
  readonly columns: readonly TableColumn[];
}

export interface TableColumn {
  readonly name: string;
  /** DuckDB's name of it: VARCHAR, DOUBLE, FLOAT[], ... */
  readonly type: string;
}

/** A file format: one file, one line in `index.ts`. */
export interface DataFormat {
  readonly name: string;
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** Throws a DataFileError, or DuckDB's own, which `explain` can put into words. */
  open(path: string, database: Database): Promise<OpenedTable>;
  /** What DuckDB's message means to whom the file belongs; undefined where it says nothing of this format. */
  explain(message: string, path: string): string | undefined | Promise<string | undefined>;
}
