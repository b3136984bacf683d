/**
 * The decisions that every store takes inside its transaction. They are pure, so that the state explorer in
 * `test/model` explores these very functions: each condition below is one without which it finds a lost, doubled or
 * changed point.
 */

/** A slot of event time, [start, end) in milliseconds; panes of one model do not overlap. */
export interface Pane {
  readonly start: number;
  readonly end: number;
}

/** The points of one unit that are counted in one pane: their tags, 6 bytes each, sorted. */
export interface Receipt {
  readonly unit: string;
  readonly tags: Uint8Array;
}

/** A compare-and-swap of a receipt. A unit that was split on its way adds its missing tags to those already counted. */
export interface ReceiptChange extends Receipt {
  /** As the sender of the change knows it; empty when it knows of none. */
  readonly expected: Uint8Array;
}

/** What the store holds when the commit arrives. */
export interface StoredPane {
  readonly sealedEnd: number;
  /** Empty while nothing was committed. */
  readonly rev: string;
  /** The tags of every unit that the commit names, and has some. */
  readonly receipts: ReadonlyMap<string, Uint8Array>;
}

export type CommitDecision =
  | { readonly outcome: 'committed' }
  /** Some of the points were counted before; these are the receipts. */
  | { readonly outcome: 'conflict'; readonly stored: readonly Receipt[] }
  /** The states were merged from something other than what is stored. */
  | { readonly outcome: 'outdated' }
  /** Late: whatever starts before `sealedEnd` never changes again. */
  | { readonly outcome: 'sealed'; readonly sealedEnd: number };

export interface CommitQuestion {
  readonly pane: Pane;
  readonly expectedRev: string;
  readonly receipts: readonly ReceiptChange[];
}

export function decideCommit(stored: StoredPane, { pane, expectedRev, receipts }: CommitQuestion): CommitDecision {
  if (pane.start < stored.sealedEnd) return { outcome: 'sealed', sealedEnd: stored.sealedEnd };
  // Whole states are about to be overwritten: a state merged from an older one would undo what came between.
  if (expectedRev !== stored.rev) return { outcome: 'outdated' };
  const conflicts = receipts.flatMap(({ unit, expected }) => {
    const tags = stored.receipts.get(unit) ?? noTags;
    return isSame(tags, expected) ? [] : [{ unit, tags }];
  });
  return conflicts.length > 0 ? { outcome: 'conflict', stored: conflicts } : { outcome: 'committed' };
}

export type SealDecision = 'sealed' | 'already_sealed' | 'not_the_oldest';

/** `oldestOpen` is the start of the oldest pane with data that is not sealed. */
export function decideSeal(
  stored: { readonly sealedEnd: number; readonly oldestOpen: number | undefined },
  pane: Pane,
): SealDecision {
  if (pane.start < stored.sealedEnd) return 'already_sealed';
  return stored.oldestOpen !== undefined && stored.oldestOpen < pane.start ? 'not_the_oldest' : 'sealed';
}

export type EvaluationDecision = 'committed' | 'stale';

export function decideEvaluation(storedVersion: number, expectedVersion: number): EvaluationDecision {
  return storedVersion === expectedVersion ? 'committed' : 'stale';
}

export const noTags = new Uint8Array();

function isSame(tags: Uint8Array, others: Uint8Array): boolean {
  return tags.length === others.length && tags.every((byte, i) => byte === others[i]);
}
