import { expect, it, onTestFinished, vi } from 'vitest';
import { createHealth, defineModelHealthTest, modelHealthTestCheck, predictionTest } from '../index.ts';

it('runs in a service like any other check, on a model that is loaded once', async () => {
  let [loads, wrong] = [0, 0];
  const load = () => {
    loads += 1;
    return (x: number) => x / 2 + wrong;
  };
  const test = defineModelHealthTest({
    model: { name: 'half' },
    load,
    tests: { answers: predictionTest({ golden: [{ input: 3, answer: 1.5 }] }) },
  });
  const health = createHealth({ checks: { half: modelHealthTestCheck({ test, everyMs: 20, timeoutMs: 1_000 }) } });
  onTestFinished(() => health.close());
  health.start();
  await vi.waitFor(() => expect(health.status()).toMatchObject({ status: 'pass' }), 30_000);

  wrong = 1;
  await vi.waitFor(() => expect(health.status()).toMatchObject({ status: 'warn' }), 30_000);
  const [golden] = health.status().checks['half:answers'] ?? [];
  expect(golden).toMatchObject({ status: 'fail', componentId: 'golden answers' });
  expect(golden?.output).toMatch(/answer is 2.5, expected 1.5/);
  expect(loads).toBe(1);
});
