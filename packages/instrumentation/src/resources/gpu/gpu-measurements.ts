import {
  ATTR_DRIFTLINE_GPU_THROTTLE_REASON,
  ATTR_ERROR_TYPE,
  ATTR_HW_DRIVER_VERSION,
  ATTR_HW_GPU_TASK,
  ATTR_HW_ID,
  ATTR_HW_NAME,
  ATTR_HW_SENSOR_LOCATION,
  ATTR_HW_STATE,
  ATTR_HW_TYPE,
  ATTR_HW_VENDOR,
  ATTR_PROCESS_EXECUTABLE_NAME,
  ATTR_PROCESS_PID,
  METRIC_DRIFTLINE_GPU_PROCESS_MEMORY_USAGE,
  METRIC_DRIFTLINE_GPU_THROTTLE_STATUS,
  METRIC_HW_ENERGY,
  METRIC_HW_ERRORS,
  METRIC_HW_GPU_MEMORY_LIMIT,
  METRIC_HW_GPU_MEMORY_USAGE,
  METRIC_HW_GPU_MEMORY_UTILIZATION,
  METRIC_HW_GPU_UTILIZATION,
  METRIC_HW_POWER,
  METRIC_HW_STATUS,
  METRIC_HW_TEMPERATURE,
} from '@driftline/semantic-conventions';
import type { Measurement, MeasurementAttributes } from '../collectors/resource-collector.ts';
import { measured, measuredBy } from '../measured.ts';
import { type GpuProcess, type GpuReading, throttleReasons } from './gpu-reading.ts';

const MAX_ID_LENGTH = 128;
const MAX_PROCESSES = 16;

/** One GPU in the names of OpenTelemetry's hardware conventions. */
export function gpuMeasurements(gpu: GpuReading): readonly Measurement[] {
  const attributes: MeasurementAttributes = {
    [ATTR_HW_ID]: gpu.id.slice(0, MAX_ID_LENGTH),
    [ATTR_HW_TYPE]: 'gpu',
    [ATTR_HW_VENDOR]: gpu.vendor,
    ...(gpu.name !== undefined && { [ATTR_HW_NAME]: gpu.name.slice(0, MAX_ID_LENGTH) }),
    ...(gpu.driverVersion !== undefined && { [ATTR_HW_DRIVER_VERSION]: gpu.driverVersion.slice(0, MAX_ID_LENGTH) }),
  };
  const { usedBytes, limitBytes } = gpu.memory;
  const isKnown = usedBytes !== undefined && limitBytes !== undefined && limitBytes > 0;
  return [
    ...measuredBy(METRIC_HW_GPU_UTILIZATION, ATTR_HW_GPU_TASK, gpu.utilization, attributes),
    ...measured(METRIC_HW_GPU_MEMORY_USAGE, usedBytes, attributes),
    ...measured(METRIC_HW_GPU_MEMORY_LIMIT, limitBytes, attributes),
    ...measured(METRIC_HW_GPU_MEMORY_UTILIZATION, isKnown ? usedBytes / limitBytes : undefined, attributes),
    ...measuredBy(METRIC_HW_TEMPERATURE, ATTR_HW_SENSOR_LOCATION, gpu.temperatures, attributes),
    ...measured(METRIC_HW_POWER, gpu.powerWatts, attributes),
    ...measured(METRIC_HW_ENERGY, gpu.energyJoules, attributes),
    ...measuredBy(METRIC_HW_ERRORS, ATTR_ERROR_TYPE, gpu.memoryErrors ?? {}, attributes),
    ...measuredBy(METRIC_HW_STATUS, ATTR_HW_STATE, statesOf(gpu), attributes),
    ...measuredBy(METRIC_DRIFTLINE_GPU_THROTTLE_STATUS, ATTR_DRIFTLINE_GPU_THROTTLE_REASON, reasonsOf(gpu), attributes),
    ...greatest(gpu.processes ?? []).flatMap(({ pid, name, memoryBytes }) =>
      measured(METRIC_DRIFTLINE_GPU_PROCESS_MEMORY_USAGE, memoryBytes, {
        ...attributes,
        [ATTR_PROCESS_PID]: pid,
        [ATTR_PROCESS_EXECUTABLE_NAME]: name,
      }),
    ),
  ];
}

/** At its power cap a GPU is at its best: only heat and failing power degrade it. */
function statesOf({ hasFailed = false, throttle = {} }: GpuReading): Readonly<Record<string, number>> {
  const isSlowed = [throttle.thermal, throttle.power_brake, throttle.hardware].includes(true);
  const state = hasFailed ? 'failed' : isSlowed ? 'degraded' : 'ok';
  return { ok: Number(state === 'ok'), degraded: Number(state === 'degraded'), failed: Number(state === 'failed') };
}

function reasonsOf({ throttle = {} }: GpuReading): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries(
    throttleReasons.map((reason) => [reason, throttle[reason] === undefined ? undefined : Number(throttle[reason])]),
  );
}

/** A process is listed once for graphics and once for computing. */
function greatest(processes: readonly GpuProcess[]): readonly GpuProcess[] {
  const byPid = [...Map.groupBy(processes, ({ pid }) => pid)].map(([pid, parts]) => ({
    pid,
    name: parts[0]?.name ?? '',
    memoryBytes: parts.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  }));
  return byPid.toSorted((a, b) => b.memoryBytes - a.memoryBytes).slice(0, MAX_PROCESSES);
}
