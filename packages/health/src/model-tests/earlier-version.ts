import type { Metric, Pairs } from './metrics/metric.ts';
import { mcnemar } from './statistics/binomial.ts';
import type { Interval } from './statistics/interval.ts';
import { bootstrapInterval, randomisationTest } from './statistics/resampling.ts';

export interface Loss {
  /** How much worse than before: above 0 is worse, whatever the metric. */
  readonly interval: Interval;
  /** How likely chance alone is where both versions are equally good. */
  readonly pValue: number;
}

/** Both versions answered the same rows, so each row is compared with itself. Undefined where the metric has no value. */
export function lossSince(metric: Metric, before: Pairs, now: Pairs, confidence: number): Loss | undefined {
  const rowCount = now.truth.length;
  const lossOf = (earlier: Pairs, later: Pairs) => {
    const [was, is] = [metric.compute(earlier), metric.compute(later)];
    if (was === undefined || is === undefined) return undefined;
    return metric.better === 'higher' ? was - is : is - was;
  };
  const value = lossOf(before, now);
  if (value === undefined) return undefined;
  if (before.answer.every((answer, row) => answer === now.answer[row]))
    return { interval: { value: 0, lower: 0, upper: 0 }, pValue: 1 };
  const range = bootstrapInterval(rowCount, (rows) => lossOf(takeRows(before, rows), takeRows(now, rows)), confidence);
  const pValue =
    value <= 0
      ? 1
      : metric.isRight === undefined
        ? randomisationTest(rowCount, (swapped) => lossOf(...exchanged(before, now, swapped)))
        : mcnemar(countChanges(before, now, metric.isRight));
  return { interval: { value, ...range }, pValue };
}

/** The pairs of these rows, in this order. */
export function takeRows({ truth, answer }: Pairs, rows: Uint32Array): Pairs {
  const taken = { truth: new Float64Array(rows.length), answer: new Float64Array(rows.length) };
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? 0;
    taken.truth[index] = truth[row] ?? 0;
    taken.answer[index] = answer[row] ?? 0;
  }
  return taken;
}

function exchanged({ truth, answer }: Pairs, now: Pairs, swapped: Uint8Array): [Pairs, Pairs] {
  const [first, second] = [Float64Array.from(answer), Float64Array.from(now.answer)];
  for (let row = 0; row < swapped.length; row += 1)
    if (swapped[row] === 1) {
      first[row] = now.answer[row] ?? 0;
      second[row] = answer[row] ?? 0;
    }
  return [
    { truth, answer: first },
    { truth, answer: second },
  ];
}

function countChanges({ truth, answer }: Pairs, now: Pairs, isRight: NonNullable<Metric['isRight']>) {
  let [lost, won] = [0, 0];
  for (let row = 0; row < truth.length; row += 1) {
    const was = isRight(truth[row] ?? 0, answer[row] ?? 0);
    const is = isRight(truth[row] ?? 0, now.answer[row] ?? 0);
    if (was && !is) lost += 1;
    if (is && !was) won += 1;
  }
  return { lost, won };
}
