import { type Bin, effectiveRows, joinSparseBins, numberOfBins, totalOf } from './bins.ts';
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

/** A word needs a movement of three standard errors, and of a tenth of the scores' standard deviation. */
const WORTH_A_WORD = { errors: 3, effect: 0.1 };
/** A mere shift looks wider from where the reference stands, by this share of its square: 0.65 normal, 0.71 t with 3. */
const SPREAD_OF_A_SHIFT = 0.7;

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
    direction: directionOf(locationSpread, effectiveRows(rows) / phi),
    table,
    locationSpread,
  };
}

function directionOf({ location, spread }: LocationSpreadTest, effectiveRows: number): string {
  const moved = location / Math.sqrt(effectiveRows);
  const widened = spread / Math.sqrt(effectiveRows) - SPREAD_OF_A_SHIFT * moved ** 2;
  const leastEffect = Math.max(WORTH_A_WORD.effect, WORTH_A_WORD.errors / Math.sqrt(effectiveRows));
  const words: string[] = [];
  if (Math.abs(moved) >= leastEffect) words.push(moved > 0 ? 'higher' : 'lower');
  if (Math.abs(widened) >= leastEffect) words.push(widened > 0 ? 'wider' : 'narrower');
  return words.length === 0 ? 'another shape' : words.join(' and ');
}
