import { cpus, freemem, totalmem } from 'node:os';
import {
  ATTR_SYSTEM_MEMORY_STATE,
  METRIC_SYSTEM_CPU_UTILIZATION,
  METRIC_SYSTEM_MEMORY_UTILIZATION,
} from '@driftline/semantic-conventions';
import { measured, measuredBy } from '../measured.ts';
import { plainNumber } from '../plain-number.ts';
import { readText } from '../read-text.ts';
import { defineResourceCollector, type Host } from './resource-collector.ts';

/** The backend has these, by CPU and state, from `@opentelemetry/instrumentation-host-metrics`. */
export const host = defineResourceCollector({
  name: 'host',
  answers: "How busy are the host's CPUs and memory?",
  platforms: 'all',
  metrics: [],
  copies: [METRIC_SYSTEM_CPU_UTILIZATION, METRIC_SYSTEM_MEMORY_UTILIZATION],
  open: (machine) => {
    let before: CpuTimes | undefined;
    return {
      read: async () => {
        const times = await cpuTimes(machine);
        const share = before === undefined || times === undefined ? undefined : busyShare(before, times);
        before = times;
        return [
          ...measured(METRIC_SYSTEM_CPU_UTILIZATION, share),
          ...measuredBy(METRIC_SYSTEM_MEMORY_UTILIZATION, ATTR_SYSTEM_MEMORY_STATE, { used: usedMemoryShare() }),
        ];
      },
    };
  },
});

/** In whatever unit. */
export interface CpuTimes {
  readonly busy: number;
  readonly all: number;
}

/** `os.cpus()` reads a file for each CPU, and everybody waits. */
async function cpuTimes(machine: Host): Promise<CpuTimes | undefined> {
  const table = await readText(machine, 'proc/stat');
  if (table !== undefined) return parseCpuTimes(table);
  const times = cpus().map((cpu) => cpu.times);
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { all, busy: all - times.reduce((sum, { idle }) => sum + idle, 0) };
}

/** Of /proc/stat: user nice system idle iowait irq softirq steal; guests are in user and nice already. */
export function parseCpuTimes(table: string): CpuTimes | undefined {
  const [name, ...fields] = (table.split('\n', 1)[0] ?? '').split(/\s+/);
  const times = fields.slice(0, 8).map((field) => plainNumber(field) ?? Number.NaN);
  const all = times.reduce((sum, time) => sum + time, 0);
  const [, , , idle = Number.NaN, waiting = 0] = times;
  const busy = all - idle - waiting;
  return name === 'cpu' && Number.isFinite(busy) ? { busy, all } : undefined;
}

/** Undefined where no time has passed. */
export function busyShare(before: CpuTimes, after: CpuTimes): number | undefined {
  const passed = after.all - before.all;
  if (passed <= 0) return undefined;
  return Math.min(1, Math.max(0, (after.busy - before.busy) / passed));
}

function usedMemoryShare(): number {
  return 1 - freemem() / totalmem();
}
