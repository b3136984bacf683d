import type { Baseline } from './baseline.ts';
import type { ModelHealthReport, ModelTestResult } from './model-health-report.ts';
import {
  type ModelHealthTest,
  type ReadyTest,
  type TestOutcome,
  type TestRun,
  worstVerdict,
} from '../model-health-test.ts';
import type { TestMachine } from '../test-machine.ts';

export interface RunOptions {
  readonly machine: TestMachine;
  readonly signal?: AbortSignal;
  /** What earlier versions left to compare with. */
  readonly baseline?: Baseline;
  readonly onTest?: (progress: { readonly name: string; readonly number: number; readonly of: number }) => void;
}

/**
 * Runs one test after the other: they would disturb each other's figures. A model that does not load has failed, and so
 * has a test that throws.
 * @throws where the signal aborts.
 */
export async function runModelHealthTest(
  test: Pick<ModelHealthTest, 'model' | 'load'>,
  { machine, signal = new AbortController().signal, baseline = {}, onTest = () => {} }: RunOptions,
): Promise<ModelHealthReport> {
  const timed = async (name: string, type: string, run: () => TestOutcome | Promise<TestOutcome>) => {
    const startedAt = machine.now();
    const outcome = await failureInsteadOfError(run, signal);
    const verdict = worstVerdict(outcome.findings.map((finding) => finding.verdict));
    return { name, type, verdict, durationMs: machine.now() - startedAt, ...outcome } satisfies ModelTestResult;
  };
  let ready: readonly ReadyTest[] = [];
  const loading = await timed('load', 'load', async () => {
    ready = await test.load();
    return { findings: [] };
  });
  const results: ModelTestResult[] = loading.verdict === 'failed' ? [loading] : [];
  for (const [index, { name, type, run }] of ready.entries()) {
    signal.throwIfAborted();
    onTest({ name, number: index + 1, of: ready.length });
    const earlier = earlierOf(baseline, test.model.name, name);
    results.push(await timed(name, type, () => run({ signal, machine, ...earlier })));
  }
  return { model: test.model, verdict: worstVerdict(results.map(({ verdict }) => verdict)), results };
}

function earlierOf(baseline: Baseline, model: string, test: string): Pick<TestRun, 'earlier'> {
  const entry = Object.hasOwn(baseline, model) ? baseline[model] : undefined;
  if (entry === undefined || !Object.hasOwn(entry.tests, test)) return {};
  return { earlier: { version: entry.version, kept: entry.tests[test] } };
}

async function failureInsteadOfError(
  run: () => TestOutcome | Promise<TestOutcome>,
  signal: AbortSignal,
): Promise<TestOutcome> {
  try {
    return await run();
  } catch (error) {
    signal.throwIfAborted();
    const says = error instanceof Error ? error.message : String(error);
    return { findings: [{ name: 'error', verdict: 'failed', says }] };
  }
}
