import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import type { Call, Failure, Operations, SqliteOptions } from './sqlite-operations.ts';
import { paneOperations } from './sqlite-panes.ts';
import { resultOperations } from './sqlite-results.ts';
import { migrate } from './sqlite-schema.ts';
import type { Deployment } from './store.ts';

export interface OpenedDatabase {
  readonly database: Database;
  readonly deployment: Deployment;
  /** Each runs inside a transaction of the caller. */
  readonly operations: Operations;
}

/** Throws an Error that says why and what to do where the file cannot be had. */
export function openDatabase(options: SqliteOptions): OpenedDatabase {
  let database: Database | undefined;
  try {
    database = open(options);
    const operations = { ...paneOperations(database), ...resultOperations(database) };
    return { database, deployment: deploymentOf(database), operations };
  } catch (error) {
    database?.close();
    throw new Error(openFailure(error, options), { cause: error });
  }
}

export function runOperation(operations: Operations, { operation, input }: Call): unknown {
  const handler: (...input: never[]) => unknown = operations[operation];
  return Reflect.apply(handler, undefined, input);
}

function open({ path, durability = 'full', waitMs = 5_000, largestBytes }: SqliteOptions): Database {
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

function deploymentOf(database: Database): Deployment {
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

/** Of the disk or of another process: it passes. Everything else is ours. */
const passing = /^SQLITE_(?:FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|NOMEM)/;

export function failureOf(error: unknown): Failure {
  const code = error instanceof SqliteDatabase.SqliteError ? error.code : '';
  return { failure: `store: ${messageOf(error)}${code && ` (${code})`}`, isUnavailable: passing.test(code) };
}

function openFailure(error: unknown, { path, waitMs = 5_000 }: SqliteOptions): string {
  const code = error instanceof SqliteDatabase.SqliteError ? error.code : '';
  if (code.startsWith('SQLITE_BUSY')) {
    return `store: ${path} is in use by another process (waited ${waitMs / 1_000} s); stop that driftline serve, or set another store.path`;
  }
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return `store: ${path} is not a database, or a damaged one (${messageOf(error)}); restore it, or set another store.path`;
  }
  const message = messageOf(error);
  return message.startsWith('store: ') ? message : `store: cannot open ${path}: ${message}; set another store.path`;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
