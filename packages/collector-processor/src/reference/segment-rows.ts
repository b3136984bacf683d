import { unseenCategory } from '@driftline/sketches';
import { type BulkReading, missingCode, type ReadAs } from '../files/column-reading.ts';
import { DataFileError } from '../files/data-file-error.ts';
import type { RowChunk } from '../files/data-file.ts';
import { readOnce } from '../files/read-once.ts';

/** How the column of an attribute is read: as the feature that it may be, too. */
export type SegmentReading = Exclude<ReadAs, 'vector' | 'time' | 'sent'> | BulkReading;

/** Throws a DataFileError for a column of vectors. */
export function segmentReading(
  attribute: string,
  columns: readonly { readonly name: string; readonly readAs: ReadAs | BulkReading }[],
): SegmentReading {
  const own = columns.find(({ name }) => name === attribute)?.readAs ?? 'text';
  if (own !== 'vector' && own !== 'time' && own !== 'sent') return own;
  throw new DataFileError(`column ${JSON.stringify(attribute)} holds a ${own} in each row, which cuts no segments.`);
}

/** Of each row; empty where it does not have the attribute. */
export function segmentValues(rows: RowChunk, attribute: string, readAs: SegmentReading): readonly string[] {
  if (typeof readAs === 'string') return rows.cells(attribute, readAs).map(valueOf);
  if (readAs.bulk === 'numbers') return Array.from(rows.numbers(attribute), valueOf);
  const { categories } = readAs;
  return Array.from(rows.codes(attribute), (code) =>
    code === missingCode ? '' : (categories[code] ?? unseenCategory),
  );
}

function valueOf(cell: string | number | null): string {
  return cell === null || (typeof cell === 'number' && !Number.isFinite(cell)) ? '' : String(cell);
}

/** The rows of some segments apart, and where in the chunk they were. */
export function* rowsBySegment(
  chunk: RowChunk,
  values: readonly string[],
  isWanted: (value: string) => boolean,
): Generator<{ readonly value: string; readonly rows: RowChunk; readonly positions: readonly number[] }> {
  // Every segment asks for the cells of the same chunk.
  const columns = readOnce(chunk);
  const positions = Map.groupBy(values.keys(), (i) => values[i] ?? '');
  for (const [value, ofValue] of positions) {
    if (isWanted(value)) yield { value, rows: onlyRows(columns, ofValue), positions: ofValue };
  }
}

function onlyRows(chunk: RowChunk, positions: readonly number[]): RowChunk {
  return {
    rows: positions.length,
    cells(column, as) {
      const cells = chunk.cells(column, as);
      return positions.map((i) => cells[i]).filter((cell) => cell !== undefined);
    },
    numbers(column) {
      const numbers = chunk.numbers(column);
      return Float64Array.from(positions, (i) => numbers[i] ?? Number.NaN);
    },
    codes(column) {
      const codes = chunk.codes(column);
      return Int32Array.from(positions, (i) => codes[i] ?? missingCode);
    },
  };
}
