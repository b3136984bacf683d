import { expect, test } from 'vitest';
import '@driftline/health/vitest';
import { latencyTest } from '@driftline/health';
import credit from './credit.health.ts';
import { applicants, loadCreditModel } from './credit-model.ts';

test('the model is fit for production', async () => {
  await expect(await loadCreditModel()).toPassHealthTest(credit);
});

test('and fast', async () => {
  const fast = latencyTest({ inputs: applicants, budget: { p95Ms: 20 } });
  await expect(await loadCreditModel()).toPassHealthTest(fast);
});
