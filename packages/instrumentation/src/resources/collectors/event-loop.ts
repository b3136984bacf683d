import { type Histogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import {
  ATTR_NODEJS_EVENTLOOP_STATE,
  METRIC_NODEJS_EVENTLOOP_DELAY_MAX,
  METRIC_NODEJS_EVENTLOOP_DELAY_MEAN,
  METRIC_NODEJS_EVENTLOOP_DELAY_MIN,
  METRIC_NODEJS_EVENTLOOP_DELAY_P50,
  METRIC_NODEJS_EVENTLOOP_DELAY_P90,
  METRIC_NODEJS_EVENTLOOP_DELAY_P99,
  METRIC_NODEJS_EVENTLOOP_DELAY_STDDEV,
  METRIC_NODEJS_EVENTLOOP_TIME,
  METRIC_NODEJS_EVENTLOOP_UTILIZATION,
} from '@driftline/semantic-conventions';
import { measured, measuredBy } from '../measured.ts';
import { defineResourceCollector, type Measurement } from './resource-collector.ts';

/** A timer of Node's own measures the delay: it wakes up so often. */
const RESOLUTION_MS = 20;

export const eventLoop = defineResourceCollector({
  name: 'event-loop',
  answers: 'Does something block the event loop?',
  platforms: 'all',
  metrics: [
    METRIC_NODEJS_EVENTLOOP_DELAY_MIN,
    METRIC_NODEJS_EVENTLOOP_DELAY_MAX,
    METRIC_NODEJS_EVENTLOOP_DELAY_MEAN,
    METRIC_NODEJS_EVENTLOOP_DELAY_STDDEV,
    METRIC_NODEJS_EVENTLOOP_DELAY_P50,
    METRIC_NODEJS_EVENTLOOP_DELAY_P90,
    METRIC_NODEJS_EVENTLOOP_DELAY_P99,
    METRIC_NODEJS_EVENTLOOP_TIME,
    METRIC_NODEJS_EVENTLOOP_UTILIZATION,
  ],
  copies: [METRIC_NODEJS_EVENTLOOP_DELAY_P99, METRIC_NODEJS_EVENTLOOP_UTILIZATION],
  open: () => {
    const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delays.enable();
    let before = performance.eventLoopUtilization();
    return {
      read: async () => {
        const total = performance.eventLoopUtilization();
        const { utilization } = performance.eventLoopUtilization(total, before);
        before = total;
        const sinceLast = delaysOf(delays);
        delays.reset();
        return [
          ...sinceLast,
          ...measured(METRIC_NODEJS_EVENTLOOP_UTILIZATION, utilization),
          ...measuredBy(METRIC_NODEJS_EVENTLOOP_TIME, ATTR_NODEJS_EVENTLOOP_STATE, {
            active: total.active / 1000,
            idle: total.idle / 1000,
          }),
        ];
      },
      close: () => {
        delays.disable();
      },
    };
  },
});

/** Nanoseconds there, and the timer's own period is no delay. Nothing where it never woke up. */
function delaysOf(delays: Histogram): readonly Measurement[] {
  if (delays.count === 0) return [];
  return [
    ...measured(METRIC_NODEJS_EVENTLOOP_DELAY_MIN, seconds(delays.min)),
    ...measured(METRIC_NODEJS_EVENTLOOP_DELAY_MAX, seconds(delays.max)),
    ...measured(METRIC_NODEJS_EVENTLOOP_DELAY_MEAN, seconds(delays.mean)),
    ...measured(METRIC_NODEJS_EVENTLOOP_DELAY_STDDEV, delays.stddev / 1e9),
    ...measured(METRIC_NODEJS_EVENTLOOP_DELAY_P50, seconds(delays.percentile(50))),
    ...measured(METRIC_NODEJS_EVENTLOOP_DELAY_P90, seconds(delays.percentile(90))),
    ...measured(METRIC_NODEJS_EVENTLOOP_DELAY_P99, seconds(delays.percentile(99))),
  ];
}

const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) / 1000;
