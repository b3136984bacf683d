import { defineModelHealthTest, latencyTest, memoryTest, performanceTest, predictionTest } from '@driftline/health';
import { applicants, labelled, loadCreditModel } from './credit-model.ts';

export default defineModelHealthTest({
  model: { name: 'credit', version: '7' },
  load: loadCreditModel, // as your service loads it
  tests: {
    predictions: predictionTest({
      golden: [{ input: { name: 'Ada', income: 50_000, debt: 10_000 }, answer: 0.880797 }],
      inputs: applicants,
      form: { min: 0, max: 1 },
      invariances: [{ says: 'the name does not matter', change: (one) => ({ ...one, name: 'Grace' }) }],
      directions: [
        {
          says: 'more income is no worse',
          change: (one) => ({ ...one, income: 1.2 * one.income }),
          answer: 'not lower',
        },
      ],
    }),
    performance: performanceTest({
      rows: labelled,
      read: (score: number) => ({ class: score >= 0.5 ? 'repaid' : 'defaulted', score }),
      positive: 'repaid',
      metrics: { accuracy: { limit: 0.75 }, roc_auc: { limit: 0.7, allowedLoss: 0.02 } },
    }),
    latency: latencyTest({ inputs: applicants, budget: { p50Ms: 5, p99Ms: 50 } }),
    memory: memoryTest({ inputs: applicants }),
  },
});
