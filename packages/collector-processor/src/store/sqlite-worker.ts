import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import type { Answer, Call, Opened, Operations, Request, SqliteOptions } from './sqlite-operations.ts';
import { paneOperations } from './sqlite-panes.ts';
import { resultOperations } from './sqlite-results.ts';
import { migrate } from './sqlite-schema.ts';
import type { Deployment } from './store.ts';

/** The thread that owns the file: a commit blocks for as long as the disk takes, and only here may it. */
function serve(options: SqliteOptions): void {
  let database: Database;
  try {
    database = open(options);
    parentPort?.postMessage({ deployment: deploymentOf(database) } satisfies Opened);
  } catch (error) {
    parentPort?.postMessage({ failure: openFailure(error, options) } satisfies Opened);
    parentPort?.close();
    return;
  }
  const operations: Operations = { ...paneOperations(database), ...resultOperations(database) };
  parentPort?.on('message', (request: Request) => {
    if (request === 'close') {
      database.close();
      parentPort?.close();
    } else {
      parentPort?.postMessage(answerAll(database, operations, request));
    }
  });
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

/** All in one transaction and one sync of the disk; if that fails, each by itself, so that what can succeed does. */
function answerAll(database: Database, operations: Operations, calls: readonly Call[]): readonly Answer[] {
  const answerOne = database.transaction((call: Call): Answer => ({ value: run(operations, call) }));
  try {
    return database.transaction(() => calls.map((call) => ({ value: run(operations, call) })))();
  } catch {
    return calls.map((call) => {
      try {
        return answerOne(call);
      } catch (error) {
        return failureOf(error);
      }
    });
  }
}

function run(operations: Operations, { operation, input }: Call): unknown {
  const handler: (...input: never[]) => unknown = operations[operation];
  return Reflect.apply(handler, undefined, input);
}

/** Of the disk or of another process: it passes. Everything else is ours. */
const passing = /^SQLITE_(?:FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|NOMEM)/;

function failureOf(error: unknown): Answer {
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

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

serve(workerData);
