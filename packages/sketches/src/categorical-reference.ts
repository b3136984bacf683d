import { otherCategory } from './category-counts.ts';
import type { CategoricalReference } from './reference-profile.ts';

/**
 * The reference of a categorical feature: the largest categories by name and the rest as `_other`, which live counts
 * then use for every category they do not know. `rows` is all rows of the reference: those not counted are missing.
 */
export function categoricalReference(
  counts: ReadonlyMap<string, number>,
  rows: number,
  limit = 100,
): CategoricalReference {
  const largestFirst = [...counts].toSorted(([a, rowsOfA], [b, rowsOfB]) => rowsOfB - rowsOfA || (a < b ? -1 : 1));
  const named = largestFirst.filter(([category]) => category !== otherCategory).slice(0, limit);
  const counted = sum(largestFirst);
  const other = counted - sum(named);
  return {
    kind: 'categorical',
    categories: Object.fromEntries(other > 0 ? [...named, [otherCategory, other]] : named),
    missing: rows - counted,
  };
}

function sum(categories: readonly (readonly [string, number])[]): number {
  return categories.reduce((total, [, rows]) => total + rows, 0);
}
