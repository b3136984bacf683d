import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeSubjects, type ReferenceSubject, rowsOfSubject } from './reference-subject.ts';

const parts = fc.array(
  fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', '_other', '__proto__'), fc.integer({ min: 1, max: 50 })),
  { minLength: 1, maxLength: 8 },
);

it('keeps so many categories however many parts there are, the largest, and every row', () => {
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 6 }), (each, most) => {
      const subjects = each.map((categories) => [subject(categories)]);
      const [merged] = mergeSubjects(subjects, most);
      const { categories } = merged!;
      expect(Object.keys(categories).filter((name) => name !== '_other').length).toBeLessThanOrEqual(most);
      expect(rowsOfSubject(merged!)).toBe(subjects.flat().reduce((sum, one) => sum + rowsOfSubject(one), 0));
    }),
  );
  const [merged] = mergeSubjects([[subject({ a: 500, b: 100, _other: 200 })], [subject({ c: 300, d: 200 })]], 2);
  expect(merged?.categories).toEqual({ a: 500, c: 300, _other: 500 });
});

it('keeps of those about as frequent none for its luck', () => {
  const [merged] = mergeSubjects([[subject({ a: 95, b: 101, c: 99 })], [subject({ d: 104 })]], 2);
  expect(merged?.categories).toEqual({ a: 95, b: 101, _other: 203 });
});

function subject(categories: Readonly<Record<string, number>>): ReferenceSubject {
  return { role: 'feature', name: 'colour', missing: 0, distributions: [], categories };
}
