import type { IdentifiedPoint, ModelIdentity, Unit } from '../receive/unit.ts';
import type { Pane } from '../store/commit.ts';
import { type ModelProgress, type Store, StoreUnavailable, type WriterProgress } from '../store/store.ts';
import { encodeChanges, OpenPane } from './open-pane.ts';
import { endMs, intervalMs, momentOf, paneAt } from './pane.ts';
import { rowsOf } from './rows.ts';
import type { PaneLimits } from './series-census.ts';
import { addTallies, type Tally } from './tally.ts';
import { mostOpenPanes, openPanes } from './watermark.ts';

export interface LaneOptions {
  readonly store: Store;
  readonly limits: PaneLimits;
  readonly paneMs: number;
  /** Milliseconds since the epoch; nothing waits by it. */
  readonly now: () => number;
  /** A word that nobody said before. */
  readonly token: () => string;
  /** Of ours or of the store: the senders were told to come again. */
  readonly onFailure?: (error: unknown) => void;
  /** A sender whose period is longer than a pane: its rows are counted where their middle lies. */
  readonly onCoarse?: (unit: Unit, paneMs: number) => void;
}

export type UnitAnswer = Tally | 'overloaded' | 'unavailable';

interface Job {
  readonly unit: Unit;
  readonly answer: (answer: UnitAnswer) => void;
}

interface Share {
  readonly job: Job;
  readonly unit: Unit;
  readonly points: readonly IdentifiedPoint[];
}

/**
 * The way of one model's units into its panes. A commit starts at once when none is under way; what comes meanwhile
 * waits, and is the next one.
 */
export class ModelLane {
  readonly #model: ModelIdentity;
  readonly #options: LaneOptions;
  readonly #waiting: Job[] = [];
  /** The last used at the end. */
  readonly #bases = new Map<number, OpenPane>();
  #progress: Pick<ModelProgress, 'sealedEnd' | 'panes'> | undefined;
  #running: Promise<void> | undefined;

  constructor(model: ModelIdentity, options: LaneOptions) {
    this.#model = model;
    this.#options = options;
  }

  /** A request that is larger than the queue still has its turn. */
  hasRoomFor(units: number): boolean {
    return this.#waiting.length === 0 || this.#waiting.length + units <= mostWaitingUnits;
  }

  take(unit: Unit): Promise<UnitAnswer> {
    return new Promise((answer) => {
      this.#waiting.push({ unit, answer });
      this.#running ??= this.#commitWaiting();
    });
  }

  async idle(): Promise<void> {
    await this.#running;
  }

  async #commitWaiting(): Promise<void> {
    // The units of one request come in one turn, and belong together.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commitGroup(this.#waiting.splice(0, mostUnitsACommit));
    this.#running = undefined;
  }

  async #commitGroup(jobs: readonly Job[]): Promise<void> {
    const answers = new Map<Job, UnitAnswer[]>(jobs.map((job) => [job, []]));
    try {
      this.#progress ??= await this.#readProgress();
      for (const { pane, shares } of this.#byPane(jobs, this.#progress)) {
        const told = await this.#commitPane(pane, shares);
        shares.forEach(({ job }, i) => answers.get(job)?.push(told[i]!));
      }
    } catch (error) {
      this.#options.onFailure?.(error);
      for (const told of answers.values()) told.push('unavailable');
    }
    for (const [job, told] of answers) job.answer(together(told));
  }

  /** Oldest first, so that a backlog opens its panes in the order in which they are sealed. */
  #byPane(jobs: readonly Job[], { panes, sealedEnd }: Pick<ModelProgress, 'panes' | 'sealedEnd'>) {
    const byStart = new Map<number, { readonly pane: Pane; readonly shares: Share[] }>();
    for (const job of jobs) {
      const { unit } = job;
      this.#warnIfCoarse(unit);
      for (const [moment, points] of Map.groupBy(unit.points, (point) => momentOf(unit, point))) {
        const pane = paneAt(moment, this.#options.paneMs, panes, sealedEnd);
        const slot = byStart.get(pane.start) ?? { pane, shares: [] };
        byStart.set(pane.start, slot);
        slot.shares.push({ job, unit, points });
      }
    }
    return [...byStart.values()].toSorted((a, b) => a.pane.start - b.pane.start);
  }

  async #commitPane(pane: Pane, shares: readonly Share[]): Promise<readonly UnitAnswer[]> {
    try {
      return (await this.#hasRoomFor(pane))
        ? await this.#commitUntilDecided(pane, shares)
        : shares.map(() => 'overloaded');
    } catch (error) {
      // It may have happened or not: what is stored is read again before anything is merged into it.
      this.#bases.delete(pane.start);
      this.#options.onFailure?.(error);
      return shares.map(() => 'unavailable');
    }
  }

  async #commitUntilDecided(pane: Pane, shares: readonly Share[]): Promise<readonly Tally[]> {
    const { store, now, token } = this.#options;
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const base = await this.#baseOf(pane);
      const plan = base.plan(shares);
      const isNothingNew = plan.changed.size === 0;
      const nextRev = token();
      const decision = isNothingNew
        ? undefined
        : await store.commit({
            model: this.#model,
            pane,
            expectedRev: base.rev,
            nextRev,
            receipts: plan.receipts,
            writers: writersOf(shares, now()),
            states: encodeChanges(plan),
            rows: rowsOf(shares.flatMap(({ points }) => points)),
            now: now(),
          });
      await store.barrier();
      switch (decision?.outcome) {
        case undefined:
          return plan.tallies;
        case 'committed':
          base.committed(plan, nextRev);
          return plan.tallies;
        case 'conflict':
          base.learn(decision.stored);
          break;
        case 'outdated':
          this.#bases.delete(pane.start);
          break;
        case 'sealed':
          this.#sealedUpTo(decision.sealedEnd);
          return shares.map(({ points }) => ({ merged: 0, duplicate: 0, refused: { late: points.length } }));
      }
    }
    throw new StoreUnavailable(`store: pane ${pane.start} of ${this.#model.name} changes faster than it can be read`);
  }

  /** A pane that is not open yet needs a place among those that are. */
  async #hasRoomFor(pane: Pane): Promise<boolean> {
    const isKnown = ({ sealedEnd, panes }: Pick<ModelProgress, 'sealedEnd' | 'panes'>): boolean =>
      pane.start < sealedEnd || panes.some(({ start }) => start === pane.start);
    if (this.#progress !== undefined && isKnown(this.#progress)) return true;
    const { sealedEnd, panes } = await this.#readProgress();
    const hasRoom = isKnown({ sealedEnd, panes }) || openPanes({ panes }).length < mostOpenPanes;
    this.#progress = { sealedEnd, panes: hasRoom ? [...panes, { ...pane, isSealed: false }] : panes };
    this.#sealedUpTo(sealedEnd);
    return hasRoom;
  }

  async #readProgress(): Promise<Pick<ModelProgress, 'sealedEnd' | 'panes'>> {
    return (await this.#options.store.progressOf(this.#model.key)) ?? { sealedEnd: 0, panes: [] };
  }

  #sealedUpTo(sealedEnd: number): void {
    const panes = (this.#progress?.panes ?? []).filter(({ start }) => start >= sealedEnd);
    this.#progress = { sealedEnd, panes };
    for (const start of this.#bases.keys()) if (start < sealedEnd) this.#bases.delete(start);
  }

  async #baseOf(pane: Pane): Promise<OpenPane> {
    const { store, limits } = this.#options;
    const known = this.#bases.get(pane.start);
    const isLate = pane.start < (this.#progress?.sealedEnd ?? 0);
    const nothing = { rev: '', states: new Map<string, Uint8Array>() };
    const base = known ?? new OpenPane(isLate ? nothing : await store.readPartial(this.#model.key, pane.start), limits);
    this.#bases.delete(pane.start);
    if (!isLate) this.#bases.set(pane.start, base);
    for (const start of this.#bases.keys()) {
      if (this.#bases.size <= mostBases) break;
      this.#bases.delete(start);
    }
    return base;
  }

  #warnIfCoarse(unit: Unit): void {
    const { paneMs, onCoarse } = this.#options;
    if (intervalMs(unit) > paneMs) onCoarse?.(unit, paneMs);
  }
}

/** Of one model; a sender that is told to wait comes again. */
const mostWaitingUnits = 1_024;
const mostUnitsACommit = 256;
const mostAttempts = 5;
/** Panes that are kept in memory; the others are read again when something comes for them. */
const mostBases = 8;

function writersOf(shares: readonly Share[], now: number): readonly WriterProgress[] {
  const writers = new Map<string, WriterProgress>();
  for (const { unit } of shares) {
    const known = writers.get(unit.writer);
    writers.set(unit.writer, {
      writer: unit.writer,
      name: unit.writerName,
      lastEnd: Math.max(known?.lastEnd ?? 0, endMs(unit)),
      lastSeen: now,
      intervalMs: intervalMs(unit) || (known?.intervalMs ?? 0),
    });
  }
  return [...writers.values()];
}

/** A unit is answered as a whole: it may have points in several panes. */
function together(answers: readonly UnitAnswer[]): UnitAnswer {
  if (answers.includes('unavailable')) return 'unavailable';
  if (answers.includes('overloaded')) return 'overloaded';
  return addTallies(answers.filter((answer) => typeof answer !== 'string'));
}
