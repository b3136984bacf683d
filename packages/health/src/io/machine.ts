import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** Resident memory as a share of what this process may use: the container's limit, or the machine's memory. */
export function memoryShare(): number {
  // Without a limit the constraint is 0 or an absurdly large number.
  const constraint = process.constrainedMemory();
  const limit = constraint > 0 ? Math.min(constraint, totalmem()) : totalmem();
  return process.memoryUsage.rss() / limit;
}

/** At 1 V8 ends the process. */
export function heapShare(): number {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  return used_heap_size / heap_size_limit;
}

/** The share of the disk under that path that is taken, as `df` counts it. */
export async function diskShare(path: string): Promise<number> {
  const { blocks, bfree, bavail } = await statfs(path);
  const used = blocks - bfree;
  return used / (used + bavail);
}

/** Processor time as a share of what this process may use, since the reading before; at first since its start. */
export function watchCpu(): () => number {
  let before = { usedMs: 0, atMs: 0 };
  return () => {
    const { user, system } = process.cpuUsage();
    const now = { usedMs: (user + system) / 1000, atMs: process.uptime() * 1000 };
    const share = (now.usedMs - before.usedMs) / Math.max(1, now.atMs - before.atMs) / availableParallelism();
    before = now;
    return share;
  };
}

/** Watches how late timers run; each reading covers the time since the one before, but for its first 20 ms. */
export function watchEventLoop(): { readonly delayMs: () => number; readonly close: () => void } {
  const resolutionMs = 20;
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  return {
    delayMs() {
      const lateness = delays.count === 0 ? 0 : delays.percentile(99) / 1e6 - resolutionMs;
      delays.reset();
      return Math.max(0, lateness);
    },
    close: () => void delays.disable(),
  };
}
