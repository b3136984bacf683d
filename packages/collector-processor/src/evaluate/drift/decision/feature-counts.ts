import {
  type CategoricalReference,
  type EmbeddingReference,
  type FeatureReference,
  type NumericReference,
  otherCategory,
} from '@driftline/sketches';
import { type Bin, groupBuckets, pairCounts, totalOf } from './bins.ts';
import type { NumericCounts } from './numeric-test.ts';
import type { Tail } from './tails-test.ts';

/** What a window saw of one feature, on the buckets of its reference. `missing` counts every row without a usable value. */
export type CurrentCounts =
  | { readonly kind: 'numeric'; readonly counts: ArrayLike<number>; readonly missing: number }
  | { readonly kind: 'categorical'; readonly categories: ReadonlyMap<string, number>; readonly missing: number }
  | { readonly kind: 'embedding'; readonly projections: readonly ArrayLike<number>[]; readonly missing: number };

/** Reference and window side by side. */
export type ComparedFeature =
  | {
      readonly kind: 'numeric';
      readonly reference: NumericReference;
      readonly buckets: readonly Bin[];
      readonly missing: Bin;
    }
  | {
      readonly kind: 'categorical';
      readonly reference: CategoricalReference;
      readonly categories: ReadonlyMap<string, Bin>;
      /** Of an ordinal feature: the categories that have a place in its order, the lowest first. */
      readonly ordered?: readonly Bin[];
      readonly missing: Bin;
    }
  | {
      readonly kind: 'embedding';
      readonly reference: EmbeddingReference;
      readonly projections: readonly { readonly reference: NumericReference; readonly buckets: readonly Bin[] }[];
      readonly missing: Bin;
    };

/** Undefined where the window's buckets are not the reference's, so that nothing can be compared. */
export function compareCounts(reference: FeatureReference, current: CurrentCounts): ComparedFeature | undefined {
  const missing = { reference: reference.missing, current: current.missing };
  if (reference.kind === 'numeric' && current.kind === 'numeric') {
    const buckets = pairBuckets(reference, current.counts);
    return buckets && { kind: 'numeric', reference, buckets, missing };
  }
  if (reference.kind === 'categorical' && current.kind === 'categorical') {
    const categories = pairCategories(reference, current.categories);
    const ordered = reference.order?.map((category) => categories.get(category) ?? NO_ROWS);
    return { kind: 'categorical', reference, categories, ...(ordered && { ordered }), missing };
  }
  if (reference.kind === 'embedding' && current.kind === 'embedding') {
    const projections = reference.projections.flatMap((projection, i) => {
      const buckets = pairBuckets(projection, current.projections[i] ?? []);
      return buckets ? [{ reference: projection, buckets }] : [];
    });
    return projections.length === reference.projections.length
      ? { kind: 'embedding', reference, projections, missing }
      : undefined;
  }
  return undefined;
}

const NO_ROWS: Bin = { reference: 0, current: 0 };

/** Rows with a usable value. */
export function rowsOf(feature: ComparedFeature): Bin {
  switch (feature.kind) {
    case 'numeric':
      return totalOf(feature.buckets);
    case 'categorical':
      return totalOf([...feature.categories.values()]);
    case 'embedding':
      return totalOf(feature.projections[0]?.buckets ?? []);
  }
}

/** The quantile edges alone: the tests do not read the evenly spaced ones nor those of the tails. */
export function numericCounts(reference: NumericReference, buckets: readonly Bin[]): NumericCounts {
  return {
    buckets: groupBuckets(buckets, reference.quantileEdges),
    bins: {
      5: groupBuckets(buckets, reference.bins[5]),
      10: groupBuckets(buckets, reference.bins[10]),
      20: groupBuckets(buckets, reference.bins[20]),
    },
  };
}

/** Bucket i ends at edge i, and the lower edges lie just below their quantile: an atom there is no tail. */
export function tailsOf({ edges, tails }: NumericReference, buckets: readonly Bin[]): readonly Tail[] {
  return [
    { beyond: 'the minimum', rows: totalOf(buckets.slice(0, 1)) },
    { beyond: 'the lower tail', rows: totalOf(buckets.slice(0, tails.lower + 1)) },
    { beyond: 'the upper tail', rows: totalOf(buckets.slice(tails.upper + 1)) },
    { beyond: 'the maximum', rows: totalOf(buckets.slice(edges.length)) },
  ];
}

function pairBuckets(reference: NumericReference, current: ArrayLike<number>): Bin[] | undefined {
  return reference.counts.length === current.length ? pairCounts(reference.counts, current) : undefined;
}

/**
 * Over a bound the categories that are late in the alphabet are folded into `_other`, on either side. What the reference
 * folded cannot be told apart in the window either: there a category may have had room that it had not in the reference.
 */
function pairCategories(
  { categories }: CategoricalReference,
  current: ReadonlyMap<string, number>,
): ReadonlyMap<string, Bin> {
  const pairs = new Map<string, Bin>(
    Object.entries(categories).map(([name, count]) => [name, { reference: count, current: 0 }]),
  );
  const isFolded = pairs.has(otherCategory);
  for (const [name, count] of current) {
    const place = isFolded && !pairs.has(name) ? otherCategory : name;
    const pair = pairs.get(place) ?? { reference: 0, current: 0 };
    pairs.set(place, { ...pair, current: pair.current + count });
  }
  return pairs;
}
