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

const HEADING_AND_SUMMARY_ROWS = 21;
const FEWEST_ROWS = 6;
/** In a narrow terminal a line that wraps would be two, and the cursor would not find its way back up. */
const NO_WRAP = '\u001B[?7l';
const WRAP = '\u001B[?7h';

/** Shows the table. On a terminal it never scrolls: the oldest weeks make room. Elsewhere a week is one line. */
export class Screen {
  readonly #output: Output;
  readonly #paint: Paint;
  readonly #notices: string[] = [];
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

  /** What the drift service has to say; kept for the end, where it does not tear the table. */
  notice(line: string): void {
    this.#notices.push(`  ${line}`);
  }

  summary(summary: Summary): void {
    this.#write(['', ...this.#notices, ...summaryLines(summary, this.#paint)]);
  }

  async staysUpUntil(signal: AbortSignal): Promise<void> {
    this.#write(['', this.#paint('bold', '  The year is over. Both services stay up until Ctrl-C.')]);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }

  #add(lines: Lines): void {
    if (this.#output.isTTY !== true) {
      this.#write(lines);
      return;
    }
    const room = Math.max(FEWEST_ROWS, (this.#output.rows ?? 24) - HEADING_AND_SUMMARY_ROWS);
    const upAndClear = this.#visible.length === 0 ? '' : `\u001B[${this.#visible.length}A\u001B[J`;
    this.#visible = [...this.#visible, ...lines].slice(-room);
    this.#output.write(NO_WRAP + upAndClear);
    this.#write(this.#visible);
    this.#output.write(WRAP);
  }

  #write(lines: Lines): void {
    this.#output.write(lines.map((line) => `${line}\n`).join(''));
  }
}
