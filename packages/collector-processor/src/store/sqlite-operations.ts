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
  /** `full` survives power loss, `normal` the kill of the process. */
  readonly durability?: 'full' | 'normal';
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

export type Answer = { readonly value: unknown } | { readonly failure: string; readonly isUnavailable: boolean };

/** The first message of the worker. */
export type Opened = { readonly deployment: Deployment } | { readonly failure: string };
