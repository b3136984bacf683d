import { nextDown } from '@driftline/sketches';
import { type Bin, totalOf } from '../decision/bins.ts';
import type { BucketedValues } from '../drift-method.ts';

/** The cumulative shares of both sides as they cross one bucket. */
export interface Crossing {
  /** Rows of the window below, as a share, less those of the reference: before the bucket and after it. */
  readonly before: number;
  readonly after: number;
  /** Between these lies the absolute gap, wherever in the bucket the rows are. */
  readonly least: number;
  readonly most: number;
  /** Most of the gap by its sign. */
  readonly mostAbove: number;
  readonly mostBelow: number;
  /** The share of all rows, of both sides, that lie in it. */
  readonly share: number;
  /** The share of all rows below it. */
  readonly below: number;
  /** One value: what is true after it is true of its rows. */
  readonly isAtom: boolean;
}

/** Several methods ask the same of the same values. */
const known = new WeakMap<BucketedValues, readonly Crossing[]>();

/** What the buckets tell of both distribution functions. */
export function crossings(values: BucketedValues): readonly Crossing[] {
  const computed = known.get(values) ?? crossingsOf(values);
  known.set(values, computed);
  return computed;
}

function crossingsOf({ edges, buckets }: BucketedValues): readonly Crossing[] {
  const rows = totalOf(buckets);
  const all = rows.reference + rows.current;
  let passed: Bin = { reference: 0, current: 0 };
  return buckets.map(({ reference, current }, i) => {
    const until = { reference: passed.reference + reference, current: passed.current + current };
    const [f0, f1] = [passed.reference / rows.reference, until.reference / rows.reference];
    const [g0, g1] = [passed.current / rows.current, until.current / rows.current];
    const below = (passed.reference + passed.current) / all;
    passed = until;
    const isAtom = isAtomBucket(edges, i);
    const [mostAbove, mostBelow] = isAtom ? [Math.max(0, g1 - f1), Math.max(0, f1 - g1)] : [g1 - f0, f1 - g0];
    return {
      before: g0 - f0,
      after: g1 - f1,
      least: isAtom ? Math.abs(g1 - f1) : Math.max(0, g0 - f1, f0 - g1),
      most: Math.max(mostAbove, mostBelow),
      mostAbove,
      mostBelow,
      share: (reference + current) / all,
      below,
      isAtom,
    };
  });
}

/** Whether bucket i holds a single value: no double lies between its edges. */
export function isAtomBucket(edges: ArrayLike<number>, i: number): boolean {
  const [start, end] = [edges[i - 1], edges[i]];
  if (start === undefined || end === undefined) return false;
  // Nearly always wide apart, which is quicker to see.
  const isWide = end - start > 1e-15 * Math.max(Math.abs(start), Math.abs(end)) + Number.MIN_VALUE;
  return !isWide && nextDown(end) === start;
}
