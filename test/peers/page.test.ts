import { expect, it } from 'vitest';
import { pageWithTable, readAlarms, readPage } from './page.ts';

it('docs/compared-with-others.md shows what was counted', () => {
  const page = readPage();
  expect(pageWithTable(page, readAlarms())).toBe(page);
});
