import type { ProfilePart } from './profile-part.ts';

/** Counts of a numeric column in the buckets of so many edges, and what is known of its values besides. */
export function checkBuckets(feature: ProfilePart, edges: number, rows: number): void {
  const counts = feature.field('counts');
  if (counts.items().length !== edges + 1) {
    counts.refuse(`${counts.items().length} counts for ${edges} edges; one more count than edges is needed`);
  }
  checkTotal(counts, counts.counts(), rows - missingRows(feature, rows));
  feature.field('mean').number();
  feature.field('sd').atLeast(0);
  feature.field('max').atLeast(feature.field('min').number());
  checkDependence(feature);
}

export function checkCategories(feature: ProfilePart, rows: number): void {
  const categories = feature.field('categories');
  const counts = categories.entries().map(([, count]) => count.count());
  checkTotal(categories, counts, rows - missingRows(feature, rows));
  checkDependence(feature);
}

/** Words from the lowest to the highest, each of them a category; one alone is in no order. */
export function checkOrder(feature: ProfilePart): void {
  const order = feature.field('order').optional();
  if (order === undefined) return;
  if (order.items().length < 2) order.refuse('an order has at least two categories');
  const known = new Map(feature.field('categories').entries());
  const placed = new Set<string>();
  for (const item of order.items()) {
    const word = item.text();
    if (!known.has(word)) item.refuse('it is none of the categories');
    if (placed.has(word)) item.refuse('it has a place in the order already');
    placed.add(word);
  }
}

export function checkDependence(feature: ProfilePart): void {
  feature.field('phi').optional()?.atLeast(1);
  feature.field('missingPhi').optional()?.atLeast(1);
}

export function missingRows(feature: ProfilePart, rows: number): number {
  const missing = feature.field('missing');
  return missing.count() <= rows ? missing.count() : missing.refuse(`there are only ${rows} rows`);
}

export function checkCalibration(part: ProfilePart): void {
  const calibration = part.field('calibration').optional();
  calibration?.field('c').count(1);
  calibration?.field('m').count(1);
  calibration?.field('pooled').atLeast(0);
}

function checkTotal(part: ProfilePart, counts: readonly number[], expected: number): void {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total !== expected) part.refuse(`the counts sum to ${total}, but rows - missing is ${expected}`);
}
