import { healthMetrics } from './health-metrics.ts';
import { operationMetrics } from './operation-metrics.ts';
import { resourceMetrics } from './resource-metrics.ts';
import { resultMetrics } from './result-metrics.ts';
import { selfMetrics } from './self-metrics.ts';
import { sketchMetrics } from './sketch-metrics.ts';

export const metrics = {
  ...operationMetrics,
  ...sketchMetrics,
  ...resultMetrics,
  ...resourceMetrics,
  ...healthMetrics,
  ...selfMetrics,
} as const;

export type MetricName = keyof typeof metrics;
