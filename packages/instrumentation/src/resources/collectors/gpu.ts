import {
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
import { gpuMeasurements } from '../gpu/gpu-measurements.ts';
import { GpuVendor } from '../gpu/gpu-vendor.ts';
import { gpuSources } from '../gpu/sources/index.ts';
import { defineResourceCollector } from './resource-collector.ts';

const MAX_GPUS = 32;

export const gpu = defineResourceCollector({
  name: 'gpu',
  answers: 'How busy, full, hot, throttled and healthy are the GPUs?',
  platforms: ['linux', 'win32', 'darwin'],
  metrics: [
    METRIC_HW_GPU_UTILIZATION,
    METRIC_HW_GPU_MEMORY_USAGE,
    METRIC_HW_GPU_MEMORY_LIMIT,
    METRIC_HW_GPU_MEMORY_UTILIZATION,
    METRIC_HW_TEMPERATURE,
    METRIC_HW_POWER,
    METRIC_HW_ENERGY,
    METRIC_HW_ERRORS,
    METRIC_HW_STATUS,
    METRIC_DRIFTLINE_GPU_THROTTLE_STATUS,
    METRIC_DRIFTLINE_GPU_PROCESS_MEMORY_USAGE,
  ],
  copies: [
    METRIC_HW_GPU_UTILIZATION,
    METRIC_HW_GPU_MEMORY_UTILIZATION,
    METRIC_HW_TEMPERATURE,
    METRIC_HW_POWER,
    METRIC_HW_STATUS,
  ],
  open: (host, { complain, dcgmExporter }) => {
    const vendors = [...Map.groupBy(gpuSources, ({ vendor }) => vendor)].map(
      ([vendor, sources]) =>
        new GpuVendor({ sources, host, complain, pageUrl: vendor === 'NVIDIA' ? dcgmExporter : undefined }),
    );
    return {
      read: async () => {
        const readings = await Promise.all(vendors.map((vendor) => vendor.read()));
        return readings.flat().slice(0, MAX_GPUS).flatMap(gpuMeasurements);
      },
    };
  },
});
