import { diskShare, heapShare, memoryShare, watchCpu, watchEventLoop } from '../io/machine.ts';
import { judged, type Limits } from '../limits.ts';
import { defineHealthCheck } from './health-check.ts';

export interface SystemCheckSettings {
  /** Resident memory as a share of the container's limit, else of the machine's memory. */
  readonly memory?: Limits;
  /** Processor time of this process since the last check, as a share of what it may use. By default it never fails. */
  readonly cpu?: Limits;
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
  answers: 'Has this process room to work: memory, CPU, heap, event loop, disk?',
  componentType: 'system',
  measurement: 'utilization',
  // Garbage collection and bursts pass.
  schedule: { everyMs: 10_000, timeoutMs: 2_000, affects: 'readiness', failAfter: 3, recoverAfter: 3 },
  complete: (given: SystemCheckSettings) => ({
    memory: { warn: 0.85, fail: 0.95 },
    // A busy service that is taken out of rotation makes the others busier.
    cpu: { warn: 0.95, fail: Number.POSITIVE_INFINITY },
    heap: { warn: 0.85, fail: 0.95 },
    eventLoopDelayMs: { warn: 100, fail: 1000 },
    disk: { warn: 0.9, fail: 0.98 },
    path: '.',
    ...given,
  }),
  open({ path }) {
    const cpu = watchCpu();
    const eventLoop = watchEventLoop();
    return {
      read: async () => ({
        memory: memoryShare(),
        cpu: cpu(),
        heap: heapShare(),
        eventLoopDelayMs: eventLoop.delayMs(),
        disk: await diskShare(path),
      }),
      close: eventLoop.close,
    };
  },
  judge: (reading, limits) => [
    judged('memoryUtilization', reading.memory, limits.memory),
    judged('cpuUtilization', reading.cpu, limits.cpu),
    judged('heapUtilization', reading.heap, limits.heap),
    judged('eventLoopDelay', reading.eventLoopDelayMs, limits.eventLoopDelayMs, 'ms'),
    judged('diskUtilization', reading.disk, limits.disk),
  ],
  examples: [
    {
      says: 'room everywhere',
      given: {},
      reading: { memory: 0.4, cpu: 0.2, heap: 0.3, eventLoopDelayMs: 2, disk: 0.5 },
      status: 'pass',
    },
    {
      says: 'the container is nearly out of memory',
      given: {},
      reading: { memory: 0.96, cpu: 0.2, heap: 0.3, eventLoopDelayMs: 2, disk: 0.5 },
      status: 'fail',
    },
    {
      says: 'something blocks the event loop now and then',
      given: {},
      reading: { memory: 0.4, cpu: 0.2, heap: 0.3, eventLoopDelayMs: 250, disk: 0.5 },
      status: 'warn',
    },
    {
      says: 'a disk that the user allows to be full',
      given: { disk: { warn: 1, fail: 1 } },
      reading: { memory: 0.4, cpu: 0.2, heap: 0.3, eventLoopDelayMs: 2, disk: 0.99 },
      status: 'pass',
    },
  ],
});
