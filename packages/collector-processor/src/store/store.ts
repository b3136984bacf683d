import type { Alert } from '../alert/alert.ts';
import type { PendingDelivery } from '../alert/delivery.ts';
import type { DesiredDelivery } from '../alert/notification.ts';
import type { WindowMeasurement } from '../evaluate/measurement.ts';
import type { ResultEvent } from '../publish/events.ts';
import type { PublicationState } from '../publish/publication-state.ts';
import type { ModelIdentity } from '../receive/unit.ts';
import type { CommitDecision, EvaluationDecision, Pane, ReceiptChange, SealDecision } from './commit.ts';

/**
 * Where everything is kept that must outlive the process. Each call is atomic. A call that resolved has happened and,
 * after `barrier()`, survives what the store promises to survive; one that rejected with `StoreUnavailable` may or may
 * not have happened, and is safe to repeat.
 *
 * An evaluation reads `progress`, seals, and then: `seal` → `barrier` → `readPane`, `readEval` → evaluate → `commitEval`
 * → `barrier` → publish.
 */
export interface Store {
  readonly deployment: Deployment;

  /** Adds points to an open pane, all or nothing. */
  commit(commit: PaneCommit): Promise<CommitDecision>;
  /** What this writer of panes has committed to one so far: the base of its next commit. */
  readPartial(model: string, pane: number): Promise<PanePartial>;

  /** Every model, and how far each has come. */
  progress(): Promise<readonly ModelProgress[]>;
  progressOf(model: string): Promise<ModelProgress | undefined>;
  readWriters(model: string): Promise<readonly WriterProgress[]>;
  /** Keeps when each pane, by its start, was first found due; the first note stays. */
  noteDue(model: string, panes: readonly number[], now: number): Promise<void>;
  /** From now on the pane never changes. Repeatable; panes are sealed oldest first. */
  seal(model: string, pane: Pane): Promise<SealDecision>;

  /** The content of a sealed pane: one partial for each writer of panes; empty when it was dropped or never was. */
  readPane(model: string, pane: number): Promise<readonly PanePartial[]>;
  readEval(model: string): Promise<StoredEvaluation>;
  /** What evaluations keep of this model's references; keys that are not there are not in the answer. */
  readReferences(model: string, keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Compare-and-swap: of two evaluations of the same version one is committed, with everything it says, or neither. */
  commitEval(commit: EvaluationCommit): Promise<EvaluationDecision>;

  /** What to publish now, of every model that was ever evaluated. */
  latest(): Promise<readonly PublicationState[]>;
  /** Judged windows that end in (after, until], oldest first. */
  results(model: string, after: number, until: number): Promise<readonly WindowMeasurement[]>;
  /** Events in the order of their commits: send them, then delete them. */
  outbox(most: number): Promise<readonly ResultEvent[]>;
  deleteFromOutbox(ids: readonly string[]): Promise<void>;
  pendingDeliveries(): Promise<readonly PendingDelivery[]>;
  markDelivered(delivered: Delivered): Promise<void>;

  /** Judged windows that ended before it, and models that nobody sent anything for since, with all that is theirs. */
  forgetBefore(time: number): Promise<void>;
  /** Resolves when everything that resolved before it is durable. */
  barrier(): Promise<void>;
  close(): Promise<void>;
}

/** What belongs to a deployment for as long as its state exists. */
export interface Deployment {
  /** A UUID: `service.instance.id` of everything published, and part of every event's id. */
  readonly id: string;
  /** 32 random bytes for the keyed hashes of identities. */
  readonly hashKey: Uint8Array;
}

export interface PaneCommit {
  readonly model: ModelIdentity;
  readonly pane: Pane;
  /** What the states below were merged from: the `rev` of the partial that was read or committed last. */
  readonly expectedRev: string;
  /** Random: names what this commit leaves behind. */
  readonly nextRev: string;
  readonly receipts: readonly ReceiptChange[];
  readonly writers: readonly WriterProgress[];
  /** Whole new states by series, encoded; series not named stay as they are. */
  readonly states: ReadonlyMap<string, Uint8Array>;
  /** Rows among the points: what is lost if the pane turns out to be sealed. */
  readonly rows: number;
  readonly now: number;
}

/** What one writer of panes has merged of one pane. */
export interface PanePartial {
  /** Empty while there is nothing. */
  readonly rev: string;
  /** Encoded states by series key. */
  readonly states: ReadonlyMap<string, Uint8Array>;
}

/** How far one sender has come. Milliseconds. */
export interface WriterProgress {
  readonly writer: string;
  /** For messages. */
  readonly name: string;
  /** The greatest end of its units, in event time. */
  readonly lastEnd: number;
  /** In the time of the service. */
  readonly lastSeen: number;
  /** From start to end of its last unit that had both; 0 while unknown. */
  readonly intervalMs: number;
}

export interface ModelProgress {
  readonly model: ModelIdentity;
  /** End of the newest sealed pane, 0 while there is none: whatever is older is late. */
  readonly sealedEnd: number;
  /** The greatest end of all its units, in event time. */
  readonly maxEnd: number;
  /** In the time of the service. */
  readonly lastSeen: number;
  /** Rows that came too late, ever. */
  readonly lateRows: number;
  /** Those with data that were not dropped, oldest first. */
  readonly panes: readonly PaneProgress[];
}

export interface PaneProgress extends Pane {
  readonly isSealed: boolean;
  readonly dueSince?: number;
}

export interface StoredEvaluation {
  /** 0 before the first. */
  readonly version: number;
  readonly state?: Uint8Array;
}

/** What one evaluation leaves behind, all or nothing. */
export interface EvaluationCommit {
  readonly model: string;
  readonly expectedVersion: number;
  readonly state: Uint8Array;
  readonly latest?: PublicationState;
  /** Kept under the window's end; a second one for the same end is not taken. */
  readonly results: readonly WindowMeasurement[];
  readonly events: readonly ResultEvent[];
  readonly deliveries: readonly DesiredDelivery[];
  /** Starts of sealed panes that no later window reads. */
  readonly dropPanes: readonly number[];
  /** Whole new contents by key; undefined removes a key. Keys not named stay as they are. */
  readonly references?: ReadonlyMap<string, Uint8Array | undefined>;
}

export interface Delivered {
  readonly alertId: Alert['id'];
  readonly channel: string;
  readonly seq: number;
  /** Absent when there was nothing to tell. */
  readonly state?: 'firing' | 'resolved';
}

/** The store cannot answer now: ask again later. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
