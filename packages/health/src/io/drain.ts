import { constants } from 'node:os';
import { setTimeout as timeout } from 'node:timers/promises';
import { type DrainableServer, RequestsUnderWay } from './requests-under-way.ts';

export interface DrainOptions {
  /** All that serve the same traffic. One for health alone is left out, and answers to the end. */
  readonly server: DrainableServer | readonly DrainableServer[];
  readonly health: { drain(): void; close(): Promise<void> };
  /**
   * How long to serve on while load balancers notice: at least the period of their probe times its threshold, and the
   * time of an answer. Default 10 s, for three probes at 3 s.
   */
  readonly delayMs?: number;
  /** How long requests under way may take after that; then their connections are cut. Default 10 s. */
  readonly timeoutMs?: number;
  /** Last, once nothing is served any more: flush telemetry, close databases. Given 5 s. */
  readonly finish?: () => unknown;
  /** For your log. */
  readonly onStep?: (step: DrainStep) => void;
}

/** Of SIGTERM, together under the 30 s that Kubernetes gives. */
export const drainDefaults = { delayMs: 10_000, timeoutMs: 10_000, finishMs: 5_000 } as const;

export type DrainStep =
  | { readonly step: 'draining'; readonly delayMs: number }
  | { readonly step: 'refusing connections'; readonly underWay: number }
  | { readonly step: 'cut'; readonly underWay: number }
  | { readonly step: 'finished' }
  | { readonly step: 'finish failed'; readonly reason: string };

/** Goes through it once, whoever calls how often. Never rejects; says whether nothing was cut off. */
export type Drain = (options?: { readonly delayMs?: number }) => Promise<boolean>;

/**
 * To be called before the first request. The drain takes the service out of rotation without losing a request: not ready
 * → served on, each connection ending with its next answer → no new connections → requests under way are waited for →
 * checks stop → `finish`.
 */
export function prepareDrain(options: DrainOptions): Drain {
  refuseWrongTimes(options);
  const { health, timeoutMs = drainDefaults.timeoutMs, finish = () => {}, onStep = () => {} } = options;
  const requests = new RequestsUnderWay([options.server].flat());
  const go = async (delayMs: number): Promise<boolean> => {
    health.drain();
    requests.endConnections();
    onStep({ step: 'draining', delayMs });
    await timeout(delayMs);
    onStep({ step: 'refusing connections', underWay: requests.count });
    const cut = await requests.close(timeoutMs);
    if (cut > 0) onStep({ step: 'cut', underWay: cut });
    await health.close();
    const reason = await failureOf(finish);
    onStep(reason === undefined ? { step: 'finished' } : { step: 'finish failed', reason });
    return cut === 0 && reason === undefined;
  };
  let draining: Promise<boolean> | undefined;
  return ({ delayMs = options.delayMs ?? drainDefaults.delayMs } = {}) => (draining ??= go(delayMs));
}

/**
 * Drains on SIGTERM and on SIGINT, the latter without the delay since nobody balances the load of a terminal, and ends
 * the process: with 0, or 1 where something was cut off. A second signal ends it at once.
 */
export function drainOnSignal(options: DrainOptions): Drain {
  const drain = prepareDrain(options);
  let isSecond = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // As if nobody had listened to the signal.
      if (isSecond) process.exit(128 + constants.signals[signal]);
      isSecond = true;
      void drain(signal === 'SIGINT' ? { delayMs: 0 } : {}).then((isClean) => process.exit(isClean ? 0 : 1));
    });
  }
  return drain;
}

async function failureOf(finish: () => unknown): Promise<string | undefined> {
  const late = new AbortController();
  try {
    return await Promise.race([
      (async () => void (await finish()))(),
      timeout(drainDefaults.finishMs, `not done within ${drainDefaults.finishMs} ms`, { signal: late.signal }),
    ]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    late.abort();
  }
}

function refuseWrongTimes(options: DrainOptions): void {
  for (const name of ['delayMs', 'timeoutMs'] as const) {
    const value = options[name] ?? 0;
    if (!(value >= 0 && Number.isFinite(value))) throw new Error(`drain: ${name} is ${value}; give milliseconds`);
  }
}
