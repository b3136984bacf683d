import { parentPort, workerData } from 'node:worker_threads';
import type { Database } from 'better-sqlite3';
import { failureOf, messageOf, openDatabase, type OpenedDatabase, runOperation } from './sqlite-database.ts';
import type { Answer, Call, Opened, Operations, Request, SqliteOptions } from './sqlite-operations.ts';

/** The thread that owns the file: a commit blocks for as long as the disk takes, and only here may it. */
function serve(options: SqliteOptions): void {
  let opened: OpenedDatabase;
  try {
    opened = openDatabase(options);
  } catch (error) {
    parentPort?.postMessage({ failure: messageOf(error) } satisfies Opened);
    parentPort?.close();
    return;
  }
  const { database, operations, deployment } = opened;
  parentPort?.postMessage({ deployment } satisfies Opened);
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
  const answerOne = database.transaction((call: Call): Answer => ({ value: runOperation(operations, call) }));
  try {
    return database.transaction(() => calls.map((call) => ({ value: runOperation(operations, call) })))();
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

serve(workerData);
