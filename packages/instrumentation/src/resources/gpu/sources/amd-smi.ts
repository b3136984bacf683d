import { plainNumber } from '../../plain-number.ts';
import type { GpuReading } from '../gpu-reading.ts';
import { parseJsonAnswer, textOf, valueAt } from '../json-answer.ts';
import { bytes, degrees, quantity, shares, watts } from '../quantity.ts';
import { defineGpuSource } from './gpu-source.ts';

export const amdSmi = defineGpuSource({
  name: 'amd-smi',
  vendor: 'AMD',
  answers: 'Utilization, memory, temperatures, power, energy, throttling and ECC errors.',
  ask: {
    program: {
      name: 'amd-smi',
      platforms: ['linux'],
      readings: ['metric', '--usage', '--mem-usage', '--temperature', '--power', '--energy', '--ecc', '--json'],
      identities: ['static', '--asic', '--bus', '--driver', '--json'],
    },
  },
  parse: ({ readings, identities }) => {
    const known = new Map(
      gpusOf(identities === '' ? [] : parseJsonAnswer(identities)).map((gpu) => [indexOf(gpu), gpu]),
    );
    return gpusOf(parseJsonAnswer(readings)).map((gpu) => readingOf(gpu, known.get(indexOf(gpu))));
  },
});

/** A list until ROCm 6, an object with a list since. */
function gpusOf(answer: unknown): readonly unknown[] {
  const list = Array.isArray(answer) ? answer : valueAt(answer, 'gpu_data');
  return Array.isArray(list) ? list.filter((gpu) => indexOf(gpu) !== undefined) : [];
}

function indexOf(gpu: unknown): number | undefined {
  const index = valueAt(gpu, 'gpu');
  return typeof index === 'number' && Number.isSafeInteger(index) ? index : undefined;
}

function readingOf(gpu: unknown, identity: unknown): GpuReading {
  const at = (units: Readonly<Record<string, number>>, ...path: readonly string[]): number | undefined =>
    measured(valueAt(gpu, ...path), units);
  const count = (...path: readonly string[]): number | undefined => plainNumber(String(valueAt(gpu, ...path)));
  const throttleStatus = textOf(valueAt(gpu, 'power', 'throttle_status'));
  return {
    id:
      textOf(valueAt(identity, 'asic', 'asic_serial')) ??
      textOf(valueAt(identity, 'bus', 'bdf')) ??
      `amd-${indexOf(gpu)}`,
    name: textOf(valueAt(identity, 'asic', 'market_name')),
    vendor: 'AMD',
    driverVersion: textOf(valueAt(identity, 'driver', 'version')),
    utilization: { general: at(shares, 'usage', 'gfx_activity') },
    memory: {
      usedBytes: at(bytes, 'mem_usage', 'used_vram'),
      limitBytes: at(bytes, 'mem_usage', 'total_vram'),
    },
    temperatures: {
      core: at(degrees, 'temperature', 'edge'),
      hotspot: at(degrees, 'temperature', 'hotspot'),
      memory: at(degrees, 'temperature', 'mem'),
    },
    powerWatts: at(watts, 'power', 'socket_power'),
    energyJoules: at({ J: 1 }, 'energy', 'total_energy_consumption'),
    memoryErrors: {
      corrected: count('ecc', 'total_correctable_count'),
      uncorrected: count('ecc', 'total_uncorrectable_count'),
    },
    throttle: throttleStatus === undefined ? {} : { hardware: throttleStatus === 'THROTTLED' },
  };
}

/** `{ value: 42, unit: "%" }`, or `42 %` before ROCm 6.1. */
function measured(value: unknown, units: Readonly<Record<string, number>>): number | undefined {
  if (typeof value === 'string') return quantity(value, units);
  return quantity(`${String(valueAt(value, 'value'))} ${String(valueAt(value, 'unit'))}`, units);
}
