import { FULL, SIDE } from './digit-reader.ts';

/** From 0 to 1 in both directions. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Stroke = readonly Point[];

/** The digits of the training set are 32 × 32 points, drawn with a pen of this width, counted in 8 × 8 cells. */
const POINTS = 32;
const PEN = 7;
/** Each point is drawn this large, so that ink covers it by shares. */
const ZOOM = 4;

/** The drawing as the training set has it: filling the square, wherever and however large it was drawn. */
export function digitCells(strokes: readonly Stroke[]): Float32Array {
  const canvas = new OffscreenCanvas(POINTS * ZOOM, POINTS * ZOOM);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('this browser has no 2D canvas');
  context.lineWidth = PEN * ZOOM;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  const place = placing(strokes.flat(), canvas.width, context.lineWidth);
  for (const stroke of strokes) {
    context.beginPath();
    for (const point of stroke) context.lineTo(...place(point));
    // A dot is a stroke, too.
    if (stroke[0] !== undefined) context.lineTo(...place(stroke.at(-1) ?? stroke[0]));
    context.stroke();
  }
  return inkByCell(context.getImageData(0, 0, canvas.width, canvas.height));
}

function placing(points: readonly Point[], size: number, pen: number): (point: Point) => [number, number] {
  const [left, right] = extent(points.map(({ x }) => x));
  const [top, bottom] = extent(points.map(({ y }) => y));
  const scale = (size - pen) / Math.max(right - left, bottom - top, 0.01);
  return ({ x, y }) => [size / 2 + (x - (left + right) / 2) * scale, size / 2 + (y - (top + bottom) / 2) * scale];
}

const extent = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];

function inkByCell({ data, width }: ImageData): Float32Array {
  const cells = new Float32Array(SIDE * SIDE);
  const cellWidth = width / SIDE;
  for (let pixel = 0; pixel < width * width; pixel++) {
    const column = Math.floor((pixel % width) / cellWidth);
    const row = Math.floor(pixel / width / cellWidth);
    const opacity = (data[pixel * 4 + 3] ?? 0) / 255;
    cells[row * SIDE + column]! += (opacity * FULL) / cellWidth ** 2;
  }
  return cells.map(Math.round);
}
