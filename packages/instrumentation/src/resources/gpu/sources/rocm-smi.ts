import { isRecord } from '../../../is-record.ts';
import { plainNumber } from '../../plain-number.ts';
import type { GpuReading } from '../gpu-reading.ts';
import { parseJsonAnswer, textOf, valueAt } from '../json-answer.ts';
import { defineGpuSource } from './gpu-source.ts';

/** Deprecated, and what there is on most machines with ROCm before 6.4. */
export const rocmSmi = defineGpuSource({
  name: 'rocm-smi',
  vendor: 'AMD',
  answers: 'Utilization, memory, temperatures, power and energy.',
  ask: {
    program: {
      name: 'rocm-smi',
      platforms: ['linux'],
      readings: [
        '--showproductname',
        '--showuniqueid',
        '--showbus',
        '--showdriverversion',
        '--showuse',
        '--showmeminfo',
        'vram',
        '--showtemp',
        '--showpower',
        '--showenergycounter',
        '--json',
      ],
    },
  },
  parse: ({ readings }) => {
    const answer = parseJsonAnswer(readings);
    if (!isRecord(answer)) throw new Error('its JSON is no object of cards.');
    const driverVersion = textOf(valueAt(answer, 'system', 'Driver version'));
    return Object.entries(answer).flatMap(([key, card]) =>
      /^card\d+$/.test(key) && isRecord(card) ? [readingOf(key, card, driverVersion)] : [],
    );
  },
});

function readingOf(key: string, card: Readonly<Record<string, unknown>>, driverVersion?: string): GpuReading {
  const first = (...names: readonly string[]): string | undefined =>
    names.map((name) => textOf(card[name])).find((text) => text !== undefined);
  const number = (...names: readonly string[]): number | undefined => plainNumber(first(...names));
  const scaled = (factor: number, name: string): number | undefined => {
    const value = number(name);
    return value === undefined ? undefined : value * factor;
  };
  return {
    id: first('Unique ID', 'PCI Bus') ?? key,
    name: [first('Card Series', 'Card series'), first('Device Name')].find((name) => name?.startsWith('0x') === false),
    vendor: 'AMD',
    driverVersion,
    utilization: { general: scaled(0.01, 'GPU use (%)') },
    memory: { usedBytes: number('VRAM Total Used Memory (B)'), limitBytes: number('VRAM Total Memory (B)') },
    temperatures: {
      core: number('Temperature (Sensor edge) (C)'),
      hotspot: number('Temperature (Sensor junction) (C)'),
      memory: number('Temperature (Sensor memory) (C)'),
    },
    powerWatts: number('Average Graphics Package Power (W)', 'Current Socket Graphics Package Power (W)'),
    energyJoules: scaled(1e-6, 'Accumulated Energy (uJ)'),
  };
}
