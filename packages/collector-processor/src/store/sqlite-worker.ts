import { parentPort, workerData } from 'node:worker_threads';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { deploymentOf, openDatabase, operationsOn } from './sqlite-database.ts';
import type { Answer, Call, Opened, Operations, Request, SqliteOptions } from './sqlite-operations.ts';

/** The thread that owns the file: a commit blocks for as long as the disk takes, and only here may it. */
function serve(options: SqliteOptions): void {
  let database: Database;
  try {
    database = openDatabase(options);
    parentPort?.postMessage({ deployment: deploymentOf(database) } satisfies Opened);
  } catch (error) {
    parentPort?.postMessage({ failure: openFailure(error, options) } satisfies Opened);
    parentPort?.close();
    return;
  }
  const operations = operationsOn(database);
  parentPort?.on('message', (request: Request) => {
    if (request === 'close') {
      database.close();
      parentPort?.close();
    } else {
      parentPort?.postMessage(answerAll(database, operations, request));
    }
  });
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
