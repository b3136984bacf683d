import { diskShare, heapShare, memoryShare, watchEventLoop } from '../io/machine.ts';
import { defineHealthCheck, type Finding } from './health-check.ts';

export interface Limits {
  readonly warn: number;
  readonly fail: number;
}

export interface SystemCheckSettings {
  /** Resident memory as a share of the container's limit, else of the machine's memory. */
  readonly memory?: Limits;
  /** Heap as a share of V8's limit. */
  readonly heap?: Limits;
  /** The 99th percentile of how late timers ran since the last check. */
  readonly eventLoopDelayMs?: Limits;
  /** Share of the disk that is taken. */
  readonly disk?: Limits;
  /** Whose disk. Default: the working directory's. */
  readonly path?: string;
}

export const systemCheck = defineHealthCheck({
  type: 'system',
  answers: 'Has this process room to work: memory, heap, event loop, disk?',
  componentType: 'system',
  measurement: 'utilization',
  schedule: { everyMs: 10_000, timeoutMs: 2_000, affects: 'readiness' },
  complete: (given: SystemCheckSettings) => ({
    memory: { warn: 0.85, fail: 0.95 },
    heap: { warn: 0.85, fail: 0.95 },
    eventLoopDelayMs: { warn: 100, fail: 1000 },
    disk: { warn: 0.9, fail: 0.98 },
    path: '.',
    ...given,
  }),
  open({ path }) {
    const eventLoop = watchEventLoop();
    return {
      read: async () => ({
        memory: memoryShare(),
        heap: heapShare(),
        eventLoopDelayMs: eventLoop.delayMs(),
        disk: await diskShare(path),
      }),
      close: eventLoop.close,
    };
  },
  judge: (reading, limits) => [
    judged('memoryUtilization', reading.memory, limits.memory),
    judged('heapUtilization', reading.heap, limits.heap),
    judged('eventLoopDelay', reading.eventLoopDelayMs, limits.eventLoopDelayMs, 'ms'),
    judged('diskUtilization', reading.disk, limits.disk),
  ],
  examples: [
    {
      says: 'room everywhere',
      given: {},
      reading: { memory: 0.4, heap: 0.3, eventLoopDelayMs: 2, disk: 0.5 },
      status: 'pass',
    },
    {
      says: 'the container is nearly out of memory',
      given: {},
      reading: { memory: 0.96, heap: 0.3, eventLoopDelayMs: 2, disk: 0.5 },
      status: 'fail',
    },
    {
      says: 'something blocks the event loop now and then',
      given: {},
      reading: { memory: 0.4, heap: 0.3, eventLoopDelayMs: 250, disk: 0.5 },
      status: 'warn',
    },
    {
      says: 'a disk that the user allows to be full',
      given: { disk: { warn: 1, fail: 1 } },
      reading: { memory: 0.4, heap: 0.3, eventLoopDelayMs: 2, disk: 0.99 },
      status: 'pass',
    },
  ],
});

function judged(measurement: string, observed: number, limits: Limits, observedUnit = '1'): Finding {
  const reached = observed > limits.fail ? 'fail' : observed > limits.warn ? 'warn' : undefined;
  const reading = { measurement, observedValue: observed, observedUnit };
  return reached === undefined
    ? { ...reading, status: 'pass' }
    : { ...reading, status: reached, output: `above ${limits[reached]}` };
}
