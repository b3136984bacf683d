import { flushAtExit } from './exit.ts';
import { describeError, faults, type Stage } from './faults.ts';
import { openLane } from './lane/open-lane.ts';
import { recording, WaitingRecording } from './lane/recording.ts';
import type { LaneStatus, SketchLane } from './lane/sketch-lane.ts';
import { type OperationsProducer, operationsProducer, type Temporality } from './operations/metric-producer.ts';
import { operations, recordIntoTotals, recordThroughApi } from './operations/operations.ts';
import { type ResourceAttributes, resourceAttributes, withServiceName } from './resource.ts';
import { defaultSampling } from './sampling.ts';
import { type DriftlineOptions, type Settings, settingsOf } from './settings.ts';

export interface Driftline extends AsyncDisposable {
  /** Sends everything recorded so far. Never rejects: what fails is kept, and counted in `status()`. */
  flush(): Promise<void>;
  /** Flushes, then stops; what cannot be sent in time (10 s unless said otherwise) is dropped and counted. */
  shutdown(options?: { readonly timeoutMs?: number }): Promise<void>;
  /**
   * For `metricProducers` of a metric reader, at its construction: latency and throughput then cost a tenth of what they
   * cost through SDK instruments. Each call makes a reader of its own; a Prometheus exporter needs `cumulative`.
   */
  metricProducer(options?: { readonly temporality?: Temporality }): OperationsProducer;
  status(): DriftlineStatus;
}

export interface DriftlineStatus extends LaneStatus {
  readonly isDisabled: boolean;
  /** Failures of our own, by where. */
  readonly errors: Readonly<Partial<Record<Stage, number>>>;
}

/** Started, flushed and stopped along with Driftline. */
export interface Companion {
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Where the lane leads, for those that send beside it. */
export interface LaneEnd {
  readonly settings: Settings;
  readonly resource: () => ResourceAttributes;
}

const DEFAULT_SHUTDOWN_MS = 10_000;

let started: Driftline | undefined;

/** `startCompanions` runs only where monitoring is on and was not started before. They are stopped in their order. */
export function start(options: DriftlineOptions, startCompanions: (lane: LaneEnd) => readonly Companion[]): Driftline {
  if (started !== undefined) {
    faults.sayOnce('started-twice', 'startDriftline() was called again; the first call holds.');
    return started;
  }
  const settings = settingsOf(options, (message) => faults.count({ stage: 'settings', message }));
  const resource = (): ResourceAttributes => withServiceName(resourceAttributes(options));
  const lane = openLane(settings, resource);
  const companions = settings.isDisabled ? [] : startCompanions({ settings, resource });
  const flush = async (): Promise<void> => {
    await Promise.all([lane, ...companions].map((one) => quietly(() => one.flush())));
  };
  const stopListening = settings.isDisabled ? () => {} : flushAtExit({ flush, sendLast: () => lane.sendLast() });
  if (settings.isDisabled) recording.current = undefined;
  else connect(lane);
  defaultSampling.current = settings.sampling;

  const driftline: Driftline = {
    flush,
    shutdown: async ({ timeoutMs = DEFAULT_SHUTDOWN_MS } = {}) => {
      if (started !== driftline) return;
      started = undefined;
      stopListening();
      recordThroughApi();
      if (!settings.isDisabled) recording.current = new WaitingRecording();
      await Promise.all([quietly(() => lane.shutdown({ timeoutMs })), stopInOrder(companions)]);
    },
    metricProducer: ({ temporality = 'delta' } = {}) => {
      if (!settings.isDisabled) recordIntoTotals();
      return operationsProducer(operations.totals, temporality);
    },
    status: () => ({ ...lane.status, isDisabled: settings.isDisabled, errors: faults.counts }),
    [Symbol.asyncDispose]: () => driftline.shutdown(),
  };
  started = driftline;
  return driftline;
}

function connect(lane: SketchLane): void {
  const waiting = recording.current;
  recording.current = lane;
  if (waiting instanceof WaitingRecording) waiting.handOver(lane);
  lane.start();
}

async function stopInOrder(companions: readonly Companion[]): Promise<void> {
  for (const companion of companions) await quietly(() => companion.shutdown());
}

async function quietly(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    faults.count({ stage: 'export', message: `flushing or stopping threw ${describeError(error)}.` });
  }
}
