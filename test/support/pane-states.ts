import fc from 'fast-check';
import type { Countable, HeldSeries, SeriesState } from '../../packages/collector-processor/src/panes/series-state.ts';

/** States of one stream of each kind: whole numbers, so that sums do not depend on their order. */
const states = {
  sum: fc.nat().map((value): Countable => ({ kind: 'sum', value })),
  histogram: fc.tuple(fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), fc.integer()).map(
    ([counts, sum]): Countable => ({
      kind: 'histogram',
      edges: new Float64Array([-0.5, 3]),
      counts: new Float64Array(counts),
      sum,
    }),
  ),
  exponential: fc
    .record({
      scale: fc.integer({ min: -4, max: 12 }),
      zeroCount: fc.nat(),
      sum: fc.integer(),
      positive: run(),
      negative: run(),
    })
    // Without a row in a bucket a scale says nothing, and any will do.
    .filter(({ positive, negative }) => [...positive.counts, ...negative.counts].some((count) => count > 0))
    .map((parts): Countable => ({ kind: 'exponential', ...parts })),
  gauge: fc
    .tuple(fc.double({ noNaN: true }), fc.bigInt({ min: 0n, max: 5n }))
    .map(([value, atNs]): SeriesState => ({ kind: 'gauge', value: value + 0, atNs })),
  outcomes: fc
    .record({
      confusion: fc.array(fc.tuple(fc.string(), fc.string(), fc.integer({ min: 1, max: 99 }))),
      errors: fc.record({ count: fc.nat(), sum: fc.integer(), absolute: fc.nat(), squared: fc.nat() }),
    })
    .map(({ confusion, errors }): SeriesState => {
      const rows = Map.groupBy(confusion, ([predicted]) => predicted);
      const nested = Array.from(
        rows,
        ([predicted, cells]) => [predicted, new Map(cells.map(([, t, n]) => [t, n]))] as const,
      );
      return { kind: 'outcomes', confusion: new Map(nested), errors };
    }),
  // A stream has one value at one time.
  cumulative: fc.tuple(fc.bigInt({ min: 0n, max: 3n }), fc.bigInt({ min: 4n, max: 9n })).map(
    ([startNs, endNs]): SeriesState => ({
      kind: 'cumulative',
      writer: 'w',
      startNs,
      endNs,
      value: { kind: 'sum', value: Number(startNs * 10n + endNs) },
    }),
  ),
  comoments: fc
    .integer({ min: 1, max: 4 })
    .chain((width) =>
      fc.tuple(fc.array(fc.string(), numbers(width)), doubles(width), doubles((width * (width + 1)) / 2)),
    )
    .map(([names, means, sums]): SeriesState => ({ kind: 'comoments', names, count: 3, means, sums })),
  samples: fc
    .array(fc.record({ traceId: fc.constantFrom(...'abcdef'), spanId: fc.constantFrom(...'012') }), { maxLength: 4 })
    .map((spans): SeriesState => ({ kind: 'samples', spans })),
} as const satisfies Record<SeriesState['kind'], fc.Arbitrary<SeriesState>>;

export function stateOfKind(kind: keyof typeof states): fc.Arbitrary<SeriesState> {
  return states[kind];
}

export const anyState: fc.Arbitrary<SeriesState> = fc.oneof(...Object.values(states));

export const anyHeldSeries: fc.Arbitrary<HeldSeries> = fc.record({
  series: fc.record({
    key: fc.string(),
    metric: fc.string(),
    unit: fc.string(),
    temporality: fc.constantFrom('delta', 'cumulative', 'none'),
    attributes: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), fc.integer())),
  }),
  state: anyState,
});

function run() {
  return fc.record({
    offset: fc.integer({ min: -200, max: 200 }),
    counts: fc.array(fc.nat(9), { maxLength: 8 }).map((counts) => new Float64Array(counts)),
  });
}

function numbers(length: number): { readonly minLength: number; readonly maxLength: number } {
  return { minLength: length, maxLength: length };
}

function doubles(length: number): fc.Arbitrary<Float64Array> {
  return fc.array(fc.double({ noNaN: true }), numbers(length)).map((values) => new Float64Array(values));
}
