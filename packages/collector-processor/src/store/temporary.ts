import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploymentOf, openDatabase, operationsOn } from './sqlite-database.ts';
import { type CallOperation, type OperationName, operationsThrough, type SqliteOptions } from './sqlite-operations.ts';
import type { Store } from './store.ts';

/** The service's own store in a file that goes with it: on disk, so that a long history does not fill the memory. */
export async function openTemporaryStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'driftline-backtest-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const store = openSqliteHere({ path: join(folder, 'state.db'), durability: 'off' });
    return { ...store, close: () => store.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Without a thread of its own, which nobody needs who does one thing after the other. */
export function openSqliteHere(options: SqliteOptions): Store {
  const database = openDatabase(options);
  const operations = operationsOn(database);
  const run = database.transaction((operation: OperationName, input: readonly unknown[]): unknown => {
    const handler: (...input: never[]) => unknown = operations[operation];
    return Reflect.apply(handler, undefined, input);
  });
  const answer = (operation: OperationName, input: readonly unknown[], { resolve, reject }: Waiting): void => {
    try {
      resolve(run(operation, input));
    } catch (error) {
      reject(error);
    }
  };
  const call: CallOperation = (operation, ...input) =>
    new Promise((resolve, reject) => answer(operation, input, { resolve, reject }));
  return {
    deployment: deploymentOf(database),
    ...operationsThrough(call),
    barrier: () => Promise.resolve(),
    close: async () => void database.close(),
  };
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}
