import type { ObservedVerdict } from '../evaluate/told-verdicts.ts';
import type { WindowMeasurement } from '../evaluate/measurement.ts';
import { subjectKey } from '../evaluate/subjects.ts';
import { Peaks } from './peaks.ts';
import { type Basis, poissonBound, rareLevel } from './rare-level.ts';

export interface ThresholdOptions {
  /** Wished for the model as a whole. */
  readonly falseAlarmsPerMonth: number;
  readonly windowMs: number;
  /** Milliseconds since the epoch: windows that end by then are taken for free of real change. */
  readonly quietUntil: number;
}

/** What would have kept alarms to the wished rate over a span in which none was deserved. */
export interface Suggestions {
  readonly falseAlarmsPerMonth: number;
  readonly quiet: QuietSpan;
  readonly features: readonly FeatureSuggestion[];
  /** Times that the model went into drift in the span, as it is set. */
  readonly asSet: Rate;
  /** The same with the suggested floors, which were chosen by this very span: no forecast. */
  readonly suggestedEpisodes: number;
  /** Of these, such as no floor could have kept away: missing values and tails have limits of their own, and fixed limits no floor. */
  readonly beyondFloors: number;
  /**
   * What the span can show at most, whatever the sizes are like: how often a month one feature passes the largest size
   * that it ever had, with 95 % confidence. Three in N windows is what the largest of N leaves (Wilks 1941).
   */
  readonly shownPerFeature: number;
  /** Months in which no feature passes its floor that would show the wished rate, without a word about tails. */
  readonly monthsNeeded: number;
}

export interface QuietSpan {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  /** Those in which something could be judged. */
  readonly windows: number;
  readonly months: number;
}

export interface Rate {
  readonly episodes: number;
  readonly perMonth: number;
  /** The true rate is below it, with 95 % confidence. */
  readonly upperBound: number;
}

export interface FeatureSuggestion {
  readonly name: string;
  readonly role: 'feature' | 'output';
  /** Absent where fixed limits decide in place of a floor. */
  readonly floor?: number;
  readonly presentFloor?: number;
  readonly basis: Basis;
  /** Times that its size rose, for sure and not by chance, and fell again. */
  readonly excursions: number;
  readonly largest: number;
  /** By reported method: the score that would have been passed as rarely. */
  readonly limits: Readonly<Record<string, number>>;
}

const MONTH_MS = 30 * 86_400_000;
/** Drift that ended for so many windows begins anew: the hysteresis of the decision. */
const APART = 3;
/** Below half of the smallest change that anybody calls small, a floor would only let noise in. */
const LEAST_FLOOR = 0.05;

/** Listens to the verdicts of a quiet span, and says at the end which floors it suggests. */
export class Thresholds {
  readonly #options: ThresholdOptions;
  readonly #subjects = new Map<string, Subject>();
  #windows = 0;
  #from = Infinity;
  #until = -Infinity;
  #asSet: number[] = [];

  constructor(options: ThresholdOptions) {
    this.#options = options;
  }

  add({ windowStart, windowEnd, state }: WindowMeasurement, verdicts: readonly ObservedVerdict[]): void {
    const judged = verdicts.filter(
      (verdict) => verdict.state !== 'no_reference' && verdict.state !== 'insufficient_data',
    );
    if (windowEnd > this.#options.quietUntil || judged.length === 0) return;
    const window = this.#windows++;
    this.#from = Math.min(this.#from, windowStart);
    this.#until = windowEnd;
    if (state === 'drift') this.#asSet.push(window);
    for (const verdict of judged) this.#listen(window, verdict);
  }

  /** Undefined where no window could be judged. */
  suggestions(): Suggestions | undefined {
    if (this.#windows === 0) return undefined;
    const { falseAlarmsPerMonth, windowMs } = this.#options;
    const months = (this.#windows * windowMs) / MONTH_MS;
    // Alarms of features add up at most, so each has its share.
    const budget = { months, perMonth: falseAlarmsPerMonth / this.#subjects.size };
    const subjects = [...this.#subjects.values()].map((subject) => ({ subject, suggestion: suggest(subject, budget) }));
    const beyond = subjects.flatMap(({ subject }) => subject.beyondFloor);
    const within = subjects.flatMap(({ subject, suggestion }) =>
      suggestion.floor === undefined ? [] : subject.sizes.from(suggestion.floor),
    );
    return {
      falseAlarmsPerMonth,
      quiet: { from: this.#from, until: this.#until, windows: this.#windows, months },
      features: subjects.map(({ suggestion }) => suggestion),
      asSet: rateOf(episodes(this.#asSet, 1), months),
      suggestedEpisodes: episodes([...within, ...beyond], APART),
      beyondFloors: episodes(beyond, APART),
      shownPerFeature: poissonBound(0) / months,
      monthsNeeded: poissonBound(0) / budget.perMonth,
    };
  }

  #listen(window: number, { observed, parts, alpha, horizon, scores, name }: ObservedVerdict): void {
    const key = subjectKey(observed);
    const known = this.#subjects.get(key);
    const subject: Subject = known ?? {
      name,
      role: observed.role,
      floor: undefined,
      sizes: new Peaks(),
      beyondFloor: [],
      scores: new Map(),
    };
    this.#subjects.set(key, subject);
    for (const { part, size, pAdjusted, state, threshold, limit } of parts) {
      // A fixed limit has no floor, and what it reads is no size.
      if (part !== 'distribution' || limit !== undefined) {
        if (state === 'drift' && subject.beyondFloor.at(-1) !== window) subject.beyondFloor.push(window);
        continue;
      }
      subject.floor = threshold;
      if (pAdjusted < alpha) subject.sizes.add(window, size);
    }
    if (horizon !== 'window') return;
    for (const [method, score] of Object.entries(scores)) {
      const peaks = subject.scores.get(method) ?? new Peaks();
      subject.scores.set(method, peaks);
      peaks.add(window, Math.abs(score));
    }
  }
}

interface Subject {
  readonly name: string;
  readonly role: 'feature' | 'output';
  /** Undefined where fixed limits decide. */
  floor: number | undefined;
  /** Of the distribution, in windows in which it moved for sure. */
  readonly sizes: Peaks;
  /** Windows in which missing values, tails or a fixed limit were in drift. */
  readonly beyondFloor: number[];
  readonly scores: Map<string, Peaks>;
}

function suggest(
  { name, role, floor: presentFloor, sizes, scores }: Subject,
  budget: { readonly months: number; readonly perMonth: number },
): FeatureSuggestion {
  const peaks = sizes.independent(APART);
  const { level, basis } = rareLevel(peaks, budget);
  const limits = [...scores].map(([method, score]) => {
    return [method, roundedUp(rareLevel(score.independent(APART), budget).level)] as const;
  });
  return {
    name,
    role,
    ...(presentFloor !== undefined && { floor: floorAbove(level, basis, presentFloor), presentFloor }),
    basis,
    excursions: peaks.length,
    largest: sizes.largest,
    limits: Object.fromEntries(limits),
  };
}

/** A few excursions are enough to raise a floor, and never to lower one. */
function floorAbove(level: number, basis: Basis, presentFloor: number): number {
  if (basis === 'nothing seen') return presentFloor;
  return Math.max(basis === 'largest' ? presentFloor : LEAST_FLOOR, roundedUp(level));
}

/** To two digits, and above what was given: whatever lies on a floor passes it. */
function roundedUp(level: number): number {
  if (level === 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(level)) - 1);
  return Number(((Math.floor(level / step) + 1) * step).toPrecision(3));
}

/** Runs of windows, with gaps of fewer than so many counted in. */
function episodes(windows: readonly number[], apart: number): number {
  const sorted = [...new Set(windows)].toSorted((one, other) => one - other);
  return sorted.filter((window, i) => i === 0 || window - (sorted[i - 1] ?? 0) > apart).length;
}

function rateOf(count: number, months: number): Rate {
  return { episodes: count, perMonth: count / months, upperBound: poissonBound(count) / months };
}
