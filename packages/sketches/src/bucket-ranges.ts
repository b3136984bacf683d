/** Where the rows of one populated bucket lie. */
export interface BucketRange {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/**
 * The value that a share q of the rows does not exceed; rows are taken as spread evenly over their range.
 * Ranges in increasing order; undefined without any.
 */
export function quantileOf(ranges: readonly BucketRange[], q: number): number | undefined {
  const rank = Math.min(Math.max(q, 0), 1) * rowsIn(ranges);
  let below = 0;
  for (const { lower, upper, count } of ranges) {
    if (below + count >= rank) return between(lower, upper, (rank - below) / count);
    below += count;
  }
  return ranges.at(-1)?.upper;
}

/** The share of rows at or below x: exact where x is a bucket's edge; undefined without ranges. */
export function cumulativeShareOf(ranges: readonly BucketRange[], x: number): number | undefined {
  if (ranges.length === 0) return undefined;
  let below = 0;
  for (const { lower, upper, count } of ranges) {
    if (x >= upper) below += count;
    else if (x > lower) below += count * Math.min(1, (x / 2 - lower / 2) / (upper / 2 - lower / 2));
  }
  return below / rowsIn(ranges);
}

/** Exact at both ends, and finite where their difference is not. */
function between(lower: number, upper: number, share: number): number {
  return share < 1 ? lower + (upper * share - lower * share) : upper;
}

function rowsIn(ranges: readonly BucketRange[]): number {
  return ranges.reduce((rows, { count }) => rows + count, 0);
}
