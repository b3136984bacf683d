import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DistinctValues } from './distinct-values.ts';

const values = fc.array(
  fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double(), fc.string({ maxLength: 3 }), fc.constant(null)),
);

function recorded(...lists: readonly (readonly unknown[])[]): DistinctValues {
  const sketch = new DistinctValues();
  for (const value of lists.flat()) sketch.record(value);
  return sketch;
}

describe('different values', () => {
  it('merge as if they had been recorded together, in any order and however often', () => {
    fc.assert(
      fc.property(values, values, (some, others) => {
        const merged = recorded(some);
        merged.merge(recorded(others));
        expect(merged.counts).toEqual(recorded(others, some, some).counts);
      }),
    );
  });

  it('travel as buckets that add up', () => {
    fc.assert(
      fc.property(values, values, (some, others) => {
        const [one, other] = [recorded(some).counts, recorded(others).counts];
        const sum = one.map((count, i) => count + (other[i] ?? 0));
        expect(DistinctValues.fromBuckets(DistinctValues.edges, sum)?.counts).toEqual(recorded(some, others).counts);
      }),
    );
  });

  it('are none on other buckets', () => {
    expect(DistinctValues.fromBuckets([0, 1], [1, 2, 3])).toBeUndefined();
    expect(DistinctValues.fromBuckets(DistinctValues.edges.with(3, 0.5), new Uint8Array(513))).toBeUndefined();
  });

  it('have edges as OTLP wants them: finite and strictly increasing, one fewer than buckets', () => {
    const { edges } = DistinctValues;
    expect(edges.every((edge, i) => Number.isFinite(edge) && edge > (edges[i - 1] ?? 0))).toBe(true);
    expect(recorded().counts).toHaveLength(edges.length + 1);
  });

  it('are none without values: missing ones do not count', () => {
    expect(recorded([null, undefined]).estimate()).toBe(0);
  });

  it('take 0 and -0 for one value, and 1 and "1" for two', () => {
    expect(recorded([0, -0]).counts).toEqual(recorded([0]).counts);
    expect(recorded([1, '1']).estimate()).toBeCloseTo(2, 0);
  });

  /** The standard error that its comment promises, and no bias, over sets of consecutive numbers, texts and doubles. */
  it.each([10, 100, 1_000, 30_000, 300_000])('are estimated within the stated error: %d', (count) => {
    const sets = count > 10_000 ? 12 : 60;
    const kinds = [(i: number) => i, (i: number) => `category-${i}`, (i: number) => Math.sqrt(i) / 7];
    const errors = Array.from({ length: sets }, (_, set) => {
      const sketch = new DistinctValues();
      const value = kinds[set % 3] ?? String;
      for (let i = 0; i < count; i++) sketch.record(value(set * count + i));
      return sketch.estimate() / count - 1;
    });
    const mean = errors.reduce((sum, error) => sum + error, 0) / sets;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / sets);
    // Four standard errors of a mean and of a deviation over so many sets.
    expect(Math.abs(mean)).toBeLessThan((4 * 0.115) / Math.sqrt(sets));
    expect(deviation).toBeLessThan(0.115 * (1 + 4 / Math.sqrt(2 * sets)));
  });
});
