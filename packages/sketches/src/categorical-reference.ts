import { otherCategory } from './category-counts.ts';
import type { CategoricalReference } from './reference-profile.ts';

export interface CategoricalReferenceOptions {
  /** How many categories have a name; 100 by default. */
  readonly limit?: number | undefined;
  /** Categories from the lowest to the highest; each has a name, with rows or without. */
  readonly order?: readonly string[] | undefined;
}

type Category = readonly [name: string, rows: number];

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
  const others = [...counts].filter(([category]) => category !== otherCategory && !isOrdered.has(category));
  const named = [...ordered, ...keptCategories(others, Math.max(0, limit - ordered.length))];
  const counted = sum([...counts]);
  const other = counted - sum(named);
  return {
    kind: 'categorical',
    categories: Object.fromEntries(other > 0 ? [...named, [otherCategory, other]] : named),
    ...(order && { order }),
    missing: rows - counted,
  };
}

/** Standard deviations of a count: of some hundred names none is as far from its mean by chance. */
const BY_CHANCE = 4;

/**
 * Of names that are about as frequent, the largest are those that happened to be frequent in this reference: kept for
 * that, they would be rarer in every window and `_other` larger. What is no further than chance from the cut is therefore
 * kept in the order of the alphabet.
 */
export function keptCategories(categories: readonly Category[], limit: number): readonly Category[] {
  const sorted = categories.toSorted(largestFirst);
  const cut = sorted[limit]?.[1];
  if (cut === undefined) return sorted;
  const byChance = BY_CHANCE * Math.sqrt(cut);
  const larger = sorted.filter(([, rows]) => rows > cut + byChance);
  const alike = sorted.filter(([, rows]) => Math.abs(rows - cut) <= byChance).toSorted(byName);
  return [...larger, ...alike.slice(0, limit - larger.length)].toSorted(largestFirst);
}

function largestFirst(one: Category, other: Category): number {
  return other[1] - one[1] || byName(one, other);
}

function byName([one]: Category, [other]: Category): number {
  return one < other ? -1 : 1;
}

function sum(categories: readonly Category[]): number {
  return categories.reduce((total, [, rows]) => total + rows, 0);
}
