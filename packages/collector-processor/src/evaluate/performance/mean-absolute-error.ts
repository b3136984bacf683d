import { type PerformanceMetric, z95 } from './performance-metric.ts';

export const meanAbsoluteError = {
  name: 'mean_absolute_error',
  answers: 'How far from the truth is a numeric prediction, on average?',
  compute({ errors: { count, absolute, squared } }) {
    if (count === 0) return undefined;
    const value = absolute / count;
    // |e| and e have the same square, so the variance of |e| needs no further sum.
    const deviation = Math.sqrt(Math.max(0, squared / count - value ** 2) / count);
    return {
      value,
      lowerBound: Math.max(0, value - z95 * deviation),
      upperBound: value + z95 * deviation,
      rows: count,
    };
  },
  knownAnswers: [
    {
      outcomes: { confusion: new Map(), errors: { count: 4, sum: -4, absolute: 8, squared: 20 } },
      estimate: { value: 2, lowerBound: 1.0200180077, upperBound: 2.9799819923, rows: 4 },
      source: 'errors -3, 1, 1, -3: mean 2, deviation 1, 1.96 * 1 / sqrt(4), by hand',
    },
  ],
} as const satisfies PerformanceMetric;
