import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

/** Ways to keep state, by the `store.type` of the settings; `test/contracts/store.test.ts` holds each to the contract. */
export const stores = {
  sqlite: openSqlite,
} as const satisfies Readonly<Record<string, (options: never) => Promise<Store>>>;
