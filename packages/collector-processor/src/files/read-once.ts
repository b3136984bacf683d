import type { CellTypes, ReadAs } from './column-reading.ts';
import type { RowChunk } from './data-file.ts';

/** Cells are converted when they are asked for; here whoever asks again gets the same ones. */
export function readOnce(chunk: RowChunk): RowChunk {
  const known: { readonly [As in ReadAs]: Map<string, readonly CellTypes[As][]> } = {
    number: new Map(),
    sent: new Map(),
    text: new Map(),
    vector: new Map(),
    time: new Map(),
  };
  return {
    rows: chunk.rows,
    cells<As extends ReadAs>(column: string, as: As): readonly CellTypes[As][] {
      const cells = known[as].get(column) ?? chunk.cells(column, as);
      known[as].set(column, cells);
      return cells;
    },
    numbers: (column) => chunk.numbers(column),
    codes: (column) => chunk.codes(column),
  };
}
