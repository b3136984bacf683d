/** A page of Markdown as it was before the formatter padded the columns of its tables. */
export function withoutPadding(page: string): string {
  return page.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---');
}
