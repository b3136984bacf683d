import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExponentialHistogram } from './exponential-histogram.ts';
import { exponentialBucket, upperBoundary } from './exponential-mapping.ts';
import { nextDown, nextUp } from './next-double.ts';
import { finestTable, octaveBucket } from './octave-table.ts';

const anyDouble = fc.oneof(
  fc.double(),
  fc.double({ min: 0.5, max: 2, noNaN: true }),
  fc.double({ min: -1e-300, max: 1e-300, noNaN: true }),
  fc.integer({ min: -1074, max: 1023 }).map((exponent) => 2 ** exponent),
  fc.constant(0),
);
const values = fc.array(anyDouble, { maxLength: 60 });
const options = fc.record({
  maxBuckets: fc.integer({ min: 2, max: 320 }),
  maxScale: fc.integer({ min: -11, max: 20 }),
});

const recorded = (xs: readonly number[], settings = {}): ExponentialHistogram => {
  const histogram = new ExponentialHistogram(settings);
  histogram.recordAll(xs);
  return histogram;
};

/** Everything but the sum, which rounds in the order of its summands. */
const countsOf = ({ scale, zeroCount, positive, negative, min, max, notFinite }: ExponentialHistogram) => ({
  scale,
  zeroCount,
  positive: { offset: positive.offset, counts: [...positive.counts] },
  negative: { offset: negative.offset, counts: [...negative.counts] },
  min,
  max,
  notFinite,
});

describe('the mapping to buckets', () => {
  /** From the data model of the OpenTelemetry specification: (base^index, base^(index+1)]. */
  it.each([
    { scale: 0, x: 1, bucket: -1 },
    { scale: 0, x: 2, bucket: 0 },
    { scale: 0, x: 1.5, bucket: 0 },
    { scale: 0, x: 4, bucket: 1 },
    { scale: 0, x: 0.5, bucket: -2 },
    { scale: -1, x: 1, bucket: -1 },
    { scale: -1, x: 4, bucket: 0 },
    { scale: -1, x: 4.1, bucket: 1 },
    { scale: 3, x: 1, bucket: -1 },
    { scale: 3, x: 2, bucket: 7 },
    { scale: 3, x: 1.05, bucket: 0 },
    { scale: 1, x: 1.4, bucket: 0 },
    { scale: 1, x: 1.42, bucket: 1 },
    { scale: 0, x: Number.MIN_VALUE, bucket: -1075 },
    { scale: 0, x: 3 * Number.MIN_VALUE, bucket: -1073 },
    { scale: 0, x: Number.MAX_VALUE, bucket: 1023 },
    { scale: 20, x: Number.MAX_VALUE, bucket: 1024 * 2 ** 20 - 1 },
    { scale: -10, x: Number.MIN_VALUE, bucket: -2 },
    { scale: -10, x: Number.MAX_VALUE, bucket: 0 },
  ])('puts $x at scale $scale into bucket $bucket', ({ scale, x, bucket }) => {
    expect(exponentialBucket(x, scale)).toBe(bucket);
  });

  it('is exact at every power of two and beside it, at every scale', () => {
    for (let exponent = -1074; exponent <= 1023; exponent++) {
      const power = 2 ** exponent;
      for (let scale = -11; scale <= 20; scale++) {
        const upTo = scale > 0 ? exponent * 2 ** scale - 1 : (exponent - 1) >> -scale;
        const above = scale > 0 ? exponent * 2 ** scale : exponent >> -scale;
        expect(exponentialBucket(power, scale)).toBe(upTo);
        if (exponent >= -1022) expect(exponentialBucket(nextUp(power), scale)).toBe(above);
        if (exponent >= -1021) expect(exponentialBucket(nextDown(power), scale)).toBe(upTo);
      }
    }
  });

  it('has the same buckets by table as by logarithm, also at the doubles around each boundary', () => {
    for (let scale = 1; scale <= finestTable; scale++) {
      for (let bucket = 0; bucket < 2 ** scale; bucket++) {
        let x = upperBoundary(bucket, scale);
        for (let step = 0; step < 4; step++) x = nextDown(x);
        for (let step = 0; step < 8; step++, x = nextUp(x)) {
          if (x >= 2) continue;
          expect(exponentialBucket(x, scale)).toBe(octaveBucket(x, scale));
          expect(exponentialBucket(x * 2 ** 900, scale)).toBe(octaveBucket(x, scale) + 900 * 2 ** scale);
        }
      }
    }
  });

  it('keeps values between the boundaries of their bucket', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-300, noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: -11, max: 20 }),
        (x, scale) => {
          const bucket = exponentialBucket(x, scale);
          expect(x).toBeLessThanOrEqual(upperBoundary(bucket, scale) * (1 + 1e-12));
          expect(x).toBeGreaterThan(upperBoundary(bucket - 1, scale) * (1 - 1e-12));
        },
      ),
    );
  });

  it('has coarser buckets that are unions of finer ones', () => {
    fc.assert(
      fc.property(
        fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: -11, max: 20 }),
        (x, scale) => {
          expect(exponentialBucket(x, scale)).toBe(exponentialBucket(x, 20) >> (20 - scale));
        },
      ),
    );
  });
});

describe('exponential histogram', () => {
  it('counts both signs, zero and what is not finite apart', () => {
    const histogram = recorded([1, 2, 4, -8, 0, -0, NaN, Infinity, -Infinity], { maxScale: 0 });
    expect(countsOf(histogram)).toEqual({
      scale: 0,
      zeroCount: 2,
      positive: { offset: -1, counts: [1, 1, 1] },
      negative: { offset: 2, counts: [1] },
      min: -8,
      max: 4,
      notFinite: 3,
    });
    expect(histogram).toMatchObject({ sum: -1, count: 6 });
  });

  it('halves its resolution only as far as its buckets need', () => {
    expect(recorded([1000, 1001]).scale).toBe(17);
    expect(recorded([Number.MIN_VALUE, Number.MAX_VALUE]).scale).toBe(-3);
    expect(recorded([1, 2, 4, 8, 16], { maxBuckets: 4 }).scale).toBe(-1);
    expect(recorded([5, 5, 5]).scale).toBe(20);
  });

  it('never holds more buckets than its bound', () => {
    fc.assert(
      fc.property(values, options, (xs, settings) => {
        const histogram = recorded(xs, settings);
        expect(histogram.positive.counts.length).toBeLessThanOrEqual(settings.maxBuckets);
        expect(histogram.negative.counts.length).toBeLessThanOrEqual(settings.maxBuckets);
        expect(histogram.count + histogram.notFinite).toBe(xs.length);
      }),
    );
  });

  it('merges to what recording both would have counted, at any scale and in any order', () => {
    fc.assert(
      fc.property(values, values, options, (xs, ys, settings) => {
        const merged = recorded(xs, settings);
        merged.merge(recorded(ys, settings));
        const reversed = recorded(ys, settings);
        reversed.merge(recorded(xs, settings));
        const both = countsOf(recorded([...xs, ...ys].toReversed(), settings));
        expect(countsOf(merged)).toEqual(both);
        expect(countsOf(reversed)).toEqual(both);
      }),
    );
  });

  it('merges sketches of different scales at the coarser one', () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: -11, max: 20 }), (xs, ys, scale) => {
        const fine = recorded(xs);
        const coarse = recorded(ys, { maxScale: scale });
        fine.merge(coarse);
        if (coarse.count === coarse.zeroCount) return;
        expect(countsOf(fine)).toEqual(countsOf(recorded([...xs, ...ys], { maxScale: scale })));
      }),
    );
  });

  it('keeps its resolution when merged with an empty or a zero-only sketch', () => {
    const histogram = recorded([1000, 1001]);
    histogram.merge(recorded([0, 0], { maxScale: 0 }));
    expect(histogram).toMatchObject({ scale: 17, zeroCount: 2, count: 4 });
  });

  it('is after downscaling what it would be recorded at that scale', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 31 }), (xs, halvings) => {
        const histogram = recorded(xs);
        const scale = Math.max(histogram.scale - halvings, -11);
        histogram.downscaleTo(scale);
        expect(countsOf(histogram)).toEqual(countsOf(recorded(xs, { maxScale: scale })));
      }),
    );
    expect(() => recorded([1], { maxScale: 3 }).downscaleTo(4)).toThrow(RangeError);
  });

  it('comes back from its own state, and takes foreign states of any size', () => {
    fc.assert(
      fc.property(values, options, (xs, settings) => {
        const histogram = recorded(xs, settings);
        const copy = ExponentialHistogram.from(histogram);
        expect(countsOf(copy)).toEqual(countsOf(histogram));
        expect(copy.sum).toEqual(histogram.sum);
      }),
    );
    const wide = ExponentialHistogram.from({
      scale: 5,
      zeroCount: 0,
      positive: { offset: 0, counts: [0, 1, ...Array.from({ length: 700 }, () => 0), 2, 0] },
      negative: { offset: 9, counts: [] },
      sum: 1,
    });
    expect(wide).toMatchObject({ scale: 3, count: 3, min: -Infinity, max: Infinity });
  });

  it('counts past 2^32', () => {
    const histogram = ExponentialHistogram.from({
      scale: 0,
      zeroCount: 2 ** 33,
      positive: { offset: 0, counts: [2 ** 40] },
      negative: { offset: 0, counts: [2 ** 32] },
      sum: 0,
    });
    histogram.merge(histogram);
    expect([histogram.count, histogram.positive.counts[0]]).toEqual([2 ** 34 + 2 ** 41 + 2 ** 33, 2 ** 41]);
  });

  it.each([
    [{ maxBuckets: 1 }, 'maxBuckets is 1; a whole number from 2 to 65536 is needed'],
    [{ maxScale: 21 }, 'maxScale is 21; a whole number from -11 to 20 is needed'],
  ])('refuses %j', (settings, message) => {
    expect(() => new ExponentialHistogram(settings)).toThrow(new RangeError(message));
  });

  it('answers quantiles within its resolution', () => {
    const xs = Array.from({ length: 1001 }, (_, i) => i - 500);
    const histogram = recorded(xs);
    for (const q of [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]) {
      expect(histogram.quantile(q)).toBeCloseTo((q - 0.5) * 1000, -1.2);
    }
    expect(histogram.cumulativeShare(0)).toBeCloseTo(501 / 1001, 10);
    expect(new ExponentialHistogram().quantile(0.5)).toBeUndefined();
  });

  it('is as new after clear()', () => {
    const histogram = recorded([1, -1e300, 0, NaN]);
    histogram.clear();
    expect(countsOf(histogram)).toEqual(countsOf(new ExponentialHistogram()));
    histogram.recordAll([3, 4]);
    expect(countsOf(histogram)).toEqual(countsOf(recorded([3, 4])));
  });
});
