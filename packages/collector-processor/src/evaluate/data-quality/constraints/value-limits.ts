import { nextDown, nextUp } from '@driftline/sketches';
import type { Distribution } from '../../observations.ts';

/** Rows beyond a limit, as far as buckets tell: `possible` counts those that a bucket shares with rows inside. */
export interface RowsBeyond {
  readonly certain: number;
  readonly possible: number;
}

/** Buckets hold (lower, upper]: one that begins right below the limit has no row below it. */
export function rowsBelow(limit: number, distribution: Distribution): RowsBeyond {
  return count(distribution, (lower, upper) => {
    if (upper < limit) return 'beyond';
    return lower >= nextDown(limit) ? 'inside' : 'straddling';
  });
}

export function rowsAbove(limit: number, distribution: Distribution): RowsBeyond {
  return count(distribution, (lower, upper) => {
    if (lower >= limit) return 'beyond';
    return upper <= limit ? 'inside' : 'straddling';
  });
}

function count(
  distribution: Distribution,
  sideOf: (lower: number, upper: number) => 'beyond' | 'inside' | 'straddling',
): RowsBeyond {
  let certain = 0;
  let possible = 0;
  for (const { lower, upper, rows } of bucketsOf(distribution)) {
    const side = rows > 0 ? sideOf(lower, upper) : 'inside';
    if (side === 'beyond') certain += rows;
    if (side !== 'inside') possible += rows;
  }
  return { certain, possible };
}

interface Bucket {
  readonly lower: number;
  readonly upper: number;
  readonly rows: number;
}

function* bucketsOf(distribution: Distribution): Generator<Bucket> {
  if (distribution.kind === 'histogram') {
    const { edges, counts } = distribution;
    for (const [i, rows] of counts.entries()) {
      yield { lower: edges[i - 1] ?? Number.NEGATIVE_INFINITY, upper: edges[i] ?? Number.POSITIVE_INFINITY, rows };
    }
    return;
  }
  const { scale, zeroCount, positive, negative } = distribution;
  // A negative bucket mirrors a positive one: it holds [-upper, -lower).
  for (const [i, rows] of negative.counts.entries()) {
    const index = negative.offset + i;
    yield { lower: nextDown(-edge(index + 1, scale, nextUp)), upper: nextDown(-edge(index, scale, nextDown)), rows };
  }
  if (zeroCount > 0) yield { lower: nextDown(0), upper: 0, rows: zeroCount };
  for (const [i, rows] of positive.counts.entries()) {
    const index = positive.offset + i;
    yield { lower: edge(index, scale, nextDown), upper: edge(index + 1, scale, nextUp), rows };
  }
}

/** Only powers of two are exact; any other edge was rounded and goes outward, most of all among subnormal numbers. */
function edge(index: number, scale: number, outward: (rounded: number) => number): number {
  const exponent = index / 2 ** scale;
  return Number.isInteger(exponent) ? 2 ** exponent : outward(2 ** exponent);
}
