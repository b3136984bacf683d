import {
  type Addresses,
  changeLines,
  headingLines,
  type Lines,
  type Paint,
  productionLine,
  type Summary,
  summaryLines,
  weekLine,
  type WeekRow,
} from './table.ts';

/** Where lines go: a terminal, or something that keeps every line. */
export interface Output {
  readonly isTTY?: boolean;
  readonly rows?: number;
  write(text: string): unknown;
}

const HEADING_AND_SUMMARY_ROWS = 14;
const FEWEST_ROWS = 6;

/** Shows the table. On a terminal it never scrolls: the oldest weeks make room. Elsewhere a week is one line. */
export class Screen {
  readonly #output: Output;
  readonly #paint: Paint;
  #visible: Lines = [];

  constructor(output: Output, paint: Paint) {
    this.#output = output;
    this.#paint = paint;
  }

  heading(addresses: Addresses): void {
    this.#write(headingLines(addresses, this.#paint));
  }

  week(week: WeekRow): void {
    const changes = this.#output.isTTY === true ? changeLines(week, this.#paint) : [];
    this.#add([weekLine(week, this.#paint), ...changes]);
  }

  productionStarts(): void {
    this.#add([productionLine(this.#paint)]);
  }

  summary(summary: Summary): void {
    this.#write(['', ...summaryLines(summary, this.#paint)]);
  }

  #add(lines: Lines): void {
    if (this.#output.isTTY !== true) {
      this.#write(lines);
      return;
    }
    const room = Math.max(FEWEST_ROWS, (this.#output.rows ?? 24) - HEADING_AND_SUMMARY_ROWS);
    const upAndClear = this.#visible.length === 0 ? '' : `\u001B[${this.#visible.length}A\u001B[J`;
    this.#visible = [...this.#visible, ...lines].slice(-room);
    this.#output.write(upAndClear);
    this.#write(this.#visible);
  }

  #write(lines: Lines): void {
    this.#output.write(lines.map((line) => `${line}\n`).join(''));
  }
}
