import { type Bin, totalOf } from './bins.ts';
import { categoricalTest } from './categorical-test.ts';
import { directionOf } from './direction.ts';
import { locationSpreadTest } from './location-spread.ts';
import { eitherOf, type PartTest } from './part-test.ts';

/** With fewer rows the tail of the rank test is a guess; of two categories the exact test says it all. */
const LEAST_ROWS = 100;
const LEAST_CATEGORIES = 3;

/**
 * Did the shares of ordered categories move? Half of the level asks what is asked of any categories, so that a single one,
 * or one without a place in the order, does not hide; the other half whether those in the order moved up or down it or
 * apart, which a step of each row to its neighbour shows with a fraction of the rows.
 */
export function ordinalTest(categories: ReadonlyMap<string, Bin>, ordered: readonly Bin[], phi = 1): PartTest {
  const anyOrder = categoricalTest(categories, phi);
  if (!hasEnoughRows(ordered, phi)) return anyOrder;
  return {
    p: hasRanks(ordered, phi) ? eitherOf(anyOrder.p, locationSpreadTest(ordered, phi).p) : anyOrder.p,
    size: anyOrder.size,
    // Asked for only where something changed.
    get direction() {
      const moved = directionOf(ordered, phi);
      return moved === undefined ? anyOrder.direction : `${moved}, ${anyOrder.direction}`;
    },
  };
}

/** Whether the ranks are asked too. */
export function hasRanks(ordered: readonly Bin[], phi: number): boolean {
  const present = ordered.filter(({ reference, current }) => reference + current > 0).length;
  return present >= LEAST_CATEGORIES && hasEnoughRows(ordered, phi);
}

function hasEnoughRows(ordered: readonly Bin[], phi: number): boolean {
  const { reference, current } = totalOf(ordered);
  return Math.min(reference, current) >= LEAST_ROWS * phi;
}
