/** Rows of the reference and of the window that fell into the same bucket. Every test reads lists of these. */
export interface Bin {
  readonly reference: number;
  readonly current: number;
}

/** Fewer expected rows than this make the chi-squared distribution of a table a guess. */
const LEAST_EXPECTATION = 5;
const MOST_CATEGORIES = 30;

export function pairCounts(reference: ArrayLike<number>, current: ArrayLike<number>): Bin[] {
  const bins: Bin[] = [];
  for (let bucket = 0; bucket < reference.length; bucket++) {
    bins.push({ reference: reference[bucket] ?? 0, current: current[bucket] ?? 0 });
  }
  return bins;
}

export function totalOf(bins: readonly Bin[]): Bin {
  let reference = 0;
  let current = 0;
  for (const bin of bins) {
    reference += bin.reference;
    current += bin.current;
  }
  return { reference, current };
}

/** The rows one sample would need to know as much as both together: N·M/(N+M). */
export function effectiveRows(rows: Bin): number {
  return rows.reference === 0 || rows.current === 0
    ? 0
    : (rows.reference * rows.current) / (rows.reference + rows.current);
}

/** 20 bins where the reference holds 100 rows a bin and the window 5, else 10, else 5. */
export function numberOfBins(rows: Bin): 20 | 10 | 5 {
  if (rows.reference >= 2000 && rows.current >= 100) return 20;
  if (rows.reference >= 1000 && rows.current >= 50) return 10;
  return 5;
}

/** Joins fine buckets into the bins that end after the given buckets; what follows the last of them is a bin too. */
export function groupBuckets(buckets: readonly Bin[], lastBucketOfBin: readonly number[]): Bin[] {
  const groups: Bin[] = [];
  let start = 0;
  for (const last of [...lastBucketOfBin, buckets.length - 1]) {
    if (last < start) continue;
    let reference = 0;
    let current = 0;
    for (; start <= last; start++) {
      reference += buckets[start]?.reference ?? 0;
      current += buckets[start]?.current ?? 0;
    }
    groups.push({ reference, current });
  }
  return groups;
}

/** The same for counts of one side alone. */
export function groupCounts(counts: ArrayLike<number>, lastBucketOfBin: readonly number[]): number[] {
  return groupBuckets(pairCounts(counts, []), lastBucketOfBin).map(({ reference }) => reference);
}

/** Joins neighbours, left to right, until each expects five rows on its smaller side; the leftover joins the last. */
export function joinSparseBins(bins: readonly Bin[]): Bin[] {
  const isLargeEnough = expectsEnoughRows(totalOf(bins));
  const dense: Bin[] = [];
  let open: Bin = { reference: 0, current: 0 };
  for (const bin of bins) {
    open = joined(open, bin);
    if (!isLargeEnough(open)) continue;
    dense.push(open);
    open = { reference: 0, current: 0 };
  }
  return open.reference + open.current > 0 ? withLeftover(dense, open) : dense;
}

/** Keeps the 29 largest categories that expect five rows; the rest is one bin, or joins the smallest kept. */
export function joinRareCategories(categories: readonly Bin[]): Bin[] {
  const isLargeEnough = expectsEnoughRows(totalOf(categories));
  const largestFirst = categories.toSorted((a, b) => b.reference + b.current - a.reference - a.current);
  const kept: Bin[] = [];
  const rest: Bin[] = [];
  for (const category of largestFirst) {
    (isLargeEnough(category) && kept.length < MOST_CATEGORIES - 1 ? kept : rest).push(category);
  }
  const other = totalOf(rest);
  if (other.reference + other.current === 0) return kept;
  return isLargeEnough(other) ? [...kept, other] : withLeftover(kept, other);
}

function joined(a: Bin, b: Bin): Bin {
  return { reference: a.reference + b.reference, current: a.current + b.current };
}

function withLeftover(bins: readonly Bin[], leftover: Bin): Bin[] {
  const last = bins.at(-1);
  return last === undefined ? [leftover] : [...bins.slice(0, -1), joined(last, leftover)];
}

function expectsEnoughRows(rows: Bin): (bin: Bin) => boolean {
  const smallerSide = Math.min(rows.reference, rows.current) / (rows.reference + rows.current);
  return (bin) => (bin.reference + bin.current) * smallerSide >= LEAST_EXPECTATION;
}
