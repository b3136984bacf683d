import { accuracy } from './accuracy.ts';
import { meanAbsoluteError } from './mean-absolute-error.ts';
import type { PerformanceMetric } from './performance-metric.ts';

/** Every performance metric, by the order in which results show them. */
export const performanceMetrics = [accuracy, meanAbsoluteError] as const satisfies readonly PerformanceMetric[];
