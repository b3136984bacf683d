import { lossSince, takeRows } from './earlier-version.ts';
import { answersOfThen, keep } from './kept-answers.ts';
import { type LabelledAnswers, pairsOf, partRead, type ReadAnswer, type Truth } from './labelled-answers.ts';
import { type MetricName, metrics } from './metrics/index.ts';
import type { Metric, Pairs } from './metrics/metric.ts';
import { defineModelTest, type ModelTest, type TestFinding } from './model-health-test.ts';
import { proportionInterval } from './statistics/binomial.ts';
import { inShort, type Interval, intervalText, isAtLeast, isAtMost, measured } from './statistics/interval.ts';
import { bootstrapInterval } from './statistics/resampling.ts';

export interface PerformanceTestSettings<Input, Output> {
  /** Rows whose truth is known, none of which the model was trained on; or how to read them. */
  readonly rows: readonly LabelledRow<Input>[] | (() => Promise<readonly LabelledRow<Input>[]>);
  /** What an answer says: its class, the probability of the positive class, a value. */
  readonly read: (answer: Output) => ReadAnswer;
  /** The class that is looked for; classification only. */
  readonly positive?: string;
  readonly metrics: Readonly<Partial<Record<MetricName, MetricLimits>>>;
}

export interface LabelledRow<Input> {
  readonly input: Input;
  readonly truth: Truth;
}

export interface MetricLimits {
  /** A floor where higher is better, a ceiling of errors. Without it only the earlier version is compared with. */
  readonly limit?: number;
  /** How much worse than the earlier version is nothing to speak of. Default 0.01, of errors 5 % of what they were. */
  readonly allowedLoss?: number;
}

/** One-sided, a version that is no worse fails once in 200. */
const CONFIDENCE = 0.99;
/** Below, resampled rows tell too little of rows that are not there. */
const ROWS_NEEDED = 30;

export const performanceTest = defineModelTest(
  {
    type: 'performance',
    answers: 'Is it good enough, and no worse than the version before?',
    examples: [
      { says: 'above the floor', verdict: 'ok', judge: () => [judgeLimit(...rightIn(900, 1_000), 0.85)] },
      { says: 'below the floor', verdict: 'failed', judge: () => [judgeLimit(...rightIn(800, 1_000), 0.85)] },
      { says: 'three of four rows', verdict: 'uncertain', judge: () => [judgeLimit(...rightIn(3, 4), 0.85)] },
      {
        says: 'as before',
        verdict: 'ok',
        judge: () => [judgeLoss('accuracy', rightIn(850, 1_000)[1], rightIn(850, 1_000)[1])],
      },
      {
        says: 'worse than before',
        verdict: 'failed',
        judge: () => [judgeLoss('accuracy', rightIn(850, 1_000)[1], rightIn(800, 1_000)[1])],
      },
      {
        says: 'one row in forty was lost',
        verdict: 'uncertain',
        judge: () => [judgeLoss('accuracy', rightIn(36, 40)[1], rightIn(35, 40)[1])],
      },
    ],
  },
  <Input, Output>(given: PerformanceTestSettings<Input, Output>): ModelTest<Input, Output> => {
    const { read, positive } = given;
    const wanted = Object.entries(given.metrics).map(([name, limits]) => ({ name: metricName(name), limits }));
    if (wanted.length === 0)
      throw new Error('performanceTest: metrics is empty; name one, accuracy: { limit: 0.8 } for instance');
    return {
      type: 'performance',
      async run(predict, { signal, earlier }) {
        const rows = typeof given.rows === 'function' ? await given.rows() : given.rows;
        if (rows.length === 0) throw new Error('performanceTest: there are no rows; give some whose truth is known');
        const answers: ReadAnswer[] = [];
        for (const { input } of rows) {
          signal.throwIfAborted();
          answers.push(read(await predict(input)));
        }
        const labelled: LabelledAnswers = { truths: rows.map(({ truth }) => truth), answers, positive };
        const then = earlier === undefined ? undefined : answersOfThen(earlier.kept, rows);
        const findings = wanted.flatMap(({ name, limits: { limit, allowedLoss } }): readonly TestFinding[] => {
          const { reads } = metrics[name];
          const pairs = pairsOf(labelled, reads);
          const limitFinding = limit === undefined ? [] : [judgeLimit(name, pairs, limit)];
          if (then === undefined || earlier === undefined) return limitFinding;
          const compared = `${name} since ${earlier.version}`;
          const unusable = 'unusable' in then ? then.unusable : whatLacks(then.answers, partRead[reads]);
          if ('unusable' in then || unusable !== undefined)
            return [...limitFinding, { name: compared, verdict: 'uncertain', says: `${unusable}; write it anew` }];
          const before = pairsOf({ ...labelled, answers: then.answers }, reads);
          return [...limitFinding, { ...judgeLoss(name, before, pairs, allowedLoss), name: compared }];
        });
        return { findings, kept: keep(rows, answers) };
      },
    };
  },
);

/** Columns of a baseline are whole or absent. */
function whatLacks(answers: readonly ReadAnswer[], part: keyof ReadAnswer): string | undefined {
  return answers[0]?.[part] === undefined ? `the baseline has no ${part}` : undefined;
}

function metricName(name: string): MetricName {
  const known = Object.keys(metrics);
  if (isMetric(name)) return name;
  throw new Error(`performanceTest: metrics ${JSON.stringify(name)} is unknown; known: ${known.join(', ')}`);
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(metrics, name);
}

function judgeLimit(name: MetricName, pairs: Pairs, limit: number): TestFinding {
  const metric: Metric = metrics[name];
  const value = metric.compute(pairs);
  if (value === undefined) return noValue(name, pairs);
  const interval = intervalOf(metric, pairs, value);
  return {
    name,
    verdict: metric.better === 'higher' ? isAtLeast(interval, limit) : isAtMost(interval, limit),
    says: `${intervalText(interval, inShort)} on ${pairs.truth.length} rows, ${metric.better === 'higher' ? 'at least' : 'at most'} ${limit}`,
    measured: measured(interval, '1', limit),
  };
}

function intervalOf(metric: Metric, pairs: Pairs, value: number): Interval {
  const share = metric.share?.(pairs);
  if (share !== undefined) return proportionInterval(share.successes, share.trials, CONFIDENCE);
  if (pairs.truth.length < ROWS_NEEDED)
    return { value, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  return {
    value,
    ...bootstrapInterval(pairs.truth.length, (rows) => metric.compute(takeRows(pairs, rows)), CONFIDENCE),
  };
}

/** A failure takes both: an interval beyond what is allowed, and a test that holds at every number of rows. */
function judgeLoss(name: MetricName, before: Pairs, now: Pairs, allowedLoss?: number): TestFinding {
  const metric: Metric = metrics[name];
  const [was, is] = [metric.compute(before), metric.compute(now)];
  const loss = lossSince(metric, before, now, CONFIDENCE);
  if (was === undefined || is === undefined || loss === undefined) return noValue(name, now);
  const { interval, pValue } = loss;
  const allowed = allowedLoss ?? (metric.better === 'higher' ? 0.01 : 0.05 * was);
  const byInterval = now.truth.length < ROWS_NEEDED ? 'uncertain' : isAtMost(interval, allowed);
  const verdict = byInterval === 'failed' && pValue > (1 - CONFIDENCE) / 2 ? 'uncertain' : byInterval;
  return {
    name,
    verdict,
    says: `${inShort(is)}, was ${inShort(was)}: worse by ${intervalText(interval, inShort)}, ${inShort(allowed)} is allowed, p ${inShort(pValue)}${verdict === 'uncertain' ? `; cannot tell on ${now.truth.length} rows` : ''}`,
    measured: measured(interval, '1', allowed),
  };
}

function noValue(name: string, { truth }: Pairs): TestFinding {
  return { name, verdict: 'uncertain', says: `has no value on these ${truth.length} rows: a class is missing` };
}

/** For the examples: so many rows right, in the order of rows. */
function rightIn(right: number, rows: number): ['accuracy', Pairs] {
  const answer = Float64Array.from({ length: rows }, (_, row) => (row < right ? 1 : 0));
  return ['accuracy', { truth: new Float64Array(rows).fill(1), answer }];
}
