import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureOf, openDatabase, runOperation } from './sqlite-database.ts';
import { type Call, type CallOperation, operationsThrough, type SqliteOptions } from './sqlite-operations.ts';
import { type Store, StoreUnavailable } from './store.ts';

/** The service's own store in a file that goes with it: on disk, so that a long history does not fill the memory. */
export async function openTemporaryStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'driftline-backtest-'));
  try {
    const store = openSqliteHere({ path: join(folder, 'state.db'), durability: 'off' });
    const close = async (): Promise<void> => {
      await store.close();
      await rm(folder, { recursive: true });
    };
    return { ...store, close };
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
}

/** Without a thread of its own, which nobody needs who does one thing after the other. */
export function openSqliteHere(options: SqliteOptions): Store {
  const { database, deployment, operations } = openDatabase(options);
  const run = database.transaction((call: Call): unknown => runOperation(operations, call));
  const answer = (call: Call, waiting: WaitingCall): void => {
    if (!database.open) return waiting.reject(new StoreUnavailable('store: it was closed'));
    try {
      // As from another thread: bytes are the caller's own, and no buffers of Node.
      waiting.resolve(structuredClone(run(call)));
    } catch (error) {
      const { failure, isUnavailable } = failureOf(error);
      waiting.reject(isUnavailable ? new StoreUnavailable(failure) : new Error(failure, { cause: error }));
    }
  };
  const call: CallOperation = (operation, ...input) =>
    new Promise((resolve, reject) => answer({ operation, input }, { resolve, reject }));
  return {
    deployment,
    ...operationsThrough(call),
    barrier: () => Promise.resolve(),
    close: async () => void database.close(),
  };
}

interface WaitingCall {
  resolve(value: unknown): void;
  reject(error: Error): void;
}
