import { defineModelTest, type ModelTest, type Predict, type TestFinding, type TestRun } from './model-health-test.ts';
import { checkInputs, checkNumbers, inTurn } from './settings.ts';
import { inMilliseconds, intervalText, isAtMost, measured } from './statistics/interval.ts';
import { quantileInterval, valuesNeeded } from './statistics/quantile-interval.ts';

export interface LatencyTestSettings<Input> {
  /** Used in turn, as production would mix them. */
  readonly inputs: readonly Input[];
  readonly budget: { readonly p50Ms?: number; readonly p95Ms?: number; readonly p99Ms?: number };
  /** Calls before the first that counts. Default 50. */
  readonly warmUp?: number;
  /** Calls that count. Default 1000. */
  readonly calls?: number;
  /** Ends earlier after that time. Default 30 s. */
  readonly forMs?: number;
  /** Calls under way at once. Default 1. */
  readonly concurrency?: number;
}

type Budget = LatencyTestSettings<unknown>['budget'];

const CONFIDENCE = 0.95;
const quantiles = [
  { name: 'p50', quantile: 0.5, limit: ({ p50Ms }: Budget) => p50Ms },
  { name: 'p95', quantile: 0.95, limit: ({ p95Ms }: Budget) => p95Ms },
  { name: 'p99', quantile: 0.99, limit: ({ p99Ms }: Budget) => p99Ms },
] as const;

export const latencyTest = defineModelTest(
  {
    type: 'latency',
    answers: 'Does it answer in time, even when it is slow?',
    examples: [
      {
        says: 'well within the budget',
        verdict: 'ok',
        judge: () =>
          judge(
            Float64Array.from({ length: 1_000 }, (_, call) => 5 + (call % 10) / 10),
            { p99Ms: 10 },
          ),
      },
      {
        says: 'two in a hundred calls are slow',
        verdict: 'failed',
        judge: () =>
          judge(
            Float64Array.from({ length: 2_000 }, (_, call) => (call % 50 === 0 ? 30 : 5)),
            { p99Ms: 10 },
          ),
      },
      {
        says: 'a hundred calls say little about the slowest in a hundred',
        verdict: 'uncertain',
        judge: () => judge(new Float64Array(100).fill(5), { p99Ms: 10 }),
      },
    ],
  },
  <Input>(given: LatencyTestSettings<Input>): ModelTest<Input, unknown> => {
    const { inputs, budget, warmUp = 50, calls = 1_000, forMs = 30_000, concurrency = 1 } = given;
    checkInputs('latencyTest', inputs);
    checkNumbers('latencyTest', { warmUp }, { least: 0, wanted: 'a number of calls', isWhole: true });
    checkNumbers(
      'latencyTest',
      { calls, concurrency },
      { least: 1, wanted: 'a whole number from 1 on', isWhole: true },
    );
    checkNumbers('latencyTest', { ...budget, forMs }, { least: Number.MIN_VALUE, wanted: 'milliseconds above 0' });
    if (Object.keys(budget).length === 0) throw new Error('latencyTest: budget is empty; give p50Ms, p95Ms or p99Ms');
    return {
      type: 'latency',
      async run(predict, run) {
        await callAll(predict, run, { inputs, calls: warmUp, forMs, concurrency });
        return { findings: judge(await callAll(predict, run, { inputs, calls, forMs, concurrency }), budget) };
      },
    };
  },
);

/** Milliseconds of each call, in no order. */
async function callAll<Input>(
  predict: Predict<Input, unknown>,
  { signal, machine }: TestRun,
  { inputs, calls, forMs, concurrency }: Required<Omit<LatencyTestSettings<Input>, 'budget' | 'warmUp'>>,
): Promise<Float64Array> {
  const durations: number[] = [];
  const queue = inTurn(inputs).take(calls);
  const endsAt = machine.now() + forMs;
  const callNext = async () => {
    for (const input of queue) {
      signal.throwIfAborted();
      const startedAt = machine.now();
      if (startedAt >= endsAt) return;
      await predict(input);
      durations.push(machine.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, callNext));
  return Float64Array.from(durations);
}

function judge(durationsMs: Float64Array, budget: Budget): readonly TestFinding[] {
  const sorted = durationsMs.toSorted();
  return quantiles.flatMap(({ name, quantile, limit: limitOf }): readonly TestFinding[] => {
    const limit = limitOf(budget);
    if (limit === undefined) return [];
    if (sorted.length === 0) return [{ name, verdict: 'uncertain', says: 'no call ended in time to be measured' }];
    const interval = quantileInterval(sorted, quantile, CONFIDENCE);
    const needed = valuesNeeded(quantile, CONFIDENCE);
    const tooFew = sorted.length < needed ? `; ${sorted.length} calls, ${needed} are needed to be sure` : '';
    const inSeconds = { value: interval.value / 1_000, lower: interval.lower / 1_000, upper: interval.upper / 1_000 };
    return [
      {
        name,
        verdict: isAtMost(interval, limit),
        says: `${intervalText(interval, inMilliseconds)}, budget ${inMilliseconds(limit)}${tooFew}`,
        measured: measured(inSeconds, 's', limit / 1_000),
      },
    ];
  });
}
