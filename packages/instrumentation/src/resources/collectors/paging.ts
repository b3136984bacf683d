import {
  ATTR_SYSTEM_PAGING_DIRECTION,
  ATTR_SYSTEM_PAGING_STATE,
  METRIC_SYSTEM_PAGING_FAULTS,
  METRIC_SYSTEM_PAGING_OPERATIONS,
  METRIC_SYSTEM_PAGING_USAGE,
  METRIC_SYSTEM_PAGING_UTILIZATION,
} from '@driftline/semantic-conventions';
import { measuredBy } from '../measured.ts';
import { pageFaults } from '../page-faults.ts';
import { namedNumbers } from '../plain-number.ts';
import { readText } from '../read-text.ts';
import { defineResourceCollector, type Measurement } from './resource-collector.ts';

export const paging = defineResourceCollector({
  name: 'paging',
  answers: 'Does the host run out of memory and swap?',
  platforms: ['linux'],
  metrics: [
    METRIC_SYSTEM_PAGING_USAGE,
    METRIC_SYSTEM_PAGING_UTILIZATION,
    METRIC_SYSTEM_PAGING_FAULTS,
    METRIC_SYSTEM_PAGING_OPERATIONS,
  ],
  copies: [METRIC_SYSTEM_PAGING_UTILIZATION],
  open: (host) => ({
    read: async () => {
      const [memory, pages] = await Promise.all([readText(host, 'proc/meminfo'), readText(host, 'proc/vmstat')]);
      return [...parseSwap(memory ?? ''), ...parsePages(pages ?? '')];
    },
  }),
});

const KIBIBYTE = 1024;

/** Of /proc/meminfo; nothing without swap. */
export function parseSwap(text: string): readonly Measurement[] {
  const numbers = namedNumbers(text);
  const total = numbers.get('SwapTotal') ?? 0;
  const free = Math.min(numbers.get('SwapFree') ?? total, total);
  if (total <= 0 || free < 0) return [];
  const used = total - free;
  const by = ATTR_SYSTEM_PAGING_STATE;
  return [
    ...measuredBy(METRIC_SYSTEM_PAGING_USAGE, by, { used: used * KIBIBYTE, free: free * KIBIBYTE }),
    ...measuredBy(METRIC_SYSTEM_PAGING_UTILIZATION, by, { used: used / total, free: free / total }),
  ];
}

/** Of /proc/vmstat. */
export function parsePages(text: string): readonly Measurement[] {
  const numbers = namedNumbers(text);
  const moved = { in: numbers.get('pswpin'), out: numbers.get('pswpout') };
  return [
    ...pageFaults(METRIC_SYSTEM_PAGING_FAULTS, { all: numbers.get('pgfault'), major: numbers.get('pgmajfault') }),
    ...measuredBy(METRIC_SYSTEM_PAGING_OPERATIONS, ATTR_SYSTEM_PAGING_DIRECTION, moved),
  ];
}
