import { thisMachine } from '../io/this-machine.ts';
import type { ModelHealthReport } from '../model-tests/run/model-health-report.ts';
import { runModelHealthTest } from '../model-tests/run/run-model-health-test.ts';
import {
  defineModelHealthTest,
  type ModelHealthTest,
  type ReadyTest,
  type Verdict,
} from '../model-tests/model-health-test.ts';
import { defineHealthCheck, type HealthStatus } from './health-check.ts';

export interface ModelHealthTestCheckSettings {
  /** The same as in CI; its model is loaded once more, beside the one that serves. */
  readonly test: ModelHealthTest;
}

const statuses = { ok: 'pass', uncertain: 'warn', failed: 'fail' } as const satisfies Record<Verdict, HealthStatus>;

const given: ModelHealthTestCheckSettings = {
  test: defineModelHealthTest({
    model: { name: 'half' },
    load: () => (x: number) => x / 2,
    tests: { latency: { type: 'latency', run: () => ({ findings: [] }) } },
  }),
};

export const modelHealthTestCheck = defineHealthCheck({
  type: 'model-health-test',
  answers: 'Does the model still pass the tests that it passed in CI?',
  componentType: 'component',
  measurement: 'tests',
  isAboutModel: true,
  // It takes the time of the service, and what it finds is for the owners to look at.
  schedule: { everyMs: 3_600_000, timeoutMs: 600_000, affects: 'nothing', failAfter: 1, recoverAfter: 1 },
  complete: (given: ModelHealthTestCheckSettings) => given,
  open({ test }) {
    let ready: readonly ReadyTest[] | undefined;
    const once = { model: test.model, load: async () => (ready ??= await test.load()) };
    return { read: ({ signal }) => runModelHealthTest(once, { machine: thisMachine, signal }) };
  },
  judge: ({ results }) =>
    results.flatMap(({ name, findings }) =>
      findings.map(({ name: about, verdict, says, measured }) => ({
        measurement: name,
        componentId: about,
        status: statuses[verdict],
        ...(measured && { observedValue: measured.value, observedUnit: measured.unit }),
        ...(verdict !== 'ok' && { output: `${about} ${verdict}: ${says}` }),
      })),
    ),
  examples: [
    { says: 'as at release', given, reading: report('ok'), status: 'pass' },
    { says: 'too little measured to be sure', given, reading: report('uncertain'), status: 'warn' },
    { says: 'slower than its budget', given, reading: report('failed'), status: 'fail' },
  ],
});

function report(verdict: Verdict): ModelHealthReport {
  const finding = {
    name: 'p99',
    verdict,
    says: '12 ms (11 to 13), budget 10 ms',
    measured: { value: 0.012, unit: 's' },
  };
  const result = { name: 'latency', type: 'latency', verdict, durationMs: 900, findings: [finding] };
  return { model: { name: 'half', version: '' }, verdict, results: [result] };
}
