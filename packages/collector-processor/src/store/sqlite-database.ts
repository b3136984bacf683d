import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import type { Operations, SqliteOptions } from './sqlite-operations.ts';
import { paneOperations } from './sqlite-panes.ts';
import { resultOperations } from './sqlite-results.ts';
import { migrate } from './sqlite-schema.ts';
import type { Deployment } from './store.ts';

/** Throws what SQLite says where the file cannot be had. */
export function openDatabase({ path, durability = 'full', waitMs = 5_000, largestBytes }: SqliteOptions): Database {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true });
    // It holds the key of the identities' hashes: nobody else's to read.
    closeSync(openSync(path, 'a', 0o600));
  }
  const database = new SqliteDatabase(path, { timeout: waitMs });
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${durability.toUpperCase()}`);
  database.pragma('wal_autocheckpoint = 4000');
  if (largestBytes !== undefined) {
    const pageBytes = Number(database.pragma('page_size', { simple: true }));
    database.pragma(`max_page_count = ${Math.ceil(largestBytes / pageBytes)}`);
  }
  migrate(database);
  return database;
}

export function deploymentOf(database: Database): Deployment {
  // Writing takes the lock for good, so that a second process fails here and not later.
  return database
    .transaction(() => {
      const known = database
        .prepare<[], { readonly id: string; readonly hashKey: Uint8Array }>(
          'SELECT id, hash_key AS hashKey FROM deployment',
        )
        .get();
      if (known !== undefined) return known;
      const made = { id: randomUUID(), hashKey: randomBytes(32) };
      database.prepare('INSERT INTO deployment (id, hash_key) VALUES (@id, @hashKey)').run(made);
      return made;
    })
    .exclusive();
}

/** Each runs inside a transaction of the caller. */
export function operationsOn(database: Database): Operations {
  return { ...paneOperations(database), ...resultOperations(database) };
}
