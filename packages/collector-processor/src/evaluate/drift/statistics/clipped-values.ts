import type { Bin } from '../decision/bins.ts';
import type { BucketedValues } from '../drift-method.ts';

/** A bucket within the reference's 0.1 %-99.9 % range; the rows of the open ends lie at the ends of that range. */
export interface ClippedBucket {
  readonly start: number;
  readonly end: number;
  readonly rows: Bin;
}

export function clippedBuckets({ edges, buckets, tails }: BucketedValues): readonly ClippedBucket[] {
  const [lowest = 0, highest = 0] = [edges[tails.lower], edges[tails.upper]];
  return buckets.map((rows, i) => ({
    start: Math.min(highest, Math.max(lowest, edges[i - 1] ?? lowest)),
    end: Math.min(highest, Math.max(lowest, edges[i] ?? highest)),
    rows,
  }));
}

export type Side = keyof Bin;

/** Of the rows of one side: how far from `centre` on average and by squares, as if evenly spread inside each bucket. */
export function distancesFrom(centre: number, buckets: readonly ClippedBucket[], side: Side) {
  let rows = 0;
  let distance = 0;
  let squares = 0;
  for (const { start, end, rows: both } of buckets) {
    const count = both[side];
    rows += count;
    distance += count * meanDistance(centre, start, end);
    squares += count * (((start + end) / 2 - centre) ** 2 + (end - start) ** 2 / 12);
  }
  return {
    rows,
    mean: distance / rows,
    variance: rows < 2 ? 0 : (squares - rows * (distance / rows) ** 2) / (rows - 1),
  };
}

export function momentsOf(buckets: readonly ClippedBucket[], side: Side) {
  let rows = 0;
  let sum = 0;
  for (const { start, end, rows: both } of buckets) {
    rows += both[side];
    sum += both[side] * (start / 2 + end / 2);
  }
  const mean = sum / rows;
  const squares = buckets.reduce(
    (total, { start, end, rows: both }) =>
      total + both[side] * ((start / 2 + end / 2 - mean) ** 2 + (end - start) ** 2 / 12),
    0,
  );
  return { rows, mean, variance: rows < 2 ? 0 : squares / (rows - 1) };
}

/** Where half of the rows lie on either side; between two buckets, in the middle of the room between them. */
export function medianOf(buckets: readonly ClippedBucket[], side: Side): number {
  const filled = buckets.filter(({ rows }) => rows[side] > 0);
  const rows = filled.reduce((sum, bucket) => sum + bucket.rows[side], 0);
  let passed = 0;
  for (const [i, { start, end, rows: both }] of filled.entries()) {
    const count = both[side];
    if (2 * (passed + count) === rows) return (end + (filled[i + 1]?.start ?? end)) / 2;
    if (2 * (passed + count) > rows) return start + (end - start) * ((rows / 2 - passed) / count);
    passed += count;
  }
  return 0;
}

function meanDistance(centre: number, start: number, end: number): number {
  if (centre <= start || centre >= end) return Math.abs((start + end) / 2 - centre);
  return ((centre - start) ** 2 + (end - centre) ** 2) / (2 * (end - start));
}
