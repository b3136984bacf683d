import type { IdentifiedPoint, RefusalReason, Unit } from '../receive/unit.ts';
import { noTags, type Receipt, type ReceiptChange } from '../store/commit.ts';
import type { PanePartial } from '../store/store.ts';
import { mergeStates } from './merge-states.ts';
import { type PaneLimits, SeriesCensus } from './series-census.ts';
import { type HeldSeries, isRepeatable, stateOf, streamKey } from './series-state.ts';
import { decodeHeld, encodeHeld } from './state-codec.ts';
import { decodeTags, encodeTags } from './tags.ts';
import type { Tally } from './tally.ts';

/** The points of one unit that belong to one pane. */
export interface PaneShare {
  readonly unit: Pick<Unit, 'id' | 'writer' | 'startNs' | 'endNs'>;
  readonly points: readonly IdentifiedPoint[];
}

/** What a commit would change, and what it would mean for each share. */
export interface CommitPlan {
  readonly changed: ReadonlyMap<string, HeldSeries>;
  readonly receipts: readonly ReceiptChange[];
  /** One for each share, in their order. */
  readonly tallies: readonly Tally[];
}

/**
 * What this process knows of a pane that it commits to: the stored content as of `rev`, and the receipts it saw. It
 * changes only by what the store has answered; whoever is not sure what the store holds drops it and reads again.
 */
export class OpenPane {
  #rev: string;
  readonly #content: Map<string, HeldSeries>;
  readonly #receipts = new Map<string, Uint8Array>();
  readonly #census: SeriesCensus;

  /** Throws a `StateError` where the stored content cannot be read. */
  constructor(stored: PanePartial, limits: PaneLimits) {
    this.#rev = stored.rev;
    this.#content = new Map(Array.from(stored.states, ([key, bytes]) => [key, decodeHeld(bytes)]));
    this.#census = new SeriesCensus(limits);
    for (const [key, { series }] of this.#content) this.#census.admit(key, series);
  }

  get rev(): string {
    return this.#rev;
  }

  /** Merges copies: neither the content nor the receipts change before the store has answered. */
  plan(shares: readonly PaneShare[]): CommitPlan {
    const changed = new Map<string, HeldSeries>();
    const tags = new Map<string, Set<number>>();
    const tallies = shares.map((share) => this.#planShare(share, changed, tags));
    const receipts = Array.from(tags, ([unit, counted]) => ({
      unit,
      tags: encodeTags(counted),
      expected: this.#receipts.get(unit) ?? noTags,
    })).filter(({ tags, expected }) => tags.length > expected.length);
    return { changed, receipts, tallies };
  }

  /** The store has it. */
  committed({ changed, receipts }: CommitPlan, rev: string): void {
    this.#rev = rev;
    for (const [key, held] of changed) this.#content.set(key, held);
    this.learn(receipts);
  }

  /** What the store said it has counted. */
  learn(receipts: readonly Receipt[]): void {
    for (const { unit, tags } of receipts) {
      this.#receipts.delete(unit);
      this.#receipts.set(unit, tags);
    }
    // One that is forgotten is told again by the store when it matters.
    for (const unit of this.#receipts.keys()) {
      if (this.#receipts.size <= mostReceipts) break;
      this.#receipts.delete(unit);
    }
  }

  #planShare({ unit, points }: PaneShare, changed: Map<string, HeldSeries>, tags: Map<string, Set<number>>): Tally {
    const counted = tags.get(unit.id) ?? decodeTags(this.#receipts.get(unit.id) ?? noTags);
    tags.set(unit.id, counted);
    let merged = 0;
    let duplicate = 0;
    const refused: Partial<Record<RefusalReason, number>> = {};
    for (const point of points) {
      const outcome = isRepeatable(point) || !counted.has(point.tag) ? this.#merge(point, unit, changed) : 'duplicate';
      if (outcome === 'merged') {
        merged++;
        if (!isRepeatable(point)) counted.add(point.tag);
      } else if (outcome === 'duplicate') {
        duplicate++;
      } else {
        refused[outcome] = (refused[outcome] ?? 0) + 1;
      }
    }
    return { merged, duplicate, refused };
  }

  #merge(
    point: IdentifiedPoint,
    unit: PaneShare['unit'],
    changed: Map<string, HeldSeries>,
  ): 'merged' | 'duplicate' | RefusalReason {
    const added = stateOf(point, unit);
    if (added === undefined) return 'unsupported_kind';
    const ownKey = streamKey(point, unit);
    const series = this.#census.admit(ownKey, point.series);
    if (series === 'over_limit') return series;
    const key = series === point.series ? ownKey : series.key;
    const held = changed.get(key) ?? this.#content.get(key);
    const state = held === undefined ? added : mergeStates(held.state, added);
    if (state === held?.state) return 'duplicate';
    changed.set(key, { series, state });
    return 'merged';
  }
}

export function encodeChanges({ changed }: CommitPlan): ReadonlyMap<string, Uint8Array> {
  return new Map(Array.from(changed, ([key, held]) => [key, encodeHeld(held)]));
}

const mostReceipts = 10_000;
