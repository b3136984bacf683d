import { plainNumber } from '../../plain-number.ts';
import type { GpuReading } from '../gpu-reading.ts';
import { defineGpuSource } from './gpu-source.ts';

/** What needs no root: `powermetrics`, which knows power and temperature, does. */
export const apple = defineGpuSource({
  name: 'apple',
  vendor: 'Apple',
  answers: 'Utilization and the unified memory in use.',
  ask: {
    program: {
      name: 'ioreg',
      platforms: ['darwin'],
      readings: ['-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator'],
    },
  },
  parse: ({ readings }) =>
    readings
      .split(/^\+-o /m)
      .slice(1)
      .flatMap(readingOf),
});

function readingOf(entry: string, index: number): readonly GpuReading[] {
  const statistics = /"PerformanceStatistics" = \{([^}]*)\}/.exec(entry)?.[1];
  if (statistics === undefined) return [];
  const values = new Map(
    [...statistics.matchAll(/"([^"]+)"=(\d+)/g)].map(([, name = '', digits]) => [name, plainNumber(digits)] as const),
  );
  const percent = values.get('Device Utilization %');
  const accelerator = /^[\w.-]+/.exec(entry)?.[0] ?? 'gpu';
  return [
    {
      id: `${accelerator}-${index}`,
      name: /"model" = <?"([^"]{1,100})"/.exec(entry)?.[1],
      vendor: 'Apple',
      utilization: { general: percent === undefined ? undefined : percent / 100 },
      memory: { usedBytes: values.get('In use system memory') },
      temperatures: {},
    },
  ];
}
