import type { TestMachine } from './test-machine.ts';

/** The model as a test calls it. */
export type Predict<Input, Output> = (input: Input) => Output | Promise<Output>;

/** `uncertain`: what was measured is too little to be sure either way. It is said, and fails nothing. */
export type Verdict = 'ok' | 'failed' | 'uncertain';

/** One thing that a test looked at. */
export interface TestFinding {
  readonly name: string;
  readonly verdict: Verdict;
  /** What was seen, and against what: `12.1 ms (11.8 to 12.9), budget 20 ms`. */
  readonly says: string;
  readonly measured?: Measured;
}

/** A figure with its confidence interval; an end that the measurements do not settle is absent. */
export interface Measured {
  readonly value: number;
  /** UCUM, as in OpenTelemetry: `s`, `By`, `By/{call}`, `1`. */
  readonly unit: string;
  readonly lower?: number;
  readonly upper?: number;
  readonly limit?: number;
}

/** What a test may use besides the model. */
export interface TestRun {
  readonly signal: AbortSignal;
  readonly machine: TestMachine;
  /** What the same test kept of the version that the baseline was written with. It comes from a file: look at it first. */
  readonly earlier?: { readonly version: string; readonly kept: unknown };
}

export interface TestOutcome {
  readonly findings: readonly TestFinding[];
  /** For the test of a later version, as JSON. */
  readonly kept?: unknown;
}

export interface ModelTest<Input, Output> {
  readonly type: string;
  run(predict: Predict<Input, Output>, run: TestRun): TestOutcome | Promise<TestOutcome>;
}

/** What one kind of test answers about itself. */
export interface ModelTestKind {
  readonly type: string;
  /** The question, in the words of who has to release the model. */
  readonly answers: string;
  /** Models, or measurements of them, with the verdict that they deserve. */
  readonly examples: readonly {
    readonly says: string;
    readonly verdict: Verdict;
    readonly judge: () => readonly TestFinding[] | Promise<readonly TestFinding[]>;
  }[];
}

/** Makes a kind callable: `latencyTest({ inputs, budget: { p99Ms: 20 } })`. */
export function defineModelTest<Make extends (given: never) => ModelTest<unknown, never>>(
  kind: ModelTestKind,
  make: Make,
): Make & ModelTestKind {
  return Object.assign(make, kind);
}

export interface ModelHealthTestSettings<Input, Output> {
  readonly model: { readonly name: string; readonly version?: string };
  /** The model as production loads it, once a run. */
  readonly load: () => Predict<Input, Output> | Promise<Predict<Input, Output>>;
  /** By the name that reports use, in the order in which they run. */
  readonly tests: Readonly<Record<string, ModelTest<Input, Output>>>;
}

/** Without its types it is any model's: what the command line, the matcher and the health check run. */
export interface ModelHealthTest<Input = unknown, Output = never> {
  readonly model: { readonly name: string; readonly version: string };
  load(): Promise<readonly ReadyTest[]>;
  /** The same tests of a model that is loaded already. */
  of(predict: Predict<Input, Output>): readonly ReadyTest[];
}

/** A test together with the model. */
export interface ReadyTest {
  readonly name: string;
  readonly type: string;
  readonly run: (run: TestRun) => TestOutcome | Promise<TestOutcome>;
}

/** @throws where there is nothing to test, or no name to report it under. */
export function defineModelHealthTest<Input, Output>({
  model: { name, version = '' },
  load,
  tests,
}: ModelHealthTestSettings<Input, Output>): ModelHealthTest<Input, Output> {
  if (name.trim() === '')
    throw new Error('model health test: model.name is empty; give the name that the model reports');
  if (Object.keys(tests).length === 0)
    throw new Error(`model health test: ${name} has no tests; add one, a predictionTest for instance`);
  const of = (predict: Predict<Input, Output>) =>
    Object.entries(tests).map(
      ([name, test]): ReadyTest => ({ name, type: test.type, run: (run) => test.run(predict, run) }),
    );
  return { model: { name, version }, load: async () => of(await load()), of };
}

/** The worst of them; a failure is sure, so it wins over doubt. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  const seen = new Set(verdicts);
  return seen.has('failed') ? 'failed' : seen.has('uncertain') ? 'uncertain' : 'ok';
}
