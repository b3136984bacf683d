import { rankScores } from './location-spread.ts';

/** How much wider than for independent rows the chunks of a reference scatter; 1 is independent. */
export interface ScoreDispersion {
  readonly location: number;
  readonly spread: number;
}

/** The level a reference's chunks settled, as its profile keeps it. */
export interface Calibration {
  /** Chunks. */
  readonly c: number;
  /** Rows a chunk. */
  readonly m: number;
  /** Mean over the numeric features of the larger of location and spread. */
  readonly pooled: number;
}

/** With fewer chunks the scatter is not known well enough to correct by. */
export const LEAST_CHUNKS = 20;

/** Of each chunk's counts on the same buckets; the scores are those of all chunks together. */
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
 * By how much to divide the statistics of a window of this many rows. `own` is the feature's dispersion, with an
 * allowance for knowing it from few chunks. Larger windows than the chunks average less of the level's wobble away.
 */
export function inflation(own: number, pooled: number, calibration: Calibration, windowRows: number): number {
  const phi = Math.max(1, own * (1 + 1 / Math.sqrt(calibration.c - 1)), pooled);
  return windowRows > calibration.m ? Math.max(phi, 1 + ((phi - 1) * windowRows) / calibration.m) : phi;
}

/** Inflation where rows are known to come in groups, twenty rows a user for instance. */
export function designEffect(rowsPerEntity: number, intraclassCorrelation = 0.1): number {
  return 1 + (rowsPerEntity - 1) * intraclassCorrelation;
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
