import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takeRows } from '../earlier-version.ts';
import { metrics } from './index.ts';
import type { Metric } from './metric.ts';

const entries: readonly (readonly [string, Metric])[] = Object.entries(metrics);
const pairsOf = ({ truth, answer }: { readonly truth: readonly number[]; readonly answer: readonly number[] }) => ({
  truth: Float64Array.from(truth),
  answer: Float64Array.from(answer),
});

describe.each(entries)('%s', (_, metric) => {
  const truth = metric.reads === 'value' ? fc.integer({ min: -100, max: 100 }) : fc.constantFrom(0, 1);
  const answer = metric.reads === 'score' ? fc.double({ min: 0, max: 1, noNaN: true }) : truth;
  const rows = fc
    .array(fc.tuple(truth, answer), { minLength: 2, maxLength: 40 })
    .map((pairs) => pairsOf({ truth: pairs.map(([one]) => one), answer: pairs.map(([, other]) => other) }));

  it.each(metric.knownAnswers)('is $value as $source has it', ({ value, ...given }) => {
    expect(metric.compute(pairsOf(given))).toBeCloseTo(value, 12);
  });

  it('does not depend on the order of rows', () => {
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (pairs, chance) => {
        const order = Uint32Array.from(pairs.truth.keys()).toSorted(() => (chance.next().value ?? 0) - 0.5);
        const [before, after] = [metric.compute(pairs), metric.compute(takeRows(pairs, order))];
        if (before === undefined) expect(after).toBeUndefined();
        else expect(after).toBeCloseTo(before, 6);
      }),
    );
  });

  it('is best where every answer is the truth, and never not a number', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const [value, best] = [metric.compute(pairs), metric.compute({ truth: pairs.truth, answer: pairs.truth })];
        if (value === undefined) return;
        expect(value).not.toBeNaN();
        if (best !== undefined && metric.better === 'higher') expect(value).toBeLessThanOrEqual(best + 1e-9);
        if (best !== undefined && metric.better === 'lower') expect(value).toBeGreaterThanOrEqual(best - 1e-9);
      }),
    );
  });

  it('is the share that it says it is', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const share = metric.share?.(pairs);
        if (share === undefined || share.trials === 0) return;
        expect(metric.compute(pairs)).toBe(share.successes / share.trials);
      }),
    );
  });
});
