import { otherCategory } from './category-counts.ts';
import type { CategoricalReference } from './reference-profile.ts';

export interface CategoricalReferenceOptions {
  /** How many categories have a name; 100 by default. */
  readonly limit?: number | undefined;
  /** Categories from the lowest to the highest; each has a name, with rows or without. */
  readonly order?: readonly string[] | undefined;
}

/**
 * The reference of a categorical feature: the largest categories by name and the rest as `_other`, which live counts
 * then use for every category they do not know. `rows` is all rows of the reference: those not counted are missing.
 */
export function categoricalReference(
  counts: ReadonlyMap<string, number>,
  rows: number,
  { limit = 100, order }: CategoricalReferenceOptions = {},
): CategoricalReference {
  const ordered = (order ?? []).map((category) => [category, counts.get(category) ?? 0] as const);
  const isOrdered = new Set(order);
  const largestFirst = [...counts].toSorted(([a, rowsOfA], [b, rowsOfB]) => rowsOfB - rowsOfA || (a < b ? -1 : 1));
  const others = largestFirst.filter(([category]) => category !== otherCategory && !isOrdered.has(category));
  const named = [...ordered, ...others.slice(0, Math.max(0, limit - ordered.length))];
  const counted = sum(largestFirst);
  const other = counted - sum(named);
  return {
    kind: 'categorical',
    categories: Object.fromEntries(other > 0 ? [...named, [otherCategory, other]] : named),
    ...(order && { order }),
    missing: rows - counted,
  };
}

function sum(categories: readonly (readonly [string, number])[]): number {
  return categories.reduce((total, [, rows]) => total + rows, 0);
}
