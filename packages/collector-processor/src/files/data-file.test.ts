import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noNumber, notFinite } from './column-reading.ts';
import { DataFile, type RowChunk, type Selection } from './data-file.ts';
import { Database, sqlPath } from './database.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftline-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function parquetOf(name: string, select: string): Promise<string> {
  const path = join(folder, name);
  using database = await Database.open();
  await database.rows(`COPY (${select}) TO ${sqlPath(path)} (FORMAT parquet)`);
  return path;
}

async function read<T>(path: string, selection: Selection, cells: (chunk: RowChunk) => readonly T[]): Promise<T[]> {
  using file = await DataFile.open(path);
  const all: T[] = [];
  for await (const chunk of file.read(selection)) all.push(...cells(chunk));
  return all;
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const numbers = (path: string, column: string) =>
  read(path, { [column]: 'number' }, (chunk) => chunk.cells(column, 'number'));
const texts = (path: string, column: string) =>
  read(path, { [column]: 'text' }, (chunk) => chunk.cells(column, 'text'));

const bulkNumbers = (path: string, column: string) =>
  read(path, { [column]: { bulk: 'numbers' } }, (chunk) => [...chunk.numbers(column)]);
const codes = (path: string, column: string, categories: readonly string[]) =>
  read(path, { [column]: { bulk: 'codes', categories } }, (chunk) => [...chunk.codes(column)]);

async function readAll(path: string): Promise<number> {
  using file = await DataFile.open(path);
  let rows = 0;
  const selection = Object.fromEntries(file.columns.map(({ name }) => [name, 'text' as const]));
  for await (const chunk of file.read(selection)) rows += chunk.rows;
  return rows;
}

describe('a CSV file', () => {
  it('has numbers, missing cells, and cells that are no numbers', async () => {
    const path = await fileOf('numbers.csv', 'age,state\n41,NY\n,CA\nold,"a, ""b"""\n1e3,\n');
    expect(await numbers(path, 'age')).toEqual([41, null, Number.NaN, 1000]);
    expect(await texts(path, 'state')).toEqual(['NY', 'CA', 'a, "b"', null]);
  });

  it.each([
    ['semicolons.csv', 'a;"b,c"\n1;2\n', 'b,c'],
    ['tabs.tsv', 'a\tb\tc\r\n1\t2\t3\r\n', 'b'],
    ['byte-order-mark.csv', '\uFEFFa,b\n1,2\n', 'b'],
    ['quoted.csv', '"x, ""y""\nz",b\n1,2\n', 'b'],
    ['one-column.csv', 'b\n2\n', 'b'],
    ['a [b] *?.csv', 'a,b\n1,2\n', 'b'],
  ])('is understood: %s', async (name, content, column) => {
    expect(await numbers(await fileOf(name, content), column)).toEqual([2]);
  });

  it.each([
    ['with too few cells', 'a,b,c\n1,2,3\n1,2\n1,2,3\n', /line 3 has 2 cells, the header has 3/],
    ['with too many cells', 'a,b\n1,2\n1,2,3\n', /line 3 has 3 cells, the header has 2/],
  ])('names the line %s', async (_, content, message) => {
    await expect(numbers(await fileOf('ragged.csv', content), 'a')).rejects.toThrow(message);
  });

  it('names the line of a ragged row far behind the start', async () => {
    const rows = Array.from({ length: 300_000 }, (_, i) => (i === 250_000 ? '1,2,3' : '1,2'));
    const path = await fileOf('far.csv', `a,b\n${rows.join('\n')}\n`);
    await expect(numbers(path, 'a')).rejects.toThrow(/far\.csv: line 250002 has 3 cells, the header has 2/);
  });

  it.each([
    ['empty.csv', '', /is empty/],
    ['blank.csv', '\n\n', /is empty/],
    ['unnamed.csv', 'a,,c\n1,2,3\n', /column 2 has no name/],
    ['twice.csv', 'a,b,a\n1,2,3\n', /names "a" twice/],
    ['table.xlsx', 'PK', /no known format; known: .csv, .tsv, .parquet/],
  ])('is refused with its reason: %s', async (name, content, message) => {
    await expect(numbers(await fileOf(name, content), 'a')).rejects.toThrow(message);
  });

  it('lists the columns where the one asked for is not among them', async () => {
    await expect(numbers(await fileOf('known.csv', 'age,state\n1,2\n'), 'agee')).rejects.toThrow(
      /no column "agee"; it has age, state/,
    );
  });

  it('gives back every cell that a writer quoted, whatever it holds', async () => {
    const cell = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 20 })
      .map((text) => text.toWellFormed().replaceAll('\0', '0'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), async (rows) => {
        const content = rows.map((row) => row.map(quoted).join(',')).join('\n');
        const path = await fileOf('any.csv', `"a","b"\n${content}\n`);
        expect(await texts(path, 'b')).toEqual(rows.map(([, b]) => b));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a file of any bytes', () => {
  const bytes = {
    csv: fc.uint8Array({ maxLength: 300 }),
    jsonl: fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.json()).map((lines) => Buffer.from(lines.join('\n'))),
    ),
    parquet: fc
      .uint8Array({ maxLength: 300 })
      .map((middle) => Buffer.concat([Buffer.from('PAR1'), middle, Buffer.from('PAR1')])),
  };

  it.each(['csv', 'jsonl', 'parquet'] as const)(
    'is read or refused by its name: %s',
    { timeout: 30_000 },
    async (format) => {
      await fc.assert(
        fc.asyncProperty(bytes[format], async (content) => {
          const path = await fileOf(`bytes.${format}`, content);
          const outcome = await readAll(path).catch((error: unknown) => String(error));
          expect(outcome).toSatisfy(
            (rows: number | string) => typeof rows === 'number' || rows.startsWith(`DataFileError: ${path}`),
          );
        }),
        { numRuns: 50 },
      );
    },
  );
});

describe('a JSON Lines file', () => {
  it('has values of any type, and keys that some lines lack', async () => {
    const path = await fileOf(
      'values.jsonl',
      '{"a":1,"b":"x","e":[1,2.5]}\n{"a":null,"b":true}\n{"a":"q","b":7,"e":"no"}\n',
    );
    expect(await numbers(path, 'a')).toEqual([1, null, Number.NaN]);
    expect(await texts(path, 'b')).toEqual(['x', 'true', '7']);
    expect(await read(path, { e: 'vector' }, (chunk) => chunk.cells('e', 'vector'))).toEqual([[1, 2.5], null, []]);
  });

  it('names the line that is no JSON', async () => {
    const path = await fileOf('broken.jsonl', '{"a":1}\n{"a":2}\n{"a" 3}\n{"a":4}\n');
    await expect(numbers(path, 'a')).rejects.toThrow(/broken\.jsonl: line 3 is no valid JSON/);
  });

  it('is refused where its lines are no objects', async () => {
    await expect(numbers(await fileOf('numbers.jsonl', '1\n2\n'), 'a')).rejects.toThrow(/numbers\.jsonl/);
  });
});

describe('a Parquet file', () => {
  it('has typed columns: numbers, codes, booleans, vectors, times', async () => {
    const path = await parquetOf(
      'typed.parquet',
      `SELECT * FROM (VALUES
        (1::DOUBLE, 7::INTEGER, true, [1.5, 2]::FLOAT[2], TIMESTAMP '2026-01-02 00:00:00', 1.25::DECIMAL(5,2)),
        (12, NULL, false, NULL, NULL, NULL),
        ('nan'::DOUBLE, 9, NULL, [0, 1]::FLOAT[2], TIMESTAMP '1970-01-01 00:00:01', 3)) AS t(x, code, flag, vector, "at", price)`,
    );
    expect(await numbers(path, 'x')).toEqual([1, 12, Number.NaN]);
    expect(await numbers(path, 'price')).toEqual([1.25, null, 3]);
    expect(await texts(path, 'x')).toEqual(['1', '12', 'nan']);
    expect(await texts(path, 'code')).toEqual(['7', null, '9']);
    expect(await texts(path, 'flag')).toEqual(['true', 'false', null]);
    expect(await read(path, { vector: 'vector' }, (chunk) => chunk.cells('vector', 'vector'))).toEqual([
      [1.5, 2],
      null,
      [0, 1],
    ]);
    expect(await read(path, { at: 'time' }, (chunk) => chunk.cells('at', 'time'))).toEqual([
      Date.UTC(2026, 0, 2),
      null,
      1000,
    ]);
  });

  it('is refused when it is cut off', async () => {
    await expect(numbers(await fileOf('cut.parquet', 'PAR1 and no more'), 'a')).rejects.toThrow(
      /no valid Parquet file/,
    );
  });
});

it('is refused where there is no file', async () => {
  await expect(DataFile.open(join(folder, 'nowhere.csv'))).rejects.toThrow(/nowhere\.csv does not exist/);
});

describe('a column read in bulk', () => {
  it('holds the numbers of its cells, and tells apart what is missing, not finite and no number', async () => {
    const path = await fileOf('bulk.csv', 'age,state\n41,NY\n,CA\nold,NV\n1e3,\nnan,\n-inf,\n');
    const told = [41, Number.NaN, noNumber, 1000, notFinite, notFinite];
    expect(await bulkNumbers(path, 'age')).toEqual(told);
    const values = "VALUES (1, 41.0::DOUBLE), (2, NULL), (3, 'nan'), (4, '-inf'), (5, 0)";
    const typed = await parquetOf('typed.parquet', `SELECT i, n FROM (${values}) t(i, n) ORDER BY i`);
    expect(await bulkNumbers(typed, 'n')).toEqual([41, Number.NaN, notFinite, notFinite, 0]);
    expect(await bulkNumbers(typed, 'i')).toEqual([1, 2, 3, 4, 5]);
  });

  it('has an example of what is no number, and none where everything is one or missing', async () => {
    const path = await fileOf('examples.csv', `age,state\n41,1\n,2\n${'old '.repeat(20)},3\n1e3,\n`);
    using file = await DataFile.open(path);
    expect(await file.noNumberExample('age')).toBe(`${'old '.repeat(10)}…`);
    expect(await file.noNumberExample('state')).toBeUndefined();
  });

  it('is what an application would have sent: text where there is no number', async () => {
    const path = await fileOf('sent.csv', 'age,state\n41,NY\n,CA\nold,NV\nnan,\n-inf,\n');
    using file = await DataFile.open(path);
    const cells: (number | string | null)[] = [];
    for await (const chunk of file.read({ age: 'sent' })) cells.push(...chunk.cells('age', 'sent'));
    expect(cells).toEqual([41, null, 'no number', Number.NaN, Number.NaN]);
  });

  it('holds the positions of known categories, -1 for what is missing and -2 for what is unknown', async () => {
    const path = await fileOf('codes.csv', `state\n"NY"\n"it's"\n\n"ny"\n""\n`);
    expect(await codes(path, 'state', ["it's", 'NY'])).toEqual([1, 0, -1, -2, -1]);
  });

  it('holds codes of numbers and truth values as cells have their text', async () => {
    const path = await parquetOf(
      'kinds.parquet',
      'SELECT * FROM (VALUES (12.0::DOUBLE, true), (0.5, NULL), (3, false)) t(n, b)',
    );
    expect(await codes(path, 'n', ['12', '0.5'])).toEqual([0, 1, -2]);
    expect(await codes(path, 'b', ['false', 'true'])).toEqual([1, -1, 0]);
  });

  it('agrees with reading cell by cell, whatever the cells, over many chunks', async () => {
    const path = await parquetOf(
      'bulk.parquet',
      `SELECT CASE WHEN i % 7 = 0 THEN NULL WHEN i % 11 = 0 THEN 'inf'::DOUBLE WHEN i % 13 = 0 THEN 'nan'::DOUBLE ELSE i / 3 END AS n,
        CASE WHEN i % 5 = 0 THEN NULL ELSE 'category ' || i % 23 END AS c FROM range(10000) r(i)`,
    );
    const known = Array.from({ length: 20 }, (_, i) => `category ${i}`);
    const cells = await texts(path, 'c');
    expect(await codes(path, 'c', known)).toEqual(
      cells.map((cell) => (cell === null ? -1 : known.includes(cell) ? known.indexOf(cell) : -2)),
    );
    const values = await numbers(path, 'n');
    expect(await bulkNumbers(path, 'n')).toEqual(
      values.map((value) => (value === null ? Number.NaN : Number.isFinite(value) ? value : notFinite)),
    );
    expect(values.filter((value) => value === null).length).toBeGreaterThan(1000);
  });
});
