import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { sqlName, sqlPath, sqlText } from '../database.ts';
import { DataFileError } from '../data-file-error.ts';
import type { DataFormat } from './data-format.ts';

/** Names that first occur after this many lines are not seen. */
const SAMPLED_LINES = 20_480;

/** Every value is read as text, as in CSV: a line of another type is a bad value, not the end of the file. */
export const jsonl: DataFormat = {
  name: 'JSON Lines',
  extensions: ['.jsonl', '.ndjson'],
  async open(path, database) {
    const sampled = `read_json(${sqlPath(path)}, format = 'newline_delimited', records = true, sample_size = ${SAMPLED_LINES})`;
    const described = await database.rows(`DESCRIBE SELECT * FROM ${sampled}`);
    const names = described.map(([name]) => String(name));
    const isPlain = names.length === 1 && names[0] === 'json';
    if (names.length === 0 || isPlain) {
      throw new DataFileError(`${path} holds no JSON objects. One object a line is needed: {"age": 41, "state": "NY"}`);
    }
    const types = names.map((name) => `${sqlText(name)}: 'JSON'`).join(', ');
    const texts = names.map((name) => `${sqlName(name)} ->> '$' AS ${sqlName(name)}`).join(', ');
    return {
      from: `(SELECT ${texts} FROM read_json(${sqlPath(path)}, format = 'newline_delimited', columns = {${types}}))`,
      columns: names.map((name) => ({ name, type: 'VARCHAR' })),
    };
  },
  explain: (message, path) => (message.includes('JSON') ? firstFault(path) : undefined),
};

/** DuckDB's line numbers are off by one. */
async function firstFault(path: string): Promise<string | undefined> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line++;
    if (text.trim() === '') continue;
    try {
      JSON.parse(text);
    } catch (error) {
      return `line ${line} is no valid JSON: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return undefined;
}
