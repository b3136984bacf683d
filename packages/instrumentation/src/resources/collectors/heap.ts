import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import {
  ATTR_V8JS_GC_TYPE,
  ATTR_V8JS_HEAP_SPACE_NAME,
  METRIC_V8JS_GC_DURATION,
  METRIC_V8JS_MEMORY_HEAP_SPACE_SIZE,
  METRIC_V8JS_MEMORY_HEAP_USED,
} from '@driftline/semantic-conventions';
import { isRecord } from '../../is-record.ts';
import { measured } from '../measured.ts';
import { defineResourceCollector } from './resource-collector.ts';

export const heap = defineResourceCollector({
  name: 'heap',
  answers: "How full is JavaScript's heap, and how long does collecting garbage stop everything?",
  platforms: 'all',
  metrics: [METRIC_V8JS_MEMORY_HEAP_USED, METRIC_V8JS_MEMORY_HEAP_SPACE_SIZE, METRIC_V8JS_GC_DURATION],
  copies: [],
  open: (_, { record }) => {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        record({
          metric: METRIC_V8JS_GC_DURATION,
          value: entry.duration / 1000,
          attributes: { [ATTR_V8JS_GC_TYPE]: gcType(entry) },
        });
    });
    observer.observe({ entryTypes: ['gc'] });
    return {
      read: async () =>
        getHeapSpaceStatistics().flatMap(({ space_name, space_used_size, space_size }) => {
          if (space_size === 0) return [];
          const attributes = { [ATTR_V8JS_HEAP_SPACE_NAME]: space_name };
          return [
            ...measured(METRIC_V8JS_MEMORY_HEAP_USED, space_used_size, attributes),
            ...measured(METRIC_V8JS_MEMORY_HEAP_SPACE_SIZE, space_size, attributes),
          ];
        }),
      close: () => observer.disconnect(),
    };
  },
});

const gcTypes: ReadonlyMap<unknown, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

/** Types know the entry without its detail. */
function gcType(entry: object): string {
  const detail: unknown = 'detail' in entry ? entry.detail : undefined;
  return gcTypes.get(isRecord(detail) ? detail.kind : undefined) ?? 'minor';
}
