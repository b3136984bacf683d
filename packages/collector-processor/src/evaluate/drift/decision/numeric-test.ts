import { type Bin, joinSparseBins, numberOfBins, totalOf } from './bins.ts';
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

/** A movement of three standard errors is worth a word. */
const WORTH_A_WORD = 3;

/**
 * Did the distribution move? The table sees any change of shape, location and spread see the common ones with far
 * fewer rows; neither has the other's blind spot.
 */
export function numericTest({ buckets, bins }: NumericCounts, phi = 1): NumericTest {
  const table = tableTest(joinSparseBins(bins[numberOfBins(totalOf(buckets))]), phi);
  const locationSpread = locationSpreadTest(buckets, phi);
  return {
    p: eitherOf(table.p, locationSpread.p),
    size: sizeOf(joinSparseBins(bins[10]), phi),
    direction: directionOf(locationSpread, phi),
    table,
    locationSpread,
  };
}

function directionOf({ location, spread }: LocationSpreadTest, phi: number): string {
  const isWorthAWord = (z: number) => Math.abs(z) / Math.sqrt(phi) >= WORTH_A_WORD;
  const words: string[] = [];
  if (isWorthAWord(location)) words.push(location > 0 ? 'higher' : 'lower');
  if (isWorthAWord(spread)) words.push(spread > 0 ? 'wider' : 'narrower');
  return words.length === 0 ? 'another shape' : words.join(' and ');
}
