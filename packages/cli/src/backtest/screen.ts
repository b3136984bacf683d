import { styleText } from 'node:util';
import type {
  AlertChange,
  FeatureMeasurement,
  History,
  WindowMeasurement,
} from '@driftline/collector-processor/backtest';
import { inShort, inThousands, printable } from '../table.ts';
import { isJudged, type TimesItsLimit } from './sparkline.ts';

/** Windows of one kind in a row are told in one line. */
interface Run {
  readonly kind: string;
  readonly start: number;
  end: number;
  windows: number;
  rows: number;
}

const DAY_MS = 86_400_000;
const TIME_WIDTH = 16;
/** As many windows in a row with the same features in drift are told one by one. */
const ALIKE_IN_FULL = 3;
const WORDS = { quiet: 'no drift', few: 'too few rows to judge', none: 'no reference yet' } as const;

/** Says window by window what was found, folding what is not news. */
export class Screen {
  readonly #print: (line: string) => void;
  readonly #isByDay: boolean;
  readonly #windowMs: number;
  readonly #timesItsLimit: TimesItsLimit;
  #run: Run | undefined;
  #alike: { readonly drifted: string; windows: number } = { drifted: '', windows: 0 };
  #lastEnd: number | undefined;

  constructor({ windowMs }: Pick<History, 'windowMs'>, timesItsLimit: TimesItsLimit, print: (line: string) => void) {
    this.#print = print;
    this.#windowMs = windowMs;
    this.#timesItsLimit = timesItsLimit;
    this.#isByDay = windowMs % DAY_MS === 0;
    print(`  ${'window (UTC)'.padEnd(TIME_WIDTH)}${'rows'.padStart(9)}  ${'drifted'.padEnd(9)}  worst feature`);
  }

  window(window: WindowMeasurement): void {
    const { windowStart, windowEnd, rows, features } = window;
    if (this.#lastEnd !== undefined && windowStart > this.#lastEnd) {
      const windows = Math.round((windowStart - this.#lastEnd) / this.#windowMs);
      this.#fold({ kind: 'no rows', start: this.#lastEnd, end: windowStart, windows, rows: 0 });
    }
    this.#lastEnd = windowEnd;
    const drifted = features.filter(({ state }) => state === 'drift');
    const names = drifted
      .map(({ name }) => name)
      .toSorted()
      .join('\n');
    this.#alike =
      names === this.#alike.drifted
        ? { drifted: names, windows: this.#alike.windows + 1 }
        : { drifted: names, windows: 1 };
    const told = { start: windowStart, end: windowEnd, windows: 1, rows };
    if (drifted.length === 0) this.#fold({ kind: quietKind(window), ...told });
    else if (this.#alike.windows > ALIKE_IN_FULL) this.#fold({ kind: 'the same features in drift', ...told });
    else {
      this.#endRun();
      this.#print(
        this.#line(windowStart, rows, `${drifted.length} of ${features.length}`, worstOf(drifted, this.#timesItsLimit)),
      );
    }
  }

  alert({ alert, at }: AlertChange): void {
    this.#endRun();
    const { rule, state, feature, direction, value, threshold } = alert;
    const about = feature === undefined ? (direction ?? '') : `${printable(feature)} above all`;
    const words = {
      pending: `alert ${rule} is pending`,
      firing: `ALERT ${rule} fires`,
      resolved: `alert ${rule} is resolved`,
      inactive: `alert ${rule} is called off`,
    }[state];
    const why =
      state === 'firing' || state === 'pending' ? about || `${inShort(value)}, limit ${inShort(threshold)}` : '';
    const line = `  ${this.#time(at)}  ↳ ${printable(words)}${why === '' ? '' : `: ${why}`}`;
    this.#print(state === 'firing' ? styleText('red', line) : styleText('dim', line));
  }

  end(): void {
    this.#endRun();
  }

  #fold(run: Run): void {
    if (this.#run?.kind !== run.kind) {
      this.#endRun();
      this.#run = run;
      return;
    }
    this.#run.end = run.end;
    this.#run.windows += run.windows;
    this.#run.rows += run.rows;
  }

  #endRun(): void {
    const run = this.#run;
    this.#run = undefined;
    if (run === undefined) return;
    const windows = run.windows === 1 ? '' : `${inThousands(run.windows)} windows, `;
    this.#print(this.#line(run.start, run.rows, '', styleText('dim', `${windows}${run.kind}`)));
  }

  #line(start: number, rows: number, drifted: string, rest: string): string {
    return `  ${this.#time(start)}${inThousands(rows).padStart(9)}  ${drifted.padEnd(9)}  ${rest}`;
  }

  #time(time: number): string {
    const iso = new Date(time).toISOString();
    const shown = this.#isByDay && time % DAY_MS === 0 ? iso.slice(0, 10) : iso.slice(0, 16).replace('T', ' ');
    return shown.padEnd(TIME_WIDTH);
  }
}

function quietKind({ features, state }: WindowMeasurement): string {
  if (state === 'no_reference') return WORDS.none;
  return features.some(isJudged) ? WORDS.quiet : WORDS.few;
}

function worstOf(drifted: readonly FeatureMeasurement[], timesItsLimit: TimesItsLimit): string {
  const [worst] = drifted.toSorted((one, other) => timesItsLimit(other) - timesItsLimit(one));
  if (worst === undefined) return '';
  return `${printable(worst.name)} ${sizeOf(worst)}: ${printable(worst.direction)}`;
}

/** In standard deviations, in points of a hundred where it is about shares of rows, or as a fixed limit reads it. */
export function sizeOf({ part, size, judgedBy }: Pick<FeatureMeasurement, 'part' | 'size' | 'judgedBy'>): string {
  const limit = judgedBy?.limit;
  if (limit !== undefined)
    return limit.of === 'p' ? `p = ${inShort(limit.p ?? 1)}` : `${limit.method} ${inShort(size)}`;
  return part === 'distribution' ? `${inShort(size)} sd` : `${inShort(100 * size)} points`;
}
