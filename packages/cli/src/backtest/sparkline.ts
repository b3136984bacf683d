import type { FeatureMeasurement, timesItsLimit, WindowMeasurement } from '@driftline/collector-processor/backtest';

export type TimesItsLimit = typeof timesItsLimit;

/** Up to the fourth within the limit, from the fifth on beyond it. */
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const NOT_JUDGED = '·';
/** How many times the limit a size is from which on the higher levels begin. */
const BEYOND = [1, 2, 3, 5] as const;

export interface Course {
  readonly name: string;
  readonly picture: string;
  /** In limits: 1 is at the limit. */
  readonly largest: number;
  readonly driftedWindows: number;
  readonly judgedWindows: number;
}

/** The course of every feature's size, each in as many marks as there is room for. */
export class Courses {
  readonly #start: number;
  readonly #markMs: number;
  readonly #marks: number;
  readonly #timesItsLimit: TimesItsLimit;
  readonly #features = new Map<string, Drawn>();

  constructor(
    { start, end, windowMs, width }: { start: number; end: number; windowMs: number; width: number },
    timesItsLimit: TimesItsLimit,
  ) {
    const windows = Math.max(1, Math.ceil((end - start) / windowMs));
    const windowsAMark = Math.ceil(windows / width);
    this.#start = start;
    this.#timesItsLimit = timesItsLimit;
    this.#markMs = windowsAMark * windowMs;
    this.#marks = Math.ceil(windows / windowsAMark);
  }

  add({ windowStart, features }: WindowMeasurement): void {
    const mark = Math.floor((windowStart - this.#start) / this.#markMs);
    for (const feature of features) {
      const drawn = this.#features.get(feature.name) ?? {
        levels: new Int8Array(this.#marks).fill(-1),
        largest: 0,
        drifted: 0,
        judged: 0,
      };
      this.#features.set(feature.name, drawn);
      if (!isJudged(feature)) continue;
      drawn.judged++;
      if (feature.state === 'drift') drawn.drifted++;
      const limits = this.#timesItsLimit(feature);
      drawn.largest = Math.max(drawn.largest, limits);
      const level = levelOf(limits, feature.state === 'drift');
      if (level > (drawn.levels[mark] ?? 0)) drawn.levels[mark] = level;
    }
  }

  /** The one that went furthest first. */
  all(): readonly Course[] {
    return [...this.#features]
      .map(([name, { levels, largest, drifted, judged }]) => ({
        name,
        picture: Array.from(levels, (level) => LEVELS[level] ?? NOT_JUDGED).join(''),
        largest,
        driftedWindows: drifted,
        judgedWindows: judged,
      }))
      .toSorted((one, other) => other.largest - one.largest);
  }
}

interface Drawn {
  readonly levels: Int8Array;
  largest: number;
  drifted: number;
  judged: number;
}

export function isJudged({ state }: Pick<FeatureMeasurement, 'state'>): boolean {
  return state !== 'insufficient_data' && state !== 'no_reference';
}

/** However large, what is not sure is no drift and stays below. */
function levelOf(limits: number, isDrift: boolean): number {
  const within = Math.min(3, Math.floor(limits * 4));
  if (!isDrift || limits < 1) return within;
  return 3 + BEYOND.filter((times) => limits >= times).length;
}
