import { InvalidArgumentError } from 'commander';

/** Names separated by commas, which may be said in several options. */
export function names(columns: string, before: readonly string[]): readonly string[] {
  return [...before, ...columns.split(',')];
}

export function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('A number above 0 is needed.');
}

/** Also of rows in the mean, 2.5 of a user. */
export function rowCount(text: string): number {
  const rows = Number(text);
  if (rows >= 1 && Number.isFinite(rows)) return rows;
  throw new InvalidArgumentError('A number of rows, at least 1, is needed.');
}

export function wholeRows(text: string): number {
  const rows = Number(text);
  if (rows >= 1 && Number.isSafeInteger(rows)) return rows;
  throw new InvalidArgumentError('A whole number of rows is needed, 1000 for instance.');
}
