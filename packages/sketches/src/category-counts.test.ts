import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CategoryCounts, type CategoryCountsOptions } from './category-counts.ts';

const categories = fc.array(
  fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', '_unseen', '_other', '', '__proto__'),
);
const options = fc.record<CategoryCountsOptions>({
  known: fc.subarray(['b', 'c', '_other']),
  limit: fc.integer({ min: 0, max: 6 }),
  unknown: fc.constantFrom('fold', 'record'),
});

const recorded = (values: readonly string[], settings?: CategoryCountsOptions): CategoryCounts => {
  const sketch = new CategoryCounts(settings);
  for (const value of values) sketch.record(value);
  return sketch;
};
const sorted = (sketch: CategoryCounts) => [...sketch.counts].toSorted(([a], [b]) => (a < b ? -1 : 1));

describe('category counts', () => {
  it('folds what the reference does not know', () => {
    const sketch = new CategoryCounts({ known: ['a', 'b'] });
    expect(['a', 'b', 'a', 'c'].map((category) => sketch.record(category))).toEqual([
      'valid',
      'valid',
      'valid',
      'unseen',
    ]);
    expect([...sketch.counts]).toEqual([
      ['a', 2],
      ['b', 1],
      ['_unseen', 1],
    ]);
  });

  it('counts the unknown as _other where the reference folded its own tail', () => {
    const sketch = new CategoryCounts({ known: ['a', '_other'] });
    expect(sketch.record('rare')).toBe('valid');
    expect([...sketch.counts]).toEqual([
      ['a', 0],
      ['_other', 1],
    ]);
  });

  it('records by name up to its limit, whatever comes first', () => {
    const settings = { limit: 2 };
    const first = recorded(['d', 'c', 'b', 'a', 'd'], settings);
    expect(sorted(first)).toEqual([
      ['_other', 3],
      ['a', 1],
      ['b', 1],
    ]);
    expect(sorted(recorded(['a', 'd', 'b', 'd', 'c'], settings))).toEqual(sorted(first));
  });

  it('merges to what recording both would have counted, in any order', () => {
    fc.assert(
      fc.property(categories, categories, options, (xs, ys, settings) => {
        const merged = recorded(xs, settings);
        merged.merge(recorded(ys, settings));
        expect(sorted(merged)).toEqual(sorted(recorded([...ys, ...xs].toReversed(), settings)));
        expect(merged.count).toBe(xs.length + ys.length);
      }),
    );
  });

  it('stays within its bound', () => {
    const sketch = recorded(Array.from({ length: 5000 }, (_, i) => `user-${(i * 7919) % 5000}`));
    expect(sketch.counts.size).toBe(101);
    expect(sketch.counts.get('_other')).toBe(4900);
  });

  it('counts past 2^32 and is as new after clear()', () => {
    const sketch = new CategoryCounts({ known: ['a'] });
    sketch.add('a', 2 ** 40);
    sketch.merge(sketch);
    expect(sketch.counts.get('a')).toBe(2 ** 41);
    sketch.clear();
    expect([...sketch.counts]).toEqual([['a', 0]]);
  });
});
