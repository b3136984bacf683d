import { expect, it } from 'vitest';
import { nothingToCompareWith } from './model-references.ts';
import { always, type NamedReferences, segmentReference } from './named-references.ts';

it('judges segments against the first reference that knows a value of a chosen attribute', () => {
  const learning = named('captured', undefined);
  const none = named('captured', []);
  const known = named('profile', ['free', 'business']);
  expect(segmentReference([learning, none, known], ['plan'])).toBe(known);
  expect(segmentReference([none, known], ['country'])).toBe(none);
  expect(segmentReference([], ['plan'])).toBeUndefined();
});

function named(name: NamedReferences['name'], plans: readonly string[] | undefined): NamedReferences {
  const segments = plans && {
    values: (attribute: string) => (attribute === 'plan' ? plans : []),
    standing: () => ({ share: 0.5 }),
  };
  return { name, id: '', at: always({ ...nothingToCompareWith, ...(segments && { segments }) }) };
}
