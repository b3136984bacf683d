import { sqlPath } from '../database.ts';
import type { DataFormat } from './data-format.ts';

export const parquet: DataFormat = {
  name: 'Parquet',
  extensions: ['.parquet'],
  async open(path, database) {
    const from = `read_parquet(${sqlPath(path)})`;
    const described = await database.rows(`DESCRIBE SELECT * FROM ${from}`);
    return { from, columns: described.map(([name, type]) => ({ name: String(name), type: String(type) })) };
  },
  explain(message) {
    return /[Pp]arquet|No magic bytes|Snappy|ZSTD|Thrift/.test(message)
      ? 'it is no valid Parquet file, or was cut off. Write it again.'
      : undefined;
  },
};
