import type { Deployment, Store } from './store.ts';

/** The store as it is on the thread that owns the file, where nothing waits. */
export type Operations = {
  readonly [Name in OperationName]: (...input: Parameters<Store[Name]>) => Awaited<ReturnType<Store[Name]>>;
};

export type PaneOperations = Pick<
  Operations,
  'commit' | 'readPartial' | 'readPane' | 'progress' | 'progressOf' | 'readWriters' | 'noteDue' | 'seal'
>;

export type ResultOperations = Omit<Operations, keyof PaneOperations>;

export type OperationName = Exclude<keyof Store, 'deployment' | 'barrier' | 'close'>;

export interface SqliteOptions {
  /** The file, or `:memory:` for a store that ends with its process. */
  readonly path: string;
  /** `full` survives power loss, `normal` the kill of the process, `off` nothing. */
  readonly durability?: 'full' | 'normal' | 'off';
  /** How long to wait for another process to let go of the file. */
  readonly waitMs?: number;
  /** Beyond it the store answers as on a full disk. */
  readonly largestBytes?: number;
}

/** Several calls that wait at the same time are one transaction. */
export type Request = readonly Call[] | 'close';

export interface Call {
  readonly operation: OperationName;
  readonly input: readonly unknown[];
}

export type Answer = { readonly value: unknown } | Failure;

export interface Failure {
  readonly failure: string;
  readonly isUnavailable: boolean;
}

/** The first message of the worker. */
export type Opened = { readonly deployment: Deployment } | { readonly failure: string };

/** Calls one operation, wherever it runs. */
export type CallOperation = <Name extends OperationName>(
  operation: Name,
  ...input: Parameters<Operations[Name]>
) => Promise<ReturnType<Operations[Name]>>;

export function operationsThrough(call: CallOperation): Pick<Store, OperationName> {
  return {
    commit: (commit) => call('commit', commit),
    readPartial: (model, pane) => call('readPartial', model, pane),
    progress: () => call('progress'),
    progressOf: (model) => call('progressOf', model),
    readWriters: (model) => call('readWriters', model),
    noteDue: (model, panes, now) => call('noteDue', model, panes, now),
    seal: (model, pane) => call('seal', model, pane),
    readPane: (model, pane) => call('readPane', model, pane),
    readEval: (model) => call('readEval', model),
    readReferences: (model, keys) => call('readReferences', model, keys),
    commitEval: (commit) => call('commitEval', commit),
    latest: () => call('latest'),
    results: (model, after, until) => call('results', model, after, until),
    outbox: (most) => call('outbox', most),
    deleteFromOutbox: (ids) => call('deleteFromOutbox', ids),
    pendingDeliveries: () => call('pendingDeliveries'),
    markDelivered: (delivered) => call('markDelivered', delivered),
    forgetBefore: (time) => call('forgetBefore', time),
  };
}
