import { expect } from 'vitest';
import { thisMachine } from './io/this-machine.ts';
import {
  defineModelHealthTest,
  type ModelHealthTest,
  type ModelTest,
  type Predict,
} from './model-tests/model-health-test.ts';
import { findingLine } from './model-tests/reports/finding-line.ts';
import { runModelHealthTest } from './model-tests/run/run-model-health-test.ts';

type AnyTest = ModelHealthTest | ModelTest<unknown, never>;

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** Of a predict function, or of `undefined` where the test loads its model itself. */
    toPassHealthTest(test: AnyTest): Promise<void>;
  }
}

expect.extend({
  async toPassHealthTest(received: unknown, test: AnyTest) {
    const { results } = await runModelHealthTest(testOf(received, test), { machine: thisMachine });
    const findings = results.flatMap(({ name, findings }) => findings.map((finding) => ({ name, finding })));
    const failed = findings.filter(({ finding }) => finding.verdict === 'failed');
    const shown = failed.length > 0 ? failed : findings;
    const lines = shown.map(({ name, finding }) => `  ${name}: ${findingLine(finding)}`);
    return {
      pass: failed.length === 0,
      message: () =>
        `expected the model ${failed.length > 0 ? '' : 'not '}to pass the health test:\n${lines.join('\n')}`,
    };
  },
});

function testOf(received: unknown, test: AnyTest): Pick<ModelHealthTest, 'model' | 'load'> {
  if ('load' in test && received === undefined) return test;
  if (!isPredict(received)) throw new TypeError('toPassHealthTest: expect() takes the predict function of the model');
  if ('load' in test) return { model: test.model, load: async () => test.of(received) };
  return defineModelHealthTest({ model: { name: 'model' }, load: () => received, tests: { [test.type]: test } });
}

function isPredict(received: unknown): received is Predict<unknown, never> {
  return typeof received === 'function';
}
