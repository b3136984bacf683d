import { loadavg } from 'node:os';
import {
  METRIC_SYSTEM_CPU_LOAD_AVERAGE_15M,
  METRIC_SYSTEM_CPU_LOAD_AVERAGE_1M,
  METRIC_SYSTEM_CPU_LOAD_AVERAGE_5M,
} from '@driftline/semantic-conventions';
import { measured } from '../measured.ts';
import { defineResourceCollector } from './resource-collector.ts';

export const load = defineResourceCollector({
  name: 'load',
  answers: 'How many threads want a CPU?',
  // Windows has no load average; Node says 0 there.
  platforms: ['linux', 'darwin', 'freebsd', 'openbsd', 'sunos', 'aix'],
  metrics: [METRIC_SYSTEM_CPU_LOAD_AVERAGE_1M, METRIC_SYSTEM_CPU_LOAD_AVERAGE_5M, METRIC_SYSTEM_CPU_LOAD_AVERAGE_15M],
  copies: [METRIC_SYSTEM_CPU_LOAD_AVERAGE_1M],
  open: () => ({
    read: async () => {
      const [minute, fiveMinutes, quarterOfAnHour] = loadavg();
      return [
        ...measured(METRIC_SYSTEM_CPU_LOAD_AVERAGE_1M, minute),
        ...measured(METRIC_SYSTEM_CPU_LOAD_AVERAGE_5M, fiveMinutes),
        ...measured(METRIC_SYSTEM_CPU_LOAD_AVERAGE_15M, quarterOfAnHour),
      ];
    },
  }),
});
