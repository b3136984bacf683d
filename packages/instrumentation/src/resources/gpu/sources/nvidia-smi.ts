import type { GpuProcess, GpuReading } from '../gpu-reading.ts';
import { plainNumber } from '../../plain-number.ts';
import { programName } from '../program-name.ts';
import { bytes, degrees, quantity, shares, sumOfKnown, watts } from '../quantity.ts';
import { childrenOf, elementAt, parseXml, type XmlElement } from '../xml-tree.ts';
import { defineGpuSource } from './gpu-source.ts';

/**
 * All of it, as XML: a field that a driver does not have is absent there, where one unknown name in `--query-gpu` fails the
 * whole query, and fields were renamed in 2023 (`clocks_throttle_reasons`, `power_readings`) and 2025 (`power_draw`).
 */
export const nvidiaSmi = defineGpuSource({
  name: 'nvidia-smi',
  vendor: 'NVIDIA',
  answers: 'Utilization, memory, temperature, power, throttling, ECC errors and memory by process.',
  ask: { program: { name: 'nvidia-smi', platforms: ['linux', 'win32'], readings: ['-q', '-x'] } },
  parse: ({ readings }) => {
    const log = parseXml(readings);
    const driverVersion = elementAt(log, 'driver_version')?.text;
    return childrenOf(log, 'gpu').map((gpu, index) => readingOf(gpu, index, driverVersion));
  },
});

function readingOf(gpu: XmlElement, index: number, driverVersion: string | undefined): GpuReading {
  const at = (...path: readonly string[]): string | undefined => elementAt(gpu, ...path)?.text;
  const power = elementAt(gpu, 'gpu_power_readings') ?? elementAt(gpu, 'power_readings');
  const draws = ['power_draw', 'average_power_draw', 'instant_power_draw'];
  return {
    id: at('uuid') || at('pci', 'pci_bus_id') || `nvidia-${index}`,
    name: at('product_name'),
    vendor: 'NVIDIA',
    driverVersion,
    hasFailed: [at('utilization', 'gpu_util'), at('temperature', 'gpu_temp'), at('fan_speed')].some(isError),
    utilization: {
      general: quantity(at('utilization', 'gpu_util'), shares),
      encoder: quantity(at('utilization', 'encoder_util'), shares),
      decoder: quantity(at('utilization', 'decoder_util'), shares),
    },
    memory: {
      usedBytes: quantity(at('fb_memory_usage', 'used'), bytes),
      limitBytes: quantity(at('fb_memory_usage', 'total'), bytes),
    },
    temperatures: {
      core: quantity(at('temperature', 'gpu_temp'), degrees),
      memory: quantity(at('temperature', 'memory_temp'), degrees),
    },
    powerWatts: draws.map((name) => quantity(elementAt(power, name)?.text, watts)).find((draw) => draw !== undefined),
    memoryErrors: memoryErrorsOf(elementAt(gpu, 'ecc_errors', 'volatile')),
    throttle: throttleOf(gpu),
    processes: processesOf(elementAt(gpu, 'processes')),
  };
}

const isError = (text: string | undefined): boolean => /ERR!|Unknown Error|GPU is lost/i.test(text ?? '');

/** Since the driver was loaded. Before Turing by bits, then by where; uncorrectable ones were split in two in 2023. */
function memoryErrorsOf(counts: XmlElement | undefined): GpuReading['memoryErrors'] {
  const count = (...path: readonly string[]): number | undefined => plainNumber(elementAt(counts, ...path)?.text);
  return {
    corrected: sumOfKnown([count('single_bit', 'total'), count('sram_correctable'), count('dram_correctable')]),
    uncorrected: sumOfKnown([
      count('double_bit', 'total'),
      count('sram_uncorrectable'),
      count('sram_uncorrectable_parity'),
      count('sram_uncorrectable_secded'),
      count('dram_uncorrectable'),
    ]),
  };
}

function throttleOf(gpu: XmlElement): GpuReading['throttle'] {
  const reasons = (elementAt(gpu, 'clocks_event_reasons') ?? elementAt(gpu, 'clocks_throttle_reasons'))?.children ?? [];
  const isActive = (...endings: readonly string[]): boolean | undefined => {
    const texts = reasons.filter(({ name }) => endings.some((ending) => name.endsWith(ending))).map(({ text }) => text);
    if (texts.includes('Active')) return true;
    return texts.includes('Not Active') ? false : undefined;
  };
  return {
    power_cap: isActive('reason_sw_power_cap'),
    power_brake: isActive('reason_hw_power_brake_slowdown'),
    thermal: isActive('reason_hw_thermal_slowdown', 'reason_sw_thermal_slowdown'),
    hardware: isActive('reason_hw_slowdown'),
  };
}

function processesOf(list: XmlElement | undefined): readonly GpuProcess[] {
  return childrenOf(list, 'process_info').flatMap((info) => {
    const pid = plainNumber(elementAt(info, 'pid')?.text);
    const memoryBytes = quantity(elementAt(info, 'used_memory')?.text, bytes);
    if (pid === undefined || memoryBytes === undefined) return [];
    return [{ pid, memoryBytes, name: programName(elementAt(info, 'process_name')?.text ?? '') }];
  });
}
