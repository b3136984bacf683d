import type { GpuReading } from '../gpu-reading.ts';
import { sumOfKnown } from '../quantity.ts';
import { defineGpuSource } from './gpu-source.ts';

/** Preferred to `nvidia-smi`: asking a page starts no program. */
export const dcgmExporter = defineGpuSource({
  name: 'dcgm-exporter',
  vendor: 'NVIDIA',
  answers: 'As `nvidia-smi`, and energy; without memory by process.',
  ask: { page: { defaultUrl: 'http://127.0.0.1:9400/metrics', onlyWhere: 'proc/driver/nvidia/version' } },
  parse: ({ readings }) => {
    const samples = parseSamples(readings).filter(({ labels }) => !labels.has('GPU_I_ID'));
    const byGpu = Map.groupBy(samples, ({ labels }) => labels.get('UUID') ?? labels.get('uuid') ?? '');
    return [...byGpu].flatMap(([id, ofGpu]) => (id === '' ? [] : [readingOf(id, ofGpu)]));
  },
});

interface Sample {
  readonly field: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const MEBIBYTE = 2 ** 20;
/** DCGM's blank numbers begin here. */
const BLANK = 140737488355328;

/** Bits of `DCGM_FI_DEV_CLOCKS_EVENT_REASONS`, as NVML defines them. */
const throttleBits = { powerCap: 0x4, hardware: 0x8, softwareThermal: 0x20, hardwareThermal: 0x40, powerBrake: 0x80 };

/** Prometheus text, only DCGM's own fields. */
function parseSamples(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, field, labels = '', digits] = /^DCGM_FI_(\w+)\{([^}]*)\}\s+(-?[\d.e+]{1,32})(?:\s|$)/i.exec(line) ?? [];
    const value = Number(digits);
    if (field === undefined || !(Math.abs(value) < BLANK)) return [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', label = '']) => [name, label] as const);
    return [{ field, labels: new Map(pairs), value }];
  });
}

function readingOf(id: string, samples: readonly Sample[]): GpuReading {
  const values = new Map(samples.map(({ field, value }) => [field, value]));
  const scaled = (field: string, factor: number): number | undefined => {
    const value = values.get(field);
    return value === undefined ? undefined : value * factor;
  };
  const label = (name: string): string | undefined =>
    samples.map(({ labels }) => labels.get(name)).find((text) => text !== undefined && text !== '');
  const usedBytes = scaled('DEV_FB_USED', MEBIBYTE);
  const freeBytes = scaled('DEV_FB_FREE', MEBIBYTE);
  return {
    id,
    name: label('modelName'),
    vendor: 'NVIDIA',
    driverVersion: label('DCGM_FI_DRIVER_VERSION'),
    utilization: {
      general: scaled('DEV_GPU_UTIL', 0.01),
      encoder: scaled('DEV_ENC_UTIL', 0.01),
      decoder: scaled('DEV_DEC_UTIL', 0.01),
    },
    memory: {
      usedBytes,
      limitBytes:
        scaled('DEV_FB_TOTAL', MEBIBYTE) ??
        (freeBytes === undefined || usedBytes === undefined
          ? undefined
          : sumOfKnown([usedBytes, freeBytes, scaled('DEV_FB_RESERVED', MEBIBYTE)])),
    },
    temperatures: { core: values.get('DEV_GPU_TEMP'), memory: values.get('DEV_MEMORY_TEMP') },
    powerWatts: values.get('DEV_POWER_USAGE'),
    energyJoules: scaled('DEV_TOTAL_ENERGY_CONSUMPTION', 0.001),
    memoryErrors: { corrected: values.get('DEV_ECC_SBE_VOL_TOTAL'), uncorrected: values.get('DEV_ECC_DBE_VOL_TOTAL') },
    throttle: throttleOf(values.get('DEV_CLOCKS_EVENT_REASONS') ?? values.get('DEV_CLOCK_THROTTLE_REASONS')),
  };
}

function throttleOf(reasons: number | undefined): GpuReading['throttle'] {
  if (reasons === undefined) return {};
  const has = (bit: number): boolean => (reasons & bit) !== 0;
  return {
    power_cap: has(throttleBits.powerCap),
    power_brake: has(throttleBits.powerBrake),
    thermal: has(throttleBits.hardwareThermal) || has(throttleBits.softwareThermal),
    hardware: has(throttleBits.hardware),
  };
}
