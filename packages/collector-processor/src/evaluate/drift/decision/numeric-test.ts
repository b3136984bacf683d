import { type Bin, joinSparseBins, numberOfBins, totalOf } from './bins.ts';
import { directionOf } from './direction.ts';
import { type LocationSpreadTest, locationSpreadTest } from './location-spread.ts';
import { eitherOf, type PartTest } from './part-test.ts';
import { sizeOf } from './size.ts';
import { type TableTest, tableTest } from './table-test.ts';

export interface NumericCounts {
  /** Between the reference's quantile edges; an atom has a bucket of its own. */
  readonly buckets: readonly Bin[];
  /** The same rows in the bins that were fixed when the profile was built. */
  readonly bins: Readonly<Record<5 | 10 | 20, readonly Bin[]>>;
}

export interface NumericTest extends PartTest {
  readonly table: TableTest;
  readonly locationSpread: LocationSpreadTest;
}

/**
 * Did the distribution move? The table sees any change of shape, location and spread see the common ones with far
 * fewer rows; neither has the other's blind spot.
 */
export function numericTest({ buckets, bins }: NumericCounts, phi = 1): NumericTest {
  const rows = totalOf(buckets);
  const table = tableTest(joinSparseBins(bins[numberOfBins(rows)]), phi);
  const locationSpread = locationSpreadTest(buckets, phi);
  return {
    p: eitherOf(table.p, locationSpread.p),
    size: sizeOf(joinSparseBins(bins[10]), phi),
    // Asked for only where something changed.
    get direction() {
      return directionOf(buckets, phi) ?? 'another shape';
    },
    table,
    locationSpread,
  };
}
