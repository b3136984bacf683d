import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompactFormatError } from './byte-reader.ts';
import { BucketEdges } from './bucket-edges.ts';
import { CategoryCounts } from './category-counts.ts';
import { CoMoments } from './co-moments.ts';
import { decodeValue, encodeValue } from './compact-value.ts';
import { EdgeHistogram } from './edge-histogram.ts';
import { ExponentialHistogram } from './exponential-histogram.ts';
import { decodeSketch, encodeSketch, type Sketch } from './sketch-codec.ts';

const values = fc.array(fc.double());
const sketches: fc.Arbitrary<Sketch> = fc.oneof(
  values.map((xs) => {
    const sketch = new EdgeHistogram(BucketEdges.of([-1, 0, 1e-3, 7]));
    sketch.recordAll(xs);
    return sketch;
  }),
  values.map((xs) => {
    const sketch = new ExponentialHistogram({ maxBuckets: 64 });
    sketch.recordAll(xs);
    return sketch;
  }),
  fc.array(fc.string()).map((categories) => {
    const sketch = new CategoryCounts({ known: ['a', 'é'], limit: 5, unknown: 'record' });
    for (const category of categories) sketch.record(category.toWellFormed());
    return sketch;
  }),
  fc
    .array(fc.tuple(fc.double({ noNaN: true, min: -9, max: 9 }), fc.double({ noNaN: true, min: -9, max: 9 })))
    .map((rows) => {
      const sketch = new CoMoments([
        { name: 'x', mean: 1, sd: 2 },
        { name: 'y', mean: 0, sd: 1 },
      ]);
      for (const row of rows) sketch.record(row);
      return sketch;
    }),
);

describe('sketches in compact bytes', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(sketches, (sketch) => {
        const bytes = encodeSketch(sketch);
        expect(encodeSketch(decodeSketch(bytes))).toEqual(bytes);
      }),
    );
    const histogram = EdgeHistogram.from({ edges: [0.5], counts: [2 ** 40, 3], sum: -1.5, notFinite: 4 });
    expect(decodeSketch(encodeSketch(histogram))).toEqual(histogram);
  });

  it('are refused when cut off, and never fail otherwise when changed', () => {
    fc.assert(
      fc.property(sketches, fc.nat(), fc.integer({ min: 0, max: 255 }), (sketch, at, byte) => {
        const bytes = encodeSketch(sketch);
        expect(() => decodeSketch(bytes.subarray(0, at % bytes.length))).toThrow(CompactFormatError);
        bytes[at % bytes.length] = byte;
        try {
          decodeSketch(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CompactFormatError);
        }
      }),
      { numRuns: 500 },
    );
    expect(() => decodeSketch(Uint8Array.of(2, 1))).toThrow('version 2, where this Driftline reads 1');
  });

  it('never fail otherwise on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(1, 2, 3, 4), (bytes, kind) => {
        for (const decode of [
          () => decodeSketch(Uint8Array.of(1, kind, ...bytes)),
          () => decodeValue(Uint8Array.of(1, ...bytes)),
        ]) {
          try {
            decode();
          } catch (error) {
            expect(error).toBeInstanceOf(CompactFormatError);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('compact values', () => {
  it('come back as they were, whatever JSON they are', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(decodeValue(encodeValue(value))).toEqual(value);
      }),
    );
    for (const value of [-0, 2 ** 52, -(2 ** 53), 2 ** 60, [1, 2.5], [-1, 2 ** 51], { __proto__: null, a: [] }]) {
      expect(decodeValue(encodeValue(value))).toEqual(value);
    }
  });

  it('refuse what JSON cannot say, and nesting that would overflow the stack', () => {
    expect(() => encodeValue({ at: () => 1 })).toThrow('compact value: function is no JSON value');
    expect(() => decodeValue(Uint8Array.from({ length: 300 }, (_, i) => (i === 0 ? 1 : i % 2 ? 6 : 1)))).toThrow(
      'more than 64 levels',
    );
  });
});
