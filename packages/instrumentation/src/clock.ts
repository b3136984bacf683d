/** Wall clock and timers, so that tests move time by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once; never keeps a process alive. Returns how to cancel. */
  after(delayMs: number, run: () => void): () => void;
}

/** Longer delays overflow a timer and would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(Math.max(0, delayMs), LONGEST_DELAY_MS));
    unref(timer);
    return () => clearTimeout(timer);
  },
};

/** Node, Bun and Deno wait for timers at exit; browsers have numbers for them. */
function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref();
}
