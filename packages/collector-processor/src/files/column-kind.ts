import { isNumberType, isTimeType } from './column-reading.ts';
import type { DataFile } from './data-file.ts';
import { sqlName } from './database.ts';
import type { TableColumn } from './formats/data-format.ts';

export type ColumnKind = 'numeric' | 'categorical' | 'embedding';

/** What a column is taken for, or why it is of no use as a feature. */
export type ColumnGuess =
  | { readonly name: string; readonly kind: ColumnKind }
  | { readonly name: string; readonly skipped: string };

const SAMPLED_ROWS = 20_000;
/** Of cells with a value; the rest counts as not a number, an R user's NA for instance. */
const ENOUGH_OF_A_KIND = 0.9;
/** More different texts than this, and most of them once: names and ids, not categories. */
const MOST_CATEGORIES = 100;

/** Guesses what each column is by its type and, where that says nothing, by the first twenty thousand rows. */
export async function guessKinds(file: DataFile, columns: readonly TableColumn[]): Promise<ColumnGuess[]> {
  const texts = columns.filter(({ type }) => type === 'VARCHAR');
  const measured = texts.length === 0 ? [] : await file.measureSample(SAMPLED_ROWS, texts.flatMap(measures));
  return columns.map((column) => {
    const position = texts.indexOf(column);
    return position < 0
      ? guessByType(column)
      : guessByCells(column.name, measured.slice(position * MEASURES, (position + 1) * MEASURES));
  });
}

function guessByType({ name, type }: TableColumn): ColumnGuess {
  if (isNumberType(type)) return { name, kind: 'numeric' };
  if (type === 'BOOLEAN' || type.startsWith('ENUM')) return { name, kind: 'categorical' };
  if (isTimeType(type)) return { name, skipped: 'it holds times' };
  const element = /^(.*)\[\d*\]$/.exec(type)?.[1];
  if (element !== undefined && isNumberType(element)) return { name, kind: 'embedding' };
  return { name, skipped: `its type ${type} is neither numbers, categories nor vectors` };
}

const MEASURES = 5;

function measures({ name }: TableColumn): string[] {
  const cell = sqlName(name);
  return [
    `count(${cell})`,
    `count(TRY_CAST(${cell} AS DOUBLE))`,
    `count(CASE WHEN starts_with(${cell}, '[') THEN TRY_CAST(${cell} AS DOUBLE[]) END)`,
    `count(TRY_CAST(${cell} AS TIMESTAMP))`,
    `count(DISTINCT ${cell})`,
  ];
}

function guessByCells(name: string, measured: readonly number[]): ColumnGuess {
  const [cells = 0, numbers = 0, vectors = 0, times = 0, different = 0] = measured;
  if (cells === 0) return { name, skipped: `it has no value in the first ${SAMPLED_ROWS} rows` };
  const enough = ENOUGH_OF_A_KIND * cells;
  if (numbers >= enough) return { name, kind: 'numeric' };
  if (vectors >= enough) return { name, kind: 'embedding' };
  if (times >= enough) return { name, skipped: 'it holds times' };
  if (different > MOST_CATEGORIES && different > cells / 2) {
    return { name, skipped: `its ${different} different texts look like names or ids` };
  }
  return { name, kind: 'categorical' };
}
