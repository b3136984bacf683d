import { nextDown } from '@driftline/sketches';
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
  const edge = (index: number) => 2 ** (index / 2 ** scale);
  // A negative bucket mirrors a positive one: it holds [-upper, -lower).
  for (const [i, rows] of negative.counts.entries()) {
    yield { lower: nextDown(-edge(negative.offset + i + 1)), upper: nextDown(-edge(negative.offset + i)), rows };
  }
  if (zeroCount > 0) yield { lower: nextDown(0), upper: 0, rows: zeroCount };
  for (const [i, rows] of positive.counts.entries()) {
    yield { lower: edge(positive.offset + i), upper: edge(positive.offset + i + 1), rows };
  }
}
