import type { Bin } from './bins.ts';
import { fisherTwoSided } from './fisher.ts';
import { type PartTest, shareChange } from './part-test.ts';

/** Did the share of rows without a usable value move? Its size is that change. */
export function missingTest(missing: Bin, rows: Bin, phi = 1): PartTest {
  const change = shareChange(missing, rows);
  return {
    p: fisherTwoSided(missing, rows, phi),
    size: Math.abs(change),
    direction: change === 0 ? 'unchanged' : `${change > 0 ? 'more' : 'fewer'} missing values`,
  };
}
