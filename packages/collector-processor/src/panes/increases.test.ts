import { describe, expect, it } from 'vitest';
import { basesAfter, increases, increaseOf } from './increases.ts';
import type { Countable, Cumulative, HeldSeries, PaneContent } from './series-state.ts';

const panes = [0, 1, 2].map((i) => ({ start: 300_000 * i, end: 300_000 * (i + 1) }));
const series = { key: 'k', metric: 'm', unit: '1', temporality: 'cumulative', attributes: {} } as const;

describe('what a cumulative stream counted', () => {
  it('is the difference to its last word, over panes and over restarts of the service', () => {
    const contents = [10, 14, 21].map((value) => content(['w', total(value)]));
    const withContent = panes.map((pane, i) => ({ ...pane, content: contents[i]! }));
    expect(values(increases(withContent, {}))).toEqual([10, 4, 7]);
    const bases = basesAfter({}, contents[0]!);
    expect(JSON.parse(JSON.stringify(bases))).toEqual(bases);
    expect(values(increases(withContent.slice(1), bases))).toEqual([4, 7]);
  });

  it('is added up over its writers, as one delta series', () => {
    const both = (one: number, other: number) => content(['w', total(one)], ['v', total(other)]);
    const [, second] = increases(
      [
        { ...panes[0]!, content: both(1, 10) },
        { ...panes[1]!, content: both(3, 15) },
      ],
      {},
    );
    expect([...second!]).toEqual([
      ['k', { series: { ...series, temporality: 'delta' }, state: { kind: 'sum', value: 7 } }],
    ]);
  });

  it('is all of it after a restart of the sender', () => {
    expect(increaseOf({ ...total(5), startNs: 9n, endNs: 101n }, total(100), panes[1]!)).toEqual({
      kind: 'sum',
      value: 5,
    });
    expect(increaseOf({ ...total(5), endNs: 101n }, total(100), panes[1]!)).toEqual({ kind: 'sum', value: 5 });
  });

  it('is nothing when nothing new was said, or at the first sight of what began long ago', () => {
    expect(increaseOf(total(5), total(5), panes[1]!)).toBeUndefined();
    expect(increaseOf(total(5_000), undefined, { start: 1e9, end: 1e9 + 300_000 })).toBeUndefined();
    expect(increaseOf(total(5), undefined, panes[1]!)).toEqual({ kind: 'sum', value: 5 });
  });

  it('is taken bucket by bucket, at the coarser scale of the two', () => {
    const edges = new Float64Array([1, 2]);
    const histogram = (...counts: number[]): Countable => ({
      kind: 'histogram',
      edges,
      counts: new Float64Array(counts),
      sum: 0,
    });
    expect(later(histogram(1, 5, 9), histogram(1, 2, 3))).toEqual(histogram(0, 3, 6));
    expect(later(histogram(1, 5, 9), histogram(1, 6, 3))).toEqual(histogram(1, 5, 9));

    const fine = exponential(1, 2, [1, 1, 1]);
    const coarse = exponential(0, 0, [1, 3, 4]);
    expect(later(coarse, fine)).toEqual(exponential(0, 0, [1, 1, 3]));
  });
});

function total(value: number): Cumulative {
  return { kind: 'cumulative', writer: 'w', startNs: 1n, endNs: BigInt(value), value: { kind: 'sum', value } };
}

function later(now: Countable, before: Countable): Countable | undefined {
  const stream = { kind: 'cumulative', writer: 'w', startNs: 1n } as const;
  return increaseOf({ ...stream, endNs: 3n, value: now }, { ...stream, endNs: 2n, value: before }, panes[0]!);
}

function exponential(scale: number, offset: number, counts: readonly number[]): Countable {
  const positive = { offset, counts: new Float64Array(counts) };
  return {
    kind: 'exponential',
    scale,
    zeroCount: 0,
    sum: 0,
    positive,
    negative: { offset: 0, counts: new Float64Array() },
  };
}

function content(...streams: readonly (readonly [writer: string, state: Cumulative])[]): PaneContent {
  return new Map(
    streams.map(([writer, state]): [string, HeldSeries] => [`k/${writer}`, { series, state: { ...state, writer } }]),
  );
}

function values(contents: readonly PaneContent[]): readonly number[] {
  return contents.map((pane) =>
    [...pane.values()].reduce((sum, { state }) => sum + (state.kind === 'sum' ? state.value : 0), 0),
  );
}
