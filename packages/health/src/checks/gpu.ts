import type { GpuReading, ReadGpus } from '../io/nvidia-smi.ts';
import { judged, type Limits } from '../limits.ts';
import { defineHealthCheck } from './health-check.ts';

export interface GpuCheckSettings {
  /** `nvidiaSmi()`, or a function of yours. */
  readonly read: ReadGpus;
  /** Fewer than these fail: a GPU that broke is often just not listed any more. Default 1. */
  readonly expected?: number;
  /** Share of a GPU's memory that is taken. By default it never fails: frameworks like to take all of it at once. */
  readonly memory?: Limits;
  readonly temperatureCelsius?: Limits;
}

export const gpuCheck = defineHealthCheck({
  type: 'gpu',
  answers: 'Are the GPUs there, cool, and with memory to spare?',
  componentType: 'system',
  measurement: 'devices',
  // Heat comes and goes with the load. The tool that is asked may take a second to start.
  schedule: { everyMs: 30_000, timeoutMs: 10_000, affects: 'readiness', failAfter: 2, recoverAfter: 2 },
  complete: (given: GpuCheckSettings) => ({
    expected: 1,
    memory: { warn: 0.95, fail: Number.POSITIVE_INFINITY },
    // Data-centre cards throttle between 83 and 90 degrees and switch off a few degrees later.
    temperatureCelsius: { warn: 85, fail: 95 },
    ...given,
  }),
  open: ({ read }) => ({ read: ({ signal }) => read(signal) }),
  judge: (gpus, { expected, memory, temperatureCelsius }) => [
    {
      measurement: 'devices',
      observedValue: gpus.length,
      ...(gpus.length < expected
        ? { status: 'fail', output: `fewer than the ${expected} expected` }
        : { status: 'pass' }),
    },
    ...gpus.flatMap(({ id, ...gpu }) =>
      [
        gpu.memory === undefined ? [] : judged('memoryUtilization', gpu.memory, memory),
        gpu.temperatureCelsius === undefined
          ? []
          : judged('temperature', gpu.temperatureCelsius, temperatureCelsius, 'Cel'),
      ]
        .flat()
        .map((finding) => ({ ...finding, componentId: id })),
    ),
  ],
  examples: [
    { says: 'room, and cool', given: { read: gpus() }, reading: [gpu({})], status: 'pass' },
    { says: 'a framework took all the memory', given: { read: gpus() }, reading: [gpu({ memory: 1 })], status: 'warn' },
    {
      says: 'no room where the user needs some',
      given: { read: gpus(), memory: { warn: 0.8, fail: 0.9 } },
      reading: [gpu({ memory: 0.95 })],
      status: 'fail',
    },
    {
      says: 'the second of two overheats',
      given: { read: gpus(), expected: 2 },
      reading: [gpu({}), gpu({ id: 'GPU-2', temperatureCelsius: 97 })],
      status: 'fail',
    },
    { says: 'one fell off the bus', given: { read: gpus(), expected: 2 }, reading: [gpu({})], status: 'fail' },
    { says: 'a card that tells no temperature', given: { read: gpus() }, reading: [{ id: 'GPU-1' }], status: 'pass' },
  ],
});

function gpus(): ReadGpus {
  return () => [];
}

function gpu(of: Partial<GpuReading>): GpuReading {
  return { id: 'GPU-1', memory: 0.4, temperatureCelsius: 61, ...of };
}
