import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracy } from '../evaluate/performance/accuracy.ts';
import { noErrors } from '../evaluate/performance/performance-metric.ts';
import type { Series } from '../receive/unit.ts';
import { mergeStates } from './merge-states.ts';
import { contentOf, mergePanes, outcomesOf } from './pane-content.ts';
import type { HeldSeries, SeriesState } from './series-state.ts';
import { encodeHeld } from './state-codec.ts';
import { anyState, stateOfKind } from '../../../../test/support/pane-states.ts';

describe('merging', () => {
  it.each(['histogram', 'exponential', 'sum', 'gauge', 'outcomes', 'cumulative', 'samples'] as const)(
    'of %s does not depend on the order or the grouping, to the byte',
    (kind) => {
      fc.assert(
        fc.property(
          fc.array(stateOfKind(kind), { minLength: 1, maxLength: 6 }),
          fc.nat(),
          fc.nat(),
          (states, cut, turn) => {
            const inOrder = encoded(states.reduce(mergeStates));
            const turned = [...states.slice(turn % states.length), ...states.slice(0, turn % states.length)];
            const [head, tail] = [turned.slice(0, 1 + (cut % turned.length)), turned.slice(1 + (cut % turned.length))];
            const parts = [head, tail].filter((part) => part.length > 0).map((part) => part.reduce(mergeStates));
            expect(encoded(parts.reduce(mergeStates))).toEqual(inOrder);
          },
        ),
      );
    },
  );

  it('never changes what it merges', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const before = encoded(state);
        mergeStates(state, state);
        expect(encoded(state)).toEqual(before);
      }),
    );
  });

  it('of exponential histograms keeps every count when the finer one is brought to the coarser scale', () => {
    const fine = exponential(20, { offset: 5, counts: new Float64Array([1, 2]) });
    const coarse = exponential(0, { offset: -3, counts: new Float64Array([4, 0, 0, 0, 7]) });
    const merged = mergeStates(fine, coarse);
    if (merged.kind !== 'exponential') throw new Error(merged.kind);
    expect(merged.scale).toBe(0);
    expect(merged.positive).toEqual({ offset: -3, counts: new Float64Array([4, 0, 0, 3, 7]) });
  });

  it('of co-moments is that of all rows together', () => {
    const merged = mergeStates(
      coMomentsOf([
        [1, 4],
        [3, 0],
      ]),
      coMomentsOf([
        [2, 2],
        [6, -2],
        [0, 1],
      ]),
    );
    const whole = coMomentsOf([
      [1, 4],
      [3, 0],
      [2, 2],
      [6, -2],
      [0, 1],
    ]);
    if (merged.kind !== 'comoments') throw new Error(merged.kind);
    expect(merged.count).toBe(5);
    whole.means.forEach((mean, i) => expect(merged.means[i]).toBeCloseTo(mean, 12));
    whole.sums.forEach((sum, i) => expect(merged.sums[i]).toBeCloseTo(sum, 12));
  });

  it('refuses what is not of one stream', () => {
    const edges = new Float64Array([1]);
    const histogram: SeriesState = { kind: 'histogram', edges, counts: new Float64Array(2), sum: 0 };
    expect(() => mergeStates({ kind: 'sum', value: 1 }, histogram)).toThrow('a histogram does not merge into a sum');
    expect(() => mergeStates({ ...histogram, counts: new Float64Array(3) }, histogram)).toThrow('2 buckets');
  });
});

describe('a pane', () => {
  const held = (key: string, state: SeriesState): HeldSeries => ({ series: { ...series, key }, state });
  const partial = (...list: HeldSeries[]) => ({
    rev: '',
    states: new Map(list.map((one) => [one.series.key, encodeHeld(one)])),
  });

  it('is what all its partials hold, in the order of its series', () => {
    const one = partial(held('b', { kind: 'sum', value: 1 }), held('a', { kind: 'sum', value: 2 }));
    const other = partial(held('b', { kind: 'sum', value: 40 }));
    const content = contentOf([one, other]);
    expect([...content].map(([key, { state }]) => [key, state])).toEqual([
      ['a', { kind: 'sum', value: 2 }],
      ['b', { kind: 'sum', value: 41 }],
    ]);
    expect(contentOf([])).toEqual(new Map());
  });

  it('of outcomes has a bound, and says as well as ever how many predictions were right', () => {
    const outcomesIn = (from: number, to: number): SeriesState => ({
      kind: 'outcomes',
      confusion: new Map(
        Array.from({ length: to - from }, (_, i) => [
          `text ${from + i}`,
          new Map([[`text ${(from + i) % 40_000}`, 1]]),
        ]),
      ),
      errors: noErrors,
    });
    const parts = [outcomesIn(0, 30_000), outcomesIn(30_000, 50_000)];
    const merged = parts.reduce(mergeStates, { kind: 'outcomes', confusion: new Map(), errors: noErrors });
    if (merged.kind !== 'outcomes') throw new Error(merged.kind);
    expect(merged.confusion.size).toBeLessThanOrEqual(10_001);
    expect(accuracy.compute(merged)).toMatchObject({ value: 0.8, rows: 50_000 });
  });

  it('adds up outcomes over its series, and over panes', () => {
    const outcome = (truth: string): SeriesState => ({
      kind: 'outcomes',
      confusion: new Map([['yes', new Map([[truth, 2]])]]),
      errors: { count: 1, sum: -1, absolute: 1, squared: 1 },
    });
    const panes = ['yes', 'no'].map((truth) =>
      contentOf([partial(held('a', outcome(truth)), held('b', outcome('no')), held('c', { kind: 'sum', value: 9 }))]),
    );
    expect(outcomesOf(mergePanes(panes))).toMatchObject({
      confusion: new Map([
        [
          'yes',
          new Map([
            ['yes', 2],
            ['no', 6],
          ]),
        ],
      ]),
      errors: { count: 4, sum: -4, absolute: 4, squared: 4 },
    });
    expect(outcomesOf(new Map())).toEqual({
      confusion: new Map(),
      errors: { count: 0, sum: 0, absolute: 0, squared: 0 },
    });
  });
});

const series: Series = { key: 'k', metric: 'ml.feature.value', unit: '1', temporality: 'delta', attributes: {} };

function encoded(state: SeriesState): Uint8Array {
  return encodeHeld({ series, state });
}

function exponential(scale: number, positive: { offset: number; counts: Float64Array }): SeriesState {
  const negative = { offset: 0, counts: new Float64Array() };
  return { kind: 'exponential', scale, zeroCount: 0, sum: 0, positive, negative };
}

/** Two passes, by definition. */
function coMomentsOf(rows: readonly (readonly [number, number])[]) {
  const mean = (i: 0 | 1): number => rows.reduce((sum, row) => sum + row[i], 0) / rows.length;
  const means = new Float64Array([mean(0), mean(1)]);
  const about = (i: 0 | 1, j: 0 | 1): number =>
    rows.reduce((sum, row) => sum + (row[i] - means[i]!) * (row[j] - means[j]!), 0);
  const sums = new Float64Array([about(0, 0), about(1, 0), about(1, 1)]);
  return { kind: 'comoments', names: ['x', 'y'], count: rows.length, means, sums } as const;
}
