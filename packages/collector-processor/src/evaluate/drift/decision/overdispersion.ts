import { rankScores } from './location-spread.ts';

/** How much wider than for independent rows the chunks of a reference scatter; 1 is independent. */
export interface ScoreDispersion {
  readonly location: number;
  readonly spread: number;
}

/** With fewer chunks the scatter is not known well enough to correct by. */
export const LEAST_CHUNKS = 20;

/** Of each chunk's counts on the same buckets, under the scores of all chunks together; 1 where nothing can scatter. */
export function scoreDispersion(chunks: readonly ArrayLike<number>[]): ScoreDispersion {
  const shares = sharesOf(chunks);
  const [location, spread] = rankScores(shares).map((score) => {
    const sum = chunks.reduce((total, chunk) => {
      const rows = sumOf(chunk);
      if (rows === 0) return total;
      const weighted = score.reduce((weight, value, bucket) => weight + value * (chunk[bucket] ?? 0), 0);
      return total + (weighted * weighted) / rows;
    }, 0);
    return sum / (chunks.length - 1);
  });
  return { location: location ?? 1, spread: spread ?? 1 };
}

/** Pearson's statistic of chunks against bins over its degrees of freedom. */
export function tableDispersion(chunks: readonly ArrayLike<number>[]): number {
  const shares = sharesOf(chunks);
  const filledBins = shares.filter((share) => share > 0).length;
  if (filledBins < 2) return 1;
  const x2 = chunks.reduce((total, chunk) => {
    const rows = sumOf(chunk);
    return shares.reduce((sum, share, bin) => {
      const expected = share * rows;
      return expected === 0 ? sum : sum + ((chunk[bin] ?? 0) - expected) ** 2 / expected;
    }, total);
  }, 0);
  return x2 / ((chunks.length - 1) * (filledBins - 1));
}

/**
 * By how much to divide the statistics of a window as large as a chunk. `own` is the dispersion of the feature, with an
 * allowance for knowing it from few chunks only; `pooled` that of all features.
 */
export function inflation(own: number, pooled: number, chunks: number): number {
  return Math.max(1, own * (1 + 1 / Math.sqrt(chunks - 1)), pooled);
}

/** Larger windows average the chance of their rows away, but not the wobble of their level. */
export function inflationOfWindow(phi: number, chunkRows: number, windowRows: number): number {
  return windowRows > chunkRows ? 1 + ((phi - 1) * windowRows) / chunkRows : phi;
}

/** Inflation where rows are known to come in groups, twenty rows a user for instance. */
export function designEffect(rowsPerEntity: number, intraclassCorrelation = 0.1): number {
  return 1 + (rowsPerEntity - 1) * intraclassCorrelation;
}

/** The same from the settings `drift.rows_per_entity` and `drift.icc`; undefined where nothing is known. */
export function knownDesignEffect({
  rowsPerEntity,
  icc,
}: {
  readonly rowsPerEntity?: number;
  readonly icc: number;
}): number | undefined {
  return rowsPerEntity === undefined ? undefined : designEffect(rowsPerEntity, icc);
}

function sharesOf(chunks: readonly ArrayLike<number>[]): number[] {
  const buckets = chunks[0]?.length ?? 0;
  const counts = Array.from({ length: buckets }, (_, bucket) =>
    chunks.reduce((sum, chunk) => sum + (chunk[bucket] ?? 0), 0),
  );
  const rows = sumOf(counts);
  return counts.map((count) => (rows === 0 ? 0 : count / rows));
}

function sumOf(counts: ArrayLike<number>): number {
  return Array.from(counts).reduce((sum, count) => sum + count, 0);
}
