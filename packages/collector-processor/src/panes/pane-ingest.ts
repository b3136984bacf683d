import type { Ingest, ModelIdentity, Unit } from '../receive/unit.ts';
import type { Store } from '../store/store.ts';
import { ModelLane, type LaneOptions } from './model-lane.ts';
import { addTallies } from './tally.ts';

export interface PaneIngestOptions extends Omit<LaneOptions, 'paneMs'> {
  /** Models at once: those that somebody sent for within a day. */
  readonly models: number;
  /** The length of a model's panes. */
  readonly paneMs: (model: ModelIdentity) => number;
}

/** Takes units into the panes of their models: one commit at a time for each model, and whatever came meanwhile is the next. */
export class PaneIngest {
  readonly #options: PaneIngestOptions;
  readonly #lanes = new Map<string, ModelLane>();
  readonly #known: Map<string, number>;

  private constructor(options: PaneIngestOptions, known: Map<string, number>) {
    this.#options = options;
    this.#known = known;
  }

  static async over(store: Store, options: Omit<PaneIngestOptions, 'store'>): Promise<PaneIngest> {
    const progress = await store.progress();
    return new PaneIngest({ ...options, store }, new Map(progress.map(({ model, lastSeen }) => [model.key, lastSeen])));
  }

  /** Answers when every model of the request has an answer; what was committed for one when another fails is told apart by its receipts. */
  readonly ingest: Ingest = async (units, refused) => {
    const admitted = units.filter(({ model }) => this.#admits(model));
    const byModel = Map.groupBy(admitted, ({ model }) => model.key);
    const lanes = [...byModel.values()].map((group) => ({ group, lane: this.#laneOf(group[0]!.model) }));
    if (lanes.some(({ lane, group }) => !lane.hasRoomFor(group.length))) return 'overloaded';
    const answers = await Promise.all(lanes.flatMap(({ lane, group }) => group.map((unit) => lane.take(unit))));
    if (answers.includes('unavailable')) return 'unavailable';
    if (answers.includes('overloaded')) return 'overloaded';
    const tallies = answers.filter((answer) => typeof answer !== 'string');
    const turnedAway = pointsOf(units) - pointsOf(admitted);
    return addTallies([
      ...tallies,
      { merged: 0, duplicate: 0, refused },
      { merged: 0, duplicate: 0, refused: turnedAway === 0 ? {} : { over_limit: turnedAway } },
    ]);
  };

  /** Resolves when nothing is under way any more. */
  async drained(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.idle()));
  }

  #admits({ key }: ModelIdentity): boolean {
    const now = this.#options.now();
    if (!this.#known.has(key)) {
      this.#forgetSilent(now - aDayMs);
      if (this.#known.size >= this.#options.models) return false;
    }
    this.#known.set(key, now);
    return true;
  }

  #forgetSilent(before: number): void {
    for (const [key, lastSeen] of this.#known) {
      if (lastSeen >= before) continue;
      this.#known.delete(key);
      this.#lanes.delete(key);
    }
  }

  #laneOf(model: ModelIdentity): ModelLane {
    let lane = this.#lanes.get(model.key);
    if (lane === undefined) {
      lane = new ModelLane(model, { ...this.#options, paneMs: this.#options.paneMs(model) });
      this.#lanes.set(model.key, lane);
    }
    return lane;
  }
}

const aDayMs = 86_400_000;

function pointsOf(units: readonly Unit[]): number {
  return units.reduce((sum, { points }) => sum + points.length, 0);
}
