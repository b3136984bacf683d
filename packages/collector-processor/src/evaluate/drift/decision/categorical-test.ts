import { type Bin, joinRareCategories, totalOf } from './bins.ts';
import { fisherTwoSided } from './fisher.ts';
import { eitherOf, noDifference, type PartTest, shareChange } from './part-test.ts';
import { sizeOf } from './size.ts';
import { tableTest } from './table-test.ts';

/**
 * Did the shares of the categories move? The whole table sees many small moves, the exact test of each single category
 * sees one that moved alone, a new one included.
 */
export function categoricalTest(categories: ReadonlyMap<string, Bin>, phi = 1): PartTest {
  const present = [...categories].filter(([, rows]) => rows.reference + rows.current > 0);
  if (present.length < 2) return noDifference;

  const bins = present.map(([, rows]) => rows);
  const rows = totalOf(bins);
  const singles = present.map(([name, hits]) => ({ name, hits, p: fisherTwoSided(hits, rows, phi) }));
  const moved = singles.reduce((most, single) => (isMoreTelling(single, most, rows) ? single : most));
  const joined = joinRareCategories(bins);
  const others = { reference: rows.reference - moved.hits.reference, current: rows.current - moved.hits.current };
  return {
    p: present.length === 2 ? moved.p : eitherOf(tableTest(joined, phi).p, Math.min(1, present.length * moved.p)),
    size: Math.max(sizeOf(joined, phi), sizeOf([moved.hits, others], phi)),
    direction: directionOf(moved.name, shareChange(moved.hits, rows)),
  };
}

interface SingleCategory {
  readonly name: string;
  readonly hits: Bin;
  readonly p: number;
}

/** Of two categories with the same p-value, as the two of a boolean have, the one that grew. */
function isMoreTelling(single: SingleCategory, most: SingleCategory, rows: Bin): boolean {
  return single.p < most.p || (single.p === most.p && shareChange(single.hits, rows) > shareChange(most.hits, rows));
}

function directionOf(name: string, change: number): string {
  if (change === 0) return 'unchanged';
  return `category ${JSON.stringify(name)} ${change > 0 ? 'more' : 'less'} frequent`;
}
