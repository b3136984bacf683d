import { performanceMetrics } from '../../packages/collector-processor/src/evaluate/performance/index.ts';
import { describe, expect, it } from 'vitest';
import type { PerformanceMetric } from '../../packages/collector-processor/src/evaluate/performance/performance-metric.ts';

const metrics: readonly PerformanceMetric[] = performanceMetrics;

describe.each(metrics)('performance metric $name', (metric) => {
  it.each(metric.knownAnswers)('agrees with $source', ({ outcomes, estimate }) => {
    const computed = metric.compute(outcomes);
    expect(computed?.rows).toBe(estimate.rows);
    expect(computed?.value).toBeCloseTo(estimate.value, 7);
    expect(computed?.lowerBound).toBeCloseTo(estimate.lowerBound, 6);
    expect(computed?.upperBound).toBeCloseTo(estimate.upperBound, 6);
  });

  it('names what cannot be computed by its absence, never by NaN', () => {
    expect(
      metric.compute({ confusion: new Map(), errors: { count: 0, sum: 0, absolute: 0, squared: 0 } }),
    ).toBeUndefined();
  });
});
