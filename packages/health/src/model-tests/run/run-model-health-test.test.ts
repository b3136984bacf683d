import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thisMachine } from '../../io/this-machine.ts';
import { latencyTest } from '../latency.ts';
import { memoryTest } from '../memory.ts';
import { defineModelHealthTest, type ModelTest } from '../model-health-test.ts';
import { performanceTest } from '../performance.ts';
import { predictionTest } from '../prediction.ts';
import { seededRandom } from '../statistics/random.ts';
import { startupTest } from '../startup.ts';
import { type Baseline, baselineText, parseBaseline, updatedBaseline } from './baseline.ts';
import { runModelHealthTest } from './run-model-health-test.ts';

interface Applicant {
  readonly name: string;
  readonly income: number;
}

const applicants: readonly Applicant[] = Array.from({ length: 50 }, (_, index) => ({
  name: `applicant ${index}`,
  income: index * 1_000,
}));

/** A score that grows with income, and sees nothing else. */
const score = ({ income }: Applicant) => 1 / (1 + Math.exp(-(income - 25_000) / 10_000));

async function run<Input, Output>(
  predict: (input: Input) => Output | Promise<Output>,
  test: ModelTest<Input, Output>,
  baseline: Baseline = {},
) {
  const suite = defineModelHealthTest({ model: { name: 'm', version: '2' }, load: () => predict, tests: { test } });
  return runModelHealthTest(suite, { machine: thisMachine, baseline });
}

async function verdicts<Input, Output>(...given: Parameters<typeof run<Input, Output>>) {
  const { results } = await run(...given);
  return Object.fromEntries(results.flatMap(({ findings }) => findings.map(({ name, verdict }) => [name, verdict])));
}

describe('a prediction test', () => {
  const ask = {
    golden: [{ input: { name: 'Ada', income: 25_000 }, answer: 0.5 }],
    inputs: applicants,
    form: { shape: [], min: 0, max: 1 },
    invariances: [{ says: 'blind to names', change: (one: Applicant) => ({ ...one, name: 'Zoë' }) }],
    directions: [
      {
        says: 'more income is no worse',
        change: (one: Applicant) => ({ ...one, income: one.income + 5_000 }),
        answer: 'not lower',
      },
    ],
  } as const;
  const allOk = {
    'golden answers': 'ok',
    determinism: 'ok',
    'form of answers': 'ok',
    'blind to names': 'ok',
    'more income is no worse': 'ok',
  };
  let calls = 0;

  it('passes a model that does as it should, and one that answers later', async () => {
    expect(await verdicts(score, predictionTest(ask))).toEqual(allOk);
    expect(await verdicts(async (one: Applicant) => score(one), predictionTest(ask))).toEqual(allOk);
  });

  it.each<[string, (one: Applicant) => number, object]>([
    [
      'drifted away from its release',
      (one) => score(one) + 0.001 * Number(one.name === 'Ada'),
      { 'golden answers': 'failed' },
    ],
    ['answers anew each time', (one) => score(one) + 1e-9 * (calls += 1), { determinism: 'failed' }],
    ['leaves its range', (one) => 2 * score(one), { 'form of answers': 'failed', 'golden answers': 'failed' }],
    [
      'is not a number somewhere',
      (one) => (one.income === 7_000 ? Number.NaN : score(one)),
      { 'form of answers': 'failed' },
    ],
    ['reads names', (one) => score(one) * (one.name === 'Zoë' ? 0.9 : 1), { 'blind to names': 'failed' }],
    ['punishes the rich', (one) => (one.income > 40_000 ? 0.1 : score(one)), { 'more income is no worse': 'failed' }],
    [
      'throws on some',
      (one) => {
        if (one.income === 3_000) throw new Error('no such income');
        return score(one);
      },
      { determinism: 'failed' },
    ],
  ])('fails one that %s', async (_, predict, expected) => {
    expect(await verdicts(predict, predictionTest(ask))).toMatchObject(expected);
  });

  it('says how many inputs break a rule, and what the first one does', async () => {
    const { results } = await run((one: Applicant) => (one.income > 40_000 ? 0.1 : score(one)), predictionTest(ask));
    const finding = results[0]?.findings.find(({ name }) => name === 'more income is no worse');
    expect(finding?.says).toBe('5 of 50 inputs break it, 0 % may; number 37 goes from 0.75 to 0.1');
  });

  it('allows the share of exceptions that it was given', async () => {
    const [direction] = ask.directions;
    const lenient = predictionTest({ ...ask, directions: [{ ...direction, exceptions: 0.1 }] });
    const predict = (one: Applicant) => (one.income > 40_000 ? 0.1 : score(one));
    expect(await verdicts(predict, lenient)).toMatchObject({ 'more income is no worse': 'ok' });
  });
});

describe('a performance test', () => {
  /** Right with that probability, on rows that stay the same. */
  const classifier = (seed: number, accuracy: number) => {
    const random = seededRandom(seed);
    const isRight = Array.from({ length: 2_000 }, () => random() < accuracy);
    return (row: number) => ((row % 2 === 0) === isRight[row] ? 'late' : 'on time');
  };
  const rows = (count: number) =>
    Array.from({ length: count }, (_, row) => ({ input: row, truth: row % 2 === 0 ? 'late' : 'on time' }));
  const test = (count: number) =>
    performanceTest({
      rows: rows(count),
      read: (name: string) => ({ class: name }),
      positive: 'late',
      metrics: { accuracy: { limit: 0.8 }, f1: { limit: 0.8 } },
    });
  const baselineOf = async (predict: (row: number) => string, count: number) =>
    updatedBaseline({}, [await run(predict, test(count))]);

  it('is sure on many rows, and says that it cannot tell on few', async () => {
    expect(await verdicts(classifier(1, 0.9), test(2_000))).toEqual({ accuracy: 'ok', f1: 'ok' });
    expect(await verdicts(classifier(1, 0.7), test(2_000))).toEqual({ accuracy: 'failed', f1: 'failed' });
    expect(await verdicts(classifier(1, 0.9), test(20))).toEqual({ accuracy: 'uncertain', f1: 'uncertain' });
  });

  it('compares with the last version row by row', async () => {
    const baseline = await baselineOf(classifier(1, 0.95), 2_000);
    expect(await verdicts(classifier(1, 0.95), test(2_000), baseline)).toMatchObject({ 'accuracy since 2': 'ok' });
    expect(await verdicts(classifier(1, 0.9), test(2_000), baseline)).toEqual({
      accuracy: 'ok',
      'accuracy since 2': 'failed',
      f1: 'ok',
      'f1 since 2': 'failed',
    });
  });

  it('fails next to none of the versions that are as good as before, on few rows as on many', async () => {
    const limits = { accuracy: { allowedLoss: 0 } };
    for (const count of [20, 60, 400]) {
      const test = performanceTest({ rows: rows(count), read: (name: string) => ({ class: name }), metrics: limits });
      let failures = 0;
      for (let seed = 1; seed <= 100; seed += 1) {
        const before = updatedBaseline({}, [await run(classifier(seed, 0.9), test)]);
        const found = await verdicts(classifier(seed + 1_000, 0.9), test, before);
        if (found['accuracy since 2'] === 'failed') failures += 1;
      }
      expect(failures).toBeLessThanOrEqual(3);
    }
  });

  it('compares nothing where the rows are others than then', async () => {
    const baseline = await baselineOf(classifier(1, 0.95), 1_000);
    const found = await verdicts(classifier(1, 0.95), test(2_000), baseline);
    expect(found).toMatchObject({ 'accuracy since 2': 'uncertain', 'f1 since 2': 'uncertain' });
  });

  it('compares nothing that the last version did not say', async () => {
    const before = updatedBaseline({}, [await run(classifier(1, 0.95), test(400))]);
    const scores = performanceTest({
      rows: rows(400),
      read: (name: string) => ({ class: name, score: name === 'late' ? 0.9 : 0.1 }),
      positive: 'late',
      metrics: { accuracy: {}, roc_auc: {} },
    });
    expect(await verdicts(classifier(1, 0.95), scores, before)).toEqual({
      'accuracy since 2': 'ok',
      'roc_auc since 2': 'uncertain',
    });
  });

  it('judges values by their errors', async () => {
    const values = performanceTest({
      rows: Array.from({ length: 200 }, (_, row) => ({ input: row, truth: row })),
      read: (value: number) => ({ value }),
      metrics: { mae: { limit: 2 }, rmse: { limit: 2 }, r2: { limit: 0.9 } },
    });
    expect(await verdicts((row: number) => row + (row % 3) - 1, values)).toEqual({ mae: 'ok', rmse: 'ok', r2: 'ok' });
    expect(await verdicts((row: number) => row + 5, values)).toMatchObject({ mae: 'failed', rmse: 'failed' });
  });

  it.each([
    [{ class: 'late' }, { roc_auc: {} }, 'performanceTest: row 1 has no score; return it from read'],
    [{ score: Number.NaN }, { log_loss: {} }, /row 1: score is .*NaN.*, not a finite number/],
  ])('says which row lacks what a metric reads: %j', async (answer, metrics, says) => {
    const { results } = await run(
      () => answer,
      performanceTest({ rows: rows(50), read: (a) => a, positive: 'late', metrics }),
    );
    expect(results[0]?.findings[0]).toMatchObject({ verdict: 'failed', says: expect.stringMatching(says) });
  });

  it('has a line for every kind of broken baseline, and never fails for it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (kept) => {
        const found = await verdicts(classifier(1, 0.95), test(40), { m: { version: '1', tests: { test: kept } } });
        expect(found['accuracy since 1']).toBe('uncertain');
      }),
      { numRuns: 30 },
    );
  });
});

describe('a latency test', () => {
  const inputs = [1, 2, 3];

  it('measures real time', async () => {
    const slow = () => new Promise((resolve) => setTimeout(resolve, 12));
    const test = latencyTest({ inputs, budget: { p50Ms: 5 }, warmUp: 0, calls: 40, concurrency: 8 });
    expect(await verdicts(slow, test)).toEqual({ p50: 'failed' });
    expect(await verdicts((x: number) => x, latencyTest({ inputs, budget: { p50Ms: 5, p99Ms: 50 } }))).toEqual({
      p50: 'ok',
      p99: 'ok',
    });
  });

  it('keeps as many calls under way as it was told, uses inputs in turn and leaves the warm-up out', async () => {
    const seen: number[] = [];
    let [active, most] = [0, 0];
    const predict = async (input: number) => {
      seen.push(input);
      most = Math.max(most, (active += 1));
      await new Promise(setImmediate);
      active -= 1;
    };
    const test = latencyTest({ inputs, budget: { p50Ms: 1_000 }, warmUp: 3, calls: 9, concurrency: 4 });
    await run(predict, test);
    expect(most).toBe(4);
    expect(seen.length).toBe(12);
    expect(seen.slice(0, 3)).toEqual(inputs);
  });

  it('ends in time', async () => {
    const slow = () => new Promise((resolve) => setTimeout(resolve, 20));
    const test = latencyTest({ inputs, budget: { p99Ms: 100 }, warmUp: 0, calls: 10_000, forMs: 100 });
    expect(await verdicts(slow, test)).toEqual({ p99: 'uncertain' });
  });
});

describe('a memory test', () => {
  it('without collection doubts what it sees', async () => {
    const kept: Uint8Array[] = [];
    const leaking = (size: number) => kept.push(new Uint8Array(size));
    const test = memoryTest({ inputs: [4_096], rounds: 12, callsPerRound: 20, warmUpRounds: 2 });
    const suite = defineModelHealthTest({ model: { name: 'm' }, load: () => leaking, tests: { test } });
    const machine = { ...thisMachine, collectGarbage: undefined };
    const { results } = await runModelHealthTest(suite, { machine });
    expect(results[0]?.findings[0]).toMatchObject({
      verdict: 'uncertain',
      says: expect.stringContaining('--expose-gc'),
    });
  });
});

describe('a run', () => {
  it('that cannot load the model has failed, and says why', async () => {
    const test = latencyTest({ inputs: [1], budget: { p50Ms: 1 } });
    const load = () => Promise.reject(new Error('flights.onnx is not there'));
    const suite = defineModelHealthTest({ model: { name: 'm' }, load, tests: { test } });
    expect(await runModelHealthTest(suite, { machine: thisMachine })).toMatchObject({
      verdict: 'failed',
      results: [{ name: 'load', findings: [{ verdict: 'failed', says: 'flights.onnx is not there' }] }],
    });
  });

  it('goes on after a test that throws', async () => {
    const predict = () => Promise.reject(new Error('out of order'));
    const latency = latencyTest({ inputs: [1], budget: { p50Ms: 1 } });
    const suite = defineModelHealthTest({
      model: { name: 'm' },
      load: () => predict,
      tests: { one: latency, two: latency },
    });
    const { results } = await runModelHealthTest(suite, { machine: thisMachine });
    expect(results.map(({ name, findings }) => [name, findings[0]?.says])).toEqual([
      ['one', 'out of order'],
      ['two', 'out of order'],
    ]);
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    const predict = () => stop.abort(new Error('enough'));
    const tests = { latency: latencyTest({ inputs: [1], budget: { p50Ms: 1 } }) };
    const suite = defineModelHealthTest({ model: { name: 'm' }, load: () => predict, tests });
    const running = runModelHealthTest(suite, { machine: thisMachine, signal: stop.signal });
    await expect(running).rejects.toThrow('enough');
  });
});

describe('a baseline', () => {
  it('is read as it was written', () => {
    const name = fc.string().filter((text) => text !== '__proto__');
    const models = fc.dictionary(name, fc.record({ version: fc.string(), tests: fc.dictionary(name, fc.jsonValue()) }));
    fc.assert(
      fc.property(models, (baseline) => {
        const text = baselineText(baseline);
        expect(baselineText(parseBaseline(text))).toBe(text);
      }),
    );
  });

  it('is refused with a reason where it is none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => parseBaseline(text)).toThrow(/remove it, and write it anew$/);
      }),
    );
  });

  it('keeps what it had of a model that failed', async () => {
    const before = { m: { version: '1', tests: { test: { rows: 'x' } } } };
    const failed = await run((x: number) => x, latencyTest({ inputs: [1], budget: { p50Ms: 1e-9 } }));
    expect(failed.verdict).toBe('failed');
    expect(updatedBaseline(before, [failed])).toEqual(before);
  });
});

describe('settings that make no sense', () => {
  it.each<[() => unknown, string]>([
    [
      () => latencyTest({ inputs: [], budget: { p50Ms: 1 } }),
      'latencyTest: inputs is empty; give inputs as production has them',
    ],
    [() => latencyTest({ inputs: [1], budget: {} }), 'latencyTest: budget is empty; give p50Ms, p95Ms or p99Ms'],
    [() => latencyTest({ inputs: [1], budget: { p99Ms: -1 } }), 'latencyTest: p99Ms is -1; give milliseconds above 0'],
    [() => memoryTest({ inputs: [1], rounds: 2.5 }), 'memoryTest: rounds is 2.5; give a whole number from 10 on'],
    [
      () => predictionTest({}),
      'predictionTest: there is nothing to ask; give golden inputs with their answers, or inputs',
    ],
    [() => startupTest({ maxBytes: 5 }), 'startupTest: files and maxBytes belong together; give both or none'],
    [
      () => performanceTest({ rows: [], read: () => ({}), metrics: {} }),
      'performanceTest: metrics is empty; name one, accuracy: { limit: 0.8 } for instance',
    ],
    [
      () => performanceTest({ rows: [], read: () => ({}), metrics: Object.fromEntries([['acuracy', {}]]) }),
      'performanceTest: metrics "acuracy" is unknown; known: accuracy, precision,',
    ],
    [
      () => defineModelHealthTest({ model: { name: ' ' }, load: () => () => 1, tests: {} }),
      'model health test: model.name is empty; give the name that the model reports',
    ],
  ])('are named at once: %s', (make, message) => {
    expect(make).toThrow(message);
  });
});
