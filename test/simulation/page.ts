import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { detectionPicture } from './picture.ts';
import type { Result, Row } from './table.ts';

const PAGE = new URL('../../docs/false-alarms.md', import.meta.url);
const PICTURE = new URL('../../docs/detection.svg', import.meta.url);

export function readResult(name: string): Result | undefined {
  const file = new URL(`results/${name}.json`, import.meta.url);
  const result: Result | undefined = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  return result;
}

/** The page with its tables as the results have them; each stands between `<!-- table: NAME -->` and `<!-- end -->`. */
export function pageWithTables(page: string): string {
  return page.replaceAll(/<!-- table: ([a-z-]+) -->\n[^]*?<!-- end -->/g, (_, name: string) => {
    const result = readResult(name);
    if (result === undefined) throw new Error(`no results of ${name}; make them by: npm run simulate -- ${name}`);
    return `<!-- table: ${name} -->\n\n${markdown(result)}\n\n<!-- end -->`;
  });
}

export function readPage(): string {
  return readFileSync(PAGE, 'utf8');
}

export function readPicture(): string {
  return readFileSync(PICTURE, 'utf8');
}

export function writePage(): void {
  writeFileSync(PAGE, pageWithTables(readPage()));
  const curve = readResult('detection-curve');
  if (curve !== undefined) writeFileSync(PICTURE, detectionPicture(curve));
}

function markdown({ title, name, seed, rows }: Result): string {
  const [first] = rows;
  const columns = Object.keys(first ?? {}).filter((column) => !column.startsWith(ERROR));
  const lines = [columns, columns.map(() => '---'), ...rows.map((row) => columns.map((column) => cell(row, column)))];
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `${title}. \`npm run simulate -- ${name}\`, seed ${seed}.\n\n${table}`;
}

const thousands = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A column of standard errors stands in the cells of the column that it is about. */
const ERROR = '± / ';

function cell(row: Row, column: string): string {
  const error = row[`${ERROR}${column.replace(/^sure \/ /, '')}`];
  const value = row[column] ?? '';
  return typeof error === 'number' && error > 0 ? `${plain(value)} ± ${plain(error)}` : plain(value);
}

function plain(value: string | number): string {
  if (typeof value === 'string') return value;
  if (Number.isInteger(value)) return thousands.format(value);
  return Math.abs(value) < 1e-4 ? value.toExponential(1) : String(value);
}
