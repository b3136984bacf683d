import { nextDown } from './next-double.ts';

/** How many edges of each sort a reference gets. */
export interface EdgePlan {
  /** Buckets of equal share. */
  readonly quantiles: number;
  /** Evenly spaced edges between the 0.1 % and the 99.9 % quantile. */
  readonly linear: number;
  /** Shares of rows beyond the edges of either tail; the first is 0.1 %, and 0 means the extremes themselves. */
  readonly tailShares: readonly number[];
}

/** 59 quantile, 31 linear and 14 tail edges. */
export const featureEdges: EdgePlan = {
  quantiles: 60,
  linear: 31,
  tailShares: [0.001, 0.000_5, 0.000_2, 0.000_1, 0.000_05, 0.000_02, 0],
};

/** For each of an embedding's projections: 19 quantile, 7 linear and 6 tail edges. */
export const projectionEdges: EdgePlan = { quantiles: 20, linear: 7, tailShares: [0.001, 0.000_1, 0] };

export interface ReferenceEdges {
  /** Strictly increasing, at least one; the first lies just below the minimum and the last is the maximum. */
  readonly edges: readonly number[];
  readonly quantileEdges: readonly number[];
  readonly tails: { readonly lower: number; readonly upper: number };
}

/**
 * Chooses the edges of a reference from a sample of its values and its exact extremes.
 *
 * An atom, a value that many rows share, gets a bucket of its own: an edge at the value and one at the next smaller
 * double. Where the sample has few distinct values, each of them is an atom. Edges of the lower tail are stored as the
 * next smaller double, so that an atom at the minimum, zero for instance, is no tail.
 */
export function referenceEdges(
  sample: ArrayLike<number>,
  extremes?: { readonly min: number; readonly max: number },
  plan: EdgePlan = featureEdges,
): ReferenceEdges {
  const sorted = Float64Array.from(sample).toSorted();
  if (sorted.length === 0) return { edges: [0], quantileEdges: [0], tails: { lower: 0, upper: 0 } };
  const { min, max } = extremes ?? { min: sorted[0]!, max: sorted.at(-1)! };
  const atoms = fewDistinctValues(sorted, (edgeCount(plan) / 2) | 0);
  const quantiles = atoms === undefined ? quantileValues(sorted, plan.quantiles) : atoms.flatMap(isolated);
  const lower = plan.tailShares.map((share) => justBelow(share === 0 ? min : sorted[rowsBeyond(sorted, share)]!));
  const upper = plan.tailShares.map((share) => (share === 0 ? max : sorted.at(-1 - rowsBeyond(sorted, share))!));
  const linear = atoms === undefined ? between(lower[0]!, upper[0]!, plan.linear) : [];
  const edges = distinct([...quantiles, ...linear, ...lower, ...upper]);
  return {
    edges,
    quantileEdges: distinct(quantiles).map((edge) => edges.indexOf(edge)),
    tails: { lower: edges.indexOf(lower[0]!), upper: edges.indexOf(upper[0]!) },
  };
}

/** The order statistics at k/n of the rows; one that several of them share is an atom. */
function quantileValues(sorted: Float64Array, quantiles: number): number[] {
  const values = Array.from({ length: quantiles - 1 }, (_, k) => {
    return sorted[Math.ceil(((k + 1) * sorted.length) / quantiles) - 1]!;
  });
  return values.flatMap((value, i) => (value === values[i - 1] || value === values[i + 1] ? isolated(value) : [value]));
}

function fewDistinctValues(sorted: Float64Array, most: number): number[] | undefined {
  const values: number[] = [];
  for (const value of sorted) {
    if (value === values.at(-1)) continue;
    values.push(value);
    if (values.length > most) return undefined;
  }
  return values;
}

function rowsBeyond(sorted: Float64Array, share: number): number {
  return Math.floor(share * sorted.length);
}

function between(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const share = (i + 1) / (count + 1);
    return low * (1 - share) + high * share;
  });
}

const isolated = (atom: number): number[] => [justBelow(atom), atom];
const justBelow = (value: number): number => Math.max(nextDown(value), -Number.MAX_VALUE);
const distinct = (values: readonly number[]): number[] =>
  [...new Set(values.map((value) => value + 0))].toSorted((a, b) => a - b);
const edgeCount = ({ quantiles, linear, tailShares }: EdgePlan): number =>
  quantiles - 1 + linear + 2 * tailShares.length;
