import { ModelSketches } from '../model-sketches.ts';
import type { ObservedModel } from '../observed-model.ts';

/** A wall-clock aligned slot of event time: no unit ever straddles one. */
export interface Period {
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly startNs: bigint;
  readonly models: Map<string, ModelSketches>;
  isOpen: boolean;
}

export interface OpenSketches {
  readonly period: Period;
  readonly sketches: ModelSketches;
}

/** Sketches that will not change again; all of them end at the same time. */
export interface ClosedPeriod {
  readonly endNs: bigint;
  readonly models: readonly ModelSketches[];
}

export interface SketchBookOptions {
  readonly periodMs: number;
  readonly minimumRows: number;
  readonly close: (closed: ClosedPeriod) => void;
  readonly dropped: (rows: number) => void;
  readonly now: () => number;
}

/** Batches come unsorted, clocks differ a little; a ninth period closes the oldest. */
const MAX_OPEN_PERIODS = 8;
/** The default window of the drift service. */
const WINDOW_MS = 5 * 60_000;
const NS_PER_MS = 1_000_000n;

/** Two workers with one resource must never make a unit of the same start. */
const startOffsetNs = BigInt(Math.floor(Math.random() * 1_000_000));

/** The live sketches of all models, by the period that their rows happened in. */
export class SketchBook {
  readonly #options: SketchBookOptions;
  readonly #open = new Map<number, Period>();
  #newestClosedIndex = Number.NEGATIVE_INFINITY;
  #reopened = 0n;

  constructor(options: SketchBookOptions) {
    this.#options = options;
  }

  get periodMs(): number {
    return this.#options.periodMs;
  }

  get openPeriods(): number {
    return this.#open.size;
  }

  get openSketches(): readonly ModelSketches[] {
    return [...this.#open.values()].flatMap(({ models }) => [...models.values()]);
  }

  periodAt(timeMs: number): Period {
    const index = Math.floor(timeMs / this.#options.periodMs);
    return this.#open.get(index) ?? this.#openPeriod(index);
  }

  sketchesAt(timeMs: number, model: ObservedModel): OpenSketches {
    const period = this.periodAt(timeMs);
    const known = period.models.get(model.key);
    if (known !== undefined) return { period, sketches: known };
    const sketches = new ModelSketches(model, period.startNs);
    period.models.set(model.key, sketches);
    return { period, sketches };
  }

  /** Closes what lies wholly in the past. */
  closeEnded(): void {
    const now = this.#options.now();
    for (const period of this.#inOrder()) if (period.endMs <= now) this.#close(period, 'more-follows');
  }

  closeAll(reason: 'more-follows' | 'last'): void {
    for (const period of this.#inOrder()) this.#close(period, reason);
  }

  #inOrder(): readonly Period[] {
    return [...this.#open.values()].toSorted((a, b) => a.index - b.index);
  }

  #openPeriod(index: number): Period {
    const oldest = this.#open.size < MAX_OPEN_PERIODS ? undefined : this.#inOrder()[0];
    if (oldest !== undefined) this.#close(oldest, 'more-follows');
    // An identity is never used again: whatever may be a reopened period starts later than all before it.
    if (index <= this.#newestClosedIndex) this.#reopened += 1n;
    const { periodMs } = this.#options;
    const startMs = index * periodMs;
    const startNs = BigInt(startMs) * NS_PER_MS + startOffsetNs + this.#reopened;
    const period = { index, startMs, endMs: startMs + periodMs, startNs, models: new Map(), isOpen: true };
    this.#open.set(index, period);
    return period;
  }

  #close(period: Period, reason: 'more-follows' | 'last'): void {
    period.isOpen = false;
    this.#open.delete(period.index);
    this.#newestClosedIndex = Math.max(this.#newestClosedIndex, period.index);
    const { now, close } = this.#options;
    const ready = [...period.models.values()].filter((sketches) => !this.#isHeldBack(sketches, period, reason));
    if (ready.length > 0) close({ endNs: endOf(period, now()), models: ready });
  }

  /** Too few rows to hide one among them: they join the next period of the same window, else they are dropped. */
  #isHeldBack(sketches: ModelSketches, period: Period, reason: 'more-follows' | 'last'): boolean {
    if (!sketches.isTooFew(this.#options.minimumRows)) return false;
    const isLastOfWindow = period.endMs % WINDOW_MS === 0 || this.#options.periodMs >= WINDOW_MS;
    if (reason === 'last' || isLastOfWindow) this.#options.dropped(sketches.rows);
    else this.#carryOver(sketches, this.periodAt(period.endMs));
    return true;
  }

  #carryOver(sketches: ModelSketches, next: Period): void {
    const later = next.models.get(sketches.model.key);
    if (later === undefined) next.models.set(sketches.model.key, sketches);
    else later.takeEarlier(sketches);
  }
}

/** A period that is closed early, by a flush, has not seen its end yet: a future end would be refused. */
function endOf(period: Period, nowMs: number): bigint {
  const isUnderWay = nowMs > period.startMs + 1 && nowMs < period.endMs;
  return BigInt(isUnderWay ? nowMs : period.endMs) * NS_PER_MS;
}
