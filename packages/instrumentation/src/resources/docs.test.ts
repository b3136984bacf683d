import { expect, it } from 'vitest';
import { readPage, withTables } from '../../scripts/resource-tables.ts';

it('docs/resources.md shows the registries as they are; if not, run scripts/resource-tables.ts', () => {
  expect(readPage()).toBe(withTables(readPage()));
});
