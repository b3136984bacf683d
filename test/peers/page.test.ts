import { expect, it } from 'vitest';
import { withoutPadding } from '../support/without-padding.ts';
import { pageWithTable, readAlarms, readPage } from './page.ts';

it('docs/compared-with-others.md shows what was counted; if not: npm run peers, npm run format', () => {
  const page = readPage();
  expect(withoutPadding(pageWithTable(page, readAlarms()))).toBe(withoutPadding(page));
});
