import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmbeddingProjections } from './embedding-projections.ts';
import { gaussianDirections } from './gaussian-directions.ts';

const space = { dimensions: 5, seed: 'text', projections: 3 };
const embeddings = fc.array(fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 5, maxLength: 5 }));

const recorded = (vectors: readonly (readonly number[])[]): EmbeddingProjections => {
  const projections = new EmbeddingProjections(space);
  for (const vector of vectors) projections.record(vector);
  return projections;
};
const countsOf = ({ sketches }: EmbeddingProjections) =>
  sketches.map((sketch) => [sketch.count, sketch.quantile(0.25), sketch.quantile(0.75)]);

describe('directions', () => {
  it('are standard normal and independent', () => {
    const [rows, length] = [8, 2000];
    const directions = gaussianDirections('seed', rows, length);
    for (let p = 0; p < rows; p++) {
      const direction = directions.subarray(p * length, (p + 1) * length);
      const next = directions.subarray(((p + 1) % rows) * length);
      const mean = direction.reduce((sum, x) => sum + x, 0) / length;
      const square = direction.reduce((sum, x) => sum + x * x, 0) / length;
      const product = direction.reduce((sum, x, i) => sum + x * (next[i] ?? NaN), 0) / length;
      const beyondTwo = direction.filter((x) => Math.abs(x) > 1.96).length / length;
      expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(length));
      expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / length));
      expect(Math.abs(product)).toBeLessThan(4 / Math.sqrt(length));
      expect(Math.abs(beyondTwo - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / length));
    }
  });

  it('are the first of a longer list: fewer projections or dimensions change nothing', () => {
    const long = gaussianDirections('seed', 3, 6);
    expect(gaussianDirections('seed', 1, 6)).toEqual(long.subarray(0, 6));
    expect(gaussianDirections('seed', 1, 5)).toEqual(long.subarray(0, 5));
    expect(gaussianDirections('other', 3, 6)).not.toEqual(long);
  });
});

describe('embedding projections', () => {
  it('counts the norm last', () => {
    const projections = recorded([[3, 0, 0, 4, 0]]);
    expect(projections.project([3, 0, 0, 4, 0])[3]).toBe(5);
    expect(projections.sketches.at(-1)).toMatchObject({ count: 1, sum: 5 });
  });

  it('counts in every sketch or in none', () => {
    const projections = new EmbeddingProjections(space);
    expect(projections.record([1, 2, 3, 4, 5])).toBe('valid');
    expect(projections.record([1, 2, NaN, 4, 5])).toBe('not_a_number');
    expect(projections.record([1, 2, 3])).toBe('wrong_type');
    expect(projections.sketches.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
    expect(projections.notFinite).toBe(1);
  });

  it('merges to what recording both would have counted', () => {
    fc.assert(
      fc.property(embeddings, embeddings, (xs, ys) => {
        const merged = recorded(xs);
        merged.merge(recorded(ys));
        expect(countsOf(merged)).toEqual(countsOf(recorded([...ys, ...xs])));
      }),
    );
  });

  it('refuses other directions', () => {
    const other = new EmbeddingProjections({ ...space, seed: 'image' });
    expect(() => recorded([]).merge(other)).toThrow(/other directions or edges do not merge/);
  });
});
