import { availableParallelism } from 'node:os';
import {
  ATTR_PROCESS_CONTEXT_SWITCH_TYPE,
  METRIC_PROCESS_CONTEXT_SWITCHES,
  METRIC_PROCESS_CPU_UTILIZATION,
  METRIC_PROCESS_MEMORY_USAGE,
  METRIC_PROCESS_PAGING_FAULTS,
  METRIC_PROCESS_THREAD_COUNT,
  METRIC_PROCESS_UNIX_FILE_DESCRIPTOR_COUNT,
  METRIC_PROCESS_UPTIME,
} from '@driftline/semantic-conventions';
import { measured, measuredBy } from '../measured.ts';
import { pageFaults } from '../page-faults.ts';
import { namedNumbers } from '../plain-number.ts';
import { namesIn, readText } from '../read-text.ts';
import { defineResourceCollector, type Host, type Measurement } from './resource-collector.ts';

/** The backend has CPU and memory from `@opentelemetry/instrumentation-host-metrics`. */
export const processResources = defineResourceCollector({
  name: 'process',
  answers: 'What does this process use: CPU, memory, files, threads?',
  platforms: 'all',
  metrics: [
    METRIC_PROCESS_UPTIME,
    METRIC_PROCESS_UNIX_FILE_DESCRIPTOR_COUNT,
    METRIC_PROCESS_THREAD_COUNT,
    METRIC_PROCESS_CONTEXT_SWITCHES,
    METRIC_PROCESS_PAGING_FAULTS,
  ],
  copies: [METRIC_PROCESS_CPU_UTILIZATION, METRIC_PROCESS_MEMORY_USAGE, METRIC_PROCESS_UNIX_FILE_DESCRIPTOR_COUNT],
  open: (host) => {
    const cpuShare = cpuShareSinceLast(host);
    return {
      read: async () => {
        const [files, status] = await Promise.all([openFiles(host), readText(host, 'proc/self/status')]);
        const threads = status === undefined ? undefined : namedNumbers(status).get('Threads');
        return [
          ...measured(METRIC_PROCESS_UPTIME, process.uptime()),
          ...measured(METRIC_PROCESS_MEMORY_USAGE, process.memoryUsage.rss()),
          ...measured(METRIC_PROCESS_CPU_UTILIZATION, cpuShare()),
          ...measured(METRIC_PROCESS_UNIX_FILE_DESCRIPTOR_COUNT, files),
          ...measured(METRIC_PROCESS_THREAD_COUNT, threads),
          ...ofKernel(process.resourceUsage()),
        ];
      },
    };
  },
});

function cpuShareSinceLast(host: Host): () => number | undefined {
  let before = { atMs: host.now(), usage: process.cpuUsage() };
  return () => {
    const now = { atMs: host.now(), usage: process.cpuUsage() };
    const cpuMs = (now.usage.user + now.usage.system - before.usage.user - before.usage.system) / 1000;
    const passedMs = now.atMs - before.atMs;
    if (passedMs <= 0) return undefined;
    before = now;
    return cpuMs / passedMs / availableParallelism();
  };
}

/** One of them is the folder being read. */
async function openFiles(host: Host): Promise<number | undefined> {
  if (host.platform === 'win32') return undefined;
  const names = await namesIn(host, host.platform === 'linux' ? 'proc/self/fd' : 'dev/fd');
  return names === undefined ? undefined : names.length - 1;
}

function ofKernel(usage: NodeJS.ResourceUsage): readonly Measurement[] {
  const switches = { voluntary: usage.voluntaryContextSwitches, involuntary: usage.involuntaryContextSwitches };
  return [
    ...measuredBy(METRIC_PROCESS_CONTEXT_SWITCHES, ATTR_PROCESS_CONTEXT_SWITCH_TYPE, switches),
    ...pageFaults(METRIC_PROCESS_PAGING_FAULTS, {
      all: usage.minorPageFault + usage.majorPageFault,
      major: usage.majorPageFault,
    }),
  ];
}
