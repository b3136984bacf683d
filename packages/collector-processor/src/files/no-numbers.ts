import type { DataFile } from './data-file.ts';

/** Cells of a column of numbers that are none, and one of them. */
export interface NoNumbers {
  readonly column: string;
  readonly cells: number;
  readonly example?: string;
}

/** Looks up an example of each column that has any. */
export async function withExamples(
  file: DataFile,
  counted: readonly Pick<NoNumbers, 'column' | 'cells'>[],
): Promise<readonly NoNumbers[]> {
  const found: NoNumbers[] = [];
  for (const one of counted.filter(({ cells }) => cells > 0)) {
    const example = await file.noNumberExample(one.column);
    found.push({ ...one, ...(example !== undefined && { example }) });
  }
  return found;
}

export function noNumbersInWords({ column, cells, example }: NoNumbers): string {
  const many = cells === 1 ? '1 cell is no number' : `${cells.toLocaleString('en')} cells are no numbers`;
  const instance = example === undefined ? '' : `, ${JSON.stringify(example)} for instance`;
  return `column ${JSON.stringify(column)}: ${many}${instance}; empty ones are not among them.`;
}
