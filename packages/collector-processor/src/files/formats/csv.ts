import { open } from 'node:fs/promises';
import { sqlPath, sqlText } from '../database.ts';
import { DataFileError } from '../data-file-error.ts';
import type { DataFormat } from './data-format.ts';

/** A header line beyond this is no header line. */
const LONGEST_HEADER = 1 << 20;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * Every cell is read as text, and the header decides how many there are: DuckDB's own guess at the dialect takes a file
 * with one short row for a file of one column.
 */
export const csv: DataFormat = {
  name: 'CSV',
  extensions: ['.csv', '.tsv'],
  async open(path) {
    const header = await readHeader(path);
    const delimiter = delimiterOf(header);
    const names = splitHeader(header, delimiter);
    refuseBadNames(path, names);
    const columns = names.map((name) => ({ name, type: 'VARCHAR' }));
    const types = names.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ');
    return {
      from: `read_csv(${sqlPath(path)}, auto_detect = false, header = true, delim = ${sqlText(delimiter)}, quote = '"', escape = '"', columns = {${types}})`,
      columns,
    };
  },
  explain(message) {
    const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
    const cells = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
    if (line !== undefined && cells !== null) {
      return `line ${line} has ${cells[2]} cells, the header has ${cells[1]}. Correct the line, or quote cells that hold the delimiter.`;
    }
    if (line !== undefined) return `line ${line} is no valid CSV: ${secondSentence(message)}`;
    return /CSV Parser|sniffing/.test(message) ? 'it is no valid CSV. Is it a text file in UTF-8?' : undefined;
  },
};

async function readHeader(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(LONGEST_HEADER), position: 0 });
  const text = buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '');
  const header = firstLine(text);
  if (header.trim() === '') throw new DataFileError(`${path} is empty. A header line and rows are needed.`);
  if (bytesRead === LONGEST_HEADER && header.length === text.length) {
    throw new DataFileError(`${path} has no line break in its first ${LONGEST_HEADER} bytes. Is it a CSV file?`);
  }
  return header;
}

/** A quoted name may hold a line break. */
function firstLine(text: string): string {
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === '\n' || character === '\r')) return text.slice(0, i);
  }
  return text;
}

function delimiterOf(header: string): string {
  const unquoted = header.replaceAll(/"[^"]*"/g, '');
  const occurrences = (delimiter: string) => unquoted.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (occurrences(delimiter) > occurrences(best) ? delimiter : best));
}

function splitHeader(header: string, delimiter: string): string[] {
  const names: string[] = [];
  let name = '';
  let isQuoted = false;
  for (let i = 0; i < header.length; i++) {
    const character = header.charAt(i);
    if (character === '"' && isQuoted && header[i + 1] === '"') name += header[++i];
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) {
      names.push(name);
      name = '';
    } else name += character;
  }
  return [...names, name];
}

function refuseBadNames(path: string, names: readonly string[]): void {
  const unnamed = names.findIndex((name) => name.trim() === '');
  if (unnamed >= 0) throw new DataFileError(`${path}: column ${unnamed + 1} has no name in the header. Name it.`);
  const folded = names.map((name) => name.toLowerCase());
  const twice = names.find((_, i) => folded.indexOf(folded[i] ?? '') < i);
  if (twice !== undefined) {
    throw new DataFileError(
      `${path}: the header names ${JSON.stringify(twice)} twice (case does not count). Rename one of the columns.`,
    );
  }
}

function secondSentence(message: string): string {
  const lines = message.split('\n').map((line) => line.trim());
  return lines.find((line, i) => i > 0 && line !== '' && !line.startsWith('Original Line')) ?? 'it cannot be parsed';
}
