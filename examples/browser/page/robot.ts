import { FULL, SIDE } from './digit-reader.ts';

export type Pen = 'usual' | 'felt-tip';

/** Draws digits of people that the model was not trained on, without end, with the pen it is given. */
export async function* robotDrawings(site: string, pen: Pen): AsyncGenerator<Float32Array, never> {
  const response = await fetch(new URL('/robot.digits', site));
  const bytes = new Uint8Array(await response.arrayBuffer());
  const drawings = bytes.length / (SIDE * SIDE);
  for (;;) {
    const start = Math.floor(Math.random() * drawings) * SIDE * SIDE;
    const cells = Float32Array.from(bytes.subarray(start, start + SIDE * SIDE));
    yield pen === 'usual' ? cells : widened(cells);
  }
}

/** A thick pen: ink runs into the cells beside it. */
function widened(cells: Float32Array): Float32Array {
  const at = (column: number, row: number): number =>
    column < 0 || column >= SIDE || row < 0 || row >= SIDE ? 0 : (cells[row * SIDE + column] ?? 0);
  return cells.map((cell, i) => {
    const [column, row] = [i % SIDE, Math.floor(i / SIDE)];
    const beside = at(column - 1, row) + at(column + 1, row) + at(column, row - 1) + at(column, row + 1);
    return Math.min(FULL, Math.round(cell + beside / 4));
  });
}
