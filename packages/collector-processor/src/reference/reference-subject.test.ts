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
  const [merged] = mergeSubjects([[subject({ a: 5, b: 1, _other: 2 })], [subject({ c: 3, d: 2 })]], 2);
  expect(merged?.categories).toEqual({ a: 5, c: 3, _other: 5 });
});

function subject(categories: Readonly<Record<string, number>>): ReferenceSubject {
  return { role: 'feature', name: 'colour', missing: 0, distributions: [], categories };
}
