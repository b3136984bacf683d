import { inThousands } from './table.ts';

const EVERY_MS = 100;

/** One line on the terminal that is written over; nothing where nobody watches. */
export class ProgressLine implements Disposable {
  readonly #stream: NodeJS.WriteStream;
  #shownAt = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(label: string, rows: number, totalRows?: number): void {
    if (performance.now() - this.#shownAt < EVERY_MS) return;
    const share = totalRows === undefined ? '' : ` ${Math.floor((100 * rows) / totalRows)} %`;
    this.say(`${label}: ${inThousands(rows)} rows${share}`);
  }

  say(text: string): void {
    if (!this.#stream.isTTY) return;
    this.#shownAt = performance.now();
    this.#stream.write(`\r\u001B[K${text}`);
  }

  [Symbol.dispose](): void {
    if (this.#shownAt > 0) this.#stream.write('\r\u001B[K');
  }
}
