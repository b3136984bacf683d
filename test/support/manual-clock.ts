import { setImmediate as turn } from 'node:timers/promises';

/** Time that stands still until told to pass. */
export class ManualClock {
  #now: number;
  #sleepers: { readonly dueMs: number; readonly wake: () => void }[] = [];

  constructor(startMs = Date.UTC(2026, 10, 20)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((wake) => {
      if (signal.aborted) return wake();
      this.#sleepers.push({ dueMs: this.#now + ms, wake });
      signal.addEventListener('abort', () => wake(), { once: true });
    });
  }

  /** Wakes every sleeper at its own time, in order, and lets each do its work before time goes on. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#now + ms;
    await settle();
    for (let next = this.#nextDue(endMs); next !== undefined; next = this.#nextDue(endMs)) {
      this.#now = next.dueMs;
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      next.wake();
      await settle();
    }
    this.#now = endMs;
  }

  #nextDue(endMs: number) {
    return this.#sleepers.filter(({ dueMs }) => dueMs <= endMs).toSorted((a, b) => a.dueMs - b.dueMs)[0];
  }
}

/** Several turns of the event loop: promises chained a few deep have run. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await turn();
}
