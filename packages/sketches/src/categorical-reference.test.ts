import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categoricalReference } from './categorical-reference.ts';

describe('the reference of many categories', () => {
  const alike = Array.from({ length: 12 }, (_, i) => [`name ${i % 10}${i}`, 90 + ((i * 7) % 20)] as const);

  it('keeps the largest', () => {
    const counts = new Map([...alike, ['large', 400] as const, ['tiny', 1] as const]);
    const { categories, missing } = categoricalReference(counts, 2000, { limit: 4 });
    expect(categories).toMatchObject({ large: 400 });
    expect(Object.keys(categories)).not.toContain('tiny');
    expect(missing).toBe(2000 - [...counts.values()].reduce((sum, rows) => sum + rows, 0));
  });

  it('keeps among those that are about as frequent the first in the alphabet, so that none is kept for its luck', () => {
    const kept = (counts: ReadonlyMap<string, number>) =>
      Object.keys(categoricalReference(counts, 2000, { limit: 5 }).categories).toSorted();
    const byLuck = new Map(alike.map(([name], i) => [name, alike[(i + 5) % alike.length]?.[1] ?? 0]));
    expect(kept(new Map(alike))).toEqual(kept(byLuck));
    expect(kept(byLuck).slice(1)).toEqual(
      alike
        .map(([name]) => name)
        .toSorted()
        .slice(0, 5),
    );
  });

  it('loses no row and keeps as many names as it may, whatever the counts', () => {
    const counts = fc.dictionary(fc.string({ maxLength: 3 }), fc.integer({ min: 1, max: 1000 }), { maxKeys: 30 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 10 }), (all, limit) => {
        const counted = new Map(Object.entries(all));
        const { categories } = categoricalReference(counted, 1e6, { limit });
        const names = Object.keys(categories).filter((name) => name !== '_other');
        expect(names.length).toBe(Math.min(limit, [...counted.keys()].filter((name) => name !== '_other').length));
        const sum = (rows: Iterable<number>) => [...rows].reduce((total, one) => total + one, 0);
        expect(sum(Object.values(categories))).toBe(sum(counted.values()));
      }),
    );
  });
});
