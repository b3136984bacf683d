import { stripVTControlCharacters } from 'node:util';

/** Lines of cells in columns as wide as their widest cell; numbers, with or without a unit, to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows
    .map((row) => `  ${row.map((cell, column) => padded(cell, widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

function padded(cell: string, width: number): string {
  const padding = ' '.repeat(width - widthOf(cell));
  return /^[-+<]?\d\S*( \S+)?$/.test(stripVTControlCharacters(cell)) ? padding + cell : cell + padding;
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}

/** A sentence in lines that fit beside other text, wherever they are read. */
export function wrapped(text: string, width = 78): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.map((line) => `  ${line}`).join('\n');
}

/** Names come from data: one with an escape sequence must not reach the terminal. */
export function printable(name: string): string {
  return name.replaceAll(/\p{Cc}/gu, '?');
}

const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 1,234,567 */
export function inThousands(count: number): string {
  return integers.format(count);
}

/** Three significant digits, however large or small. */
export function inShort(value: number): string {
  if (value === 0) return '0';
  const isReadable = Math.abs(value) >= 0.001 && Math.abs(value) < 1e6;
  return isReadable ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}

/** A share as a percentage; nothing where there is none. */
export function percent(share: number | undefined): string {
  return share === undefined ? '' : `${inShort(100 * share)} %`;
}

/** 2026-11-20, in UTC. */
export function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
