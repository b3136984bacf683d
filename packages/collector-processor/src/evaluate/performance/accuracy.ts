import { type Estimate, noErrors, type PerformanceMetric, z95 } from './performance-metric.ts';

export const accuracy = {
  name: 'accuracy',
  answers: 'What share of the predictions was right?',
  compute({ confusion }) {
    let rows = 0;
    let right = 0;
    for (const [predicted, truths] of confusion) {
      for (const [truth, count] of truths) {
        rows += count;
        if (truth === predicted) right += count;
      }
    }
    return rows === 0 ? undefined : wilsonInterval(right, rows);
  },
  knownAnswers: [
    {
      outcomes: {
        confusion: new Map([
          [
            'yes',
            new Map([
              ['yes', 50],
              ['no', 10],
            ]),
          ],
          [
            'no',
            new Map([
              ['no', 30],
              ['yes', 10],
            ]),
          ],
        ]),
        errors: noErrors,
      },
      estimate: { value: 0.8, lowerBound: 0.7111708344, upperBound: 0.8666330667, rows: 100 },
      source: 'statsmodels 0.15.0 proportion_confint(80, 100, method="wilson")',
    },
  ],
} as const satisfies PerformanceMetric;

/** Wilson, "Probable inference, the law of succession, and statistical inference" (1927): stays inside [0, 1]. */
function wilsonInterval(right: number, rows: number): Estimate {
  const value = right / rows;
  const spread = z95 ** 2 / rows;
  const centre = (value + spread / 2) / (1 + spread);
  const half = (z95 * Math.sqrt((value * (1 - value) + spread / 4) / rows)) / (1 + spread);
  return { value, lowerBound: centre - half, upperBound: centre + half, rows };
}
