import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  type Answer,
  type Call,
  type Opened,
  type OperationName,
  type Operations,
  operationsThrough,
  type Request,
  type SqliteOptions,
} from './sqlite-operations.ts';
import { type Store, StoreUnavailable } from './store.ts';

/**
 * State in one file, owned by one process: a second one fails to open it. Throws an error that says why and what to do
 * when the file cannot be had.
 */
export async function openSqlite(options: SqliteOptions): Promise<Store> {
  const worker = new Worker(workerFile, { workerData: options });
  const opened: Opened = (await once(worker, 'message'))[0];
  if ('failure' in opened) throw new Error(opened.failure);

  const calls = new WorkerCalls(worker);
  return {
    deployment: opened.deployment,
    ...operationsThrough((operation, ...input) => calls.call(operation, ...input)),
    // A call resolves after its transaction was synced, which is all there is to wait for.
    barrier: () => Promise.resolve(),
    close: () => calls.close(),
  };
}

/** Beside this file, as source or as built. */
const workerFile = new URL(`./sqlite-worker${extname(import.meta.url)}`, import.meta.url);

interface WaitingCall extends Call {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What is called while the worker is busy waits, and is its next transaction. */
class WorkerCalls {
  readonly #worker: Worker;
  #waiting: WaitingCall[] = [];
  readonly #running: (readonly WaitingCall[])[] = [];
  #end: StoreUnavailable | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (answers: readonly Answer[]) => this.#settle(answers));
    worker.on('error', (error) => this.#stop(`store: its thread failed: ${error.message}; restart the service`));
    worker.on('exit', () => this.#stop('store: it was closed'));
  }

  call<Name extends OperationName>(
    operation: Name,
    ...input: Parameters<Operations[Name]>
  ): Promise<ReturnType<Operations[Name]>> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) return reject(this.#end);
      this.#waiting.push({ operation, input, resolve, reject });
      if (this.#running.length === 0) this.#runWaiting();
    });
  }

  /** What was called before it finishes. */
  async close(): Promise<void> {
    if (this.#end !== undefined) return;
    const exited = once(this.#worker, 'exit');
    this.#runWaiting();
    this.#end = new StoreUnavailable('store: it is closing');
    this.#worker.postMessage('close' satisfies Request);
    await exited;
  }

  #runWaiting(): void {
    if (this.#waiting.length === 0) return;
    const calls = this.#waiting;
    this.#waiting = [];
    this.#running.push(calls);
    this.#worker.postMessage(calls.map(({ operation, input }) => ({ operation, input })) satisfies Request);
  }

  #settle(answers: readonly Answer[]): void {
    const calls = this.#running.shift() ?? [];
    this.#runWaiting();
    calls.forEach((call, i) => {
      const answer = answers[i]!;
      if ('value' in answer) call.resolve(answer.value);
      else call.reject(answer.isUnavailable ? new StoreUnavailable(answer.failure) : new Error(answer.failure));
    });
  }

  #stop(reason: string): void {
    this.#end ??= new StoreUnavailable(reason);
    for (const call of [...this.#running.flat(), ...this.#waiting]) call.reject(this.#end);
    this.#running.length = 0;
    this.#waiting = [];
  }
}
