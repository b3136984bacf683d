import type { Point, Stroke } from './digit-cells.ts';

/** A square to draw in. `onChange` hears of every finished stroke. */
export class DrawingPad {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #onChange: (strokes: readonly Stroke[]) => void;
  #strokes: Point[][] = [];

  constructor(canvas: HTMLCanvasElement, onChange: (strokes: readonly Stroke[]) => void) {
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('this browser has no 2D canvas');
    this.#canvas = canvas;
    this.#context = context;
    this.#onChange = onChange;
    context.lineWidth = canvas.width / 14;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.strokeStyle = getComputedStyle(canvas).color;
    canvas.addEventListener('pointerdown', (event) => this.#begin(event));
    canvas.addEventListener('pointermove', (event) => this.#go(event));
    canvas.addEventListener('pointerup', (event) => this.#end(event));
  }

  clear(): void {
    this.#strokes = [];
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  #begin(event: PointerEvent): void {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#strokes.push([this.#pointOf(event)]);
    this.#drawLast();
  }

  #go(event: PointerEvent): void {
    if (!this.#canvas.hasPointerCapture(event.pointerId)) return;
    this.#strokes.at(-1)?.push(this.#pointOf(event));
    this.#drawLast();
  }

  #end(event: PointerEvent): void {
    this.#canvas.releasePointerCapture(event.pointerId);
    this.#onChange(this.#strokes);
  }

  #drawLast(): void {
    const { width, height } = this.#canvas;
    const [from, to = from] = this.#strokes.at(-1)?.slice(-2) ?? [];
    if (from === undefined || to === undefined) return;
    this.#context.beginPath();
    this.#context.moveTo(from.x * width, from.y * height);
    this.#context.lineTo(to.x * width, to.y * height);
    this.#context.stroke();
  }

  #pointOf({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  }
}
