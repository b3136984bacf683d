import { expect, it } from 'vitest';
import { defineModelHealthTest, latencyTest, predictionTest } from './index.ts';
import './vitest.ts';

const half = (x: number) => x / 2;
const knows = predictionTest({ golden: [{ input: 3, answer: 1.5 }] });
const suite = defineModelHealthTest({
  model: { name: 'half' },
  load: () => half,
  tests: { knows, fast: latencyTest({ inputs: [1, 2], budget: { p99Ms: 100 }, calls: 400 }) },
});

it('takes a model and a test, a model and all its tests, or tests that load the model', async () => {
  await expect(half).toPassHealthTest(knows);
  await expect(half).toPassHealthTest(suite);
  await expect(undefined).toPassHealthTest(suite);
});

it('says what failed', async () => {
  await expect(expect((x: number) => x / 4).toPassHealthTest(knows)).rejects.toThrow(
    'expected the model to pass the health test:\n  prediction: golden answers FAILED: 1 of 1 golden inputs break it',
  );
  await expect((x: number) => x / 4).not.toPassHealthTest(suite);
});

it('says what it takes where it gets something else', async () => {
  await expect(expect('half').toPassHealthTest(knows)).rejects.toThrow('expect() takes the predict function');
});
