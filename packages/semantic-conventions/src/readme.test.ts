import { expect, it } from 'vitest';
import { readReadme, withTables } from '../scripts/readme-tables.ts';

it('README.md shows the registries as they are; if not, run scripts/readme-tables.ts', () => {
  expect(readReadme()).toBe(withTables(readReadme()));
});

it('refuses a README that has no place for a table', () => {
  expect(() => withTables('# nothing here')).toThrow('no place for table "operations"');
});
