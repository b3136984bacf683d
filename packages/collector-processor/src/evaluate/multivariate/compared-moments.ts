import { type CoMomentReference, CoMoments, triangleIndex } from '@driftline/sketches';
import type { Bin } from '../drift/decision/bins.ts';
import { inflationOfWindow } from '../drift/decision/overdispersion.ts';

/** Co-moments with the names of their features, as they come from a sender, a profile or captured panes. */
export interface NamedMoments {
  readonly names: readonly string[];
  readonly count: number;
  readonly means: ArrayLike<number>;
  /** The lower triangle with its diagonal by rows. */
  readonly sums: ArrayLike<number>;
}

/** What is known of a reference's rows beyond their second moments; of captured traffic nothing is. */
export interface KnownMoments extends NamedMoments {
  readonly shape?: Pick<CoMomentReference, 'variances' | 'phi' | 'skewness' | 'kurtosis' | 'pairSkewness'>;
  readonly reconstruction?: CoMomentReference['reconstruction'];
  /** Rows of one of the time chunks that phi was measured on. */
  readonly chunkRows?: number;
  /** Measured between earlier periods, where these are the reference. */
  readonly seasonal?: SeasonalPairs;
}

export interface MomentsReference extends KnownMoments {
  /** Of the profile, the captured version or the moving reference. */
  readonly id: string;
}

/** How far the correlations of one and the same time wobble from day to day, or from week to week. */
export interface SeasonalPairs {
  /**
   * Of √n·atanh(r) between days, by pair: what the shape of the rows and their dependence make of it and what days differ by,
   * in one figure; never below 1.
   */
  readonly variances: readonly number[];
  /** Complete rows of one day at that time: of more of them the wobble of the days stays. */
  readonly rows: number;
}

/** Reference and window over the features that both have. */
export interface ComparedMoments {
  readonly names: readonly string[];
  readonly reference: CoMoments;
  readonly current: CoMoments;
  readonly rows: Bin;
  /** Whether the shape of the reference's rows is known. */
  readonly isCalibrated: boolean;
  /** The mean over pairs. */
  readonly phi: number;
  readonly reconstruction: CoMomentReference['reconstruction'] | undefined;
  pair(first: number, second: number): PairShape;
}

/** How rows that are not normal, or not independent, make the correlation of two features less certain. */
export interface PairShape {
  /** Of √n·atanh(r); 1 for normal rows. */
  readonly variance: number;
  readonly phi: number;
  /** Of atanh(r), times √n; of unknown sign it is an upper bound. */
  readonly skewness: { readonly of: number; readonly sign: 'known' | 'either' };
  /** Of the product of two standardised values. */
  readonly kurtosis: number;
}

/** Undefined where fewer than two features are in both. */
export function compareMoments(
  reference: KnownMoments,
  current: NamedMoments,
  isIgnored: (feature: string) => boolean = () => false,
  /** Known beforehand (`rows_per_entity`); it replaces what was measured on the reference's chunks. */
  designEffect?: number,
): ComparedMoments | undefined {
  const names = reference.names.filter((name) => current.names.includes(name) && !isIgnored(name));
  if (names.length < 2) return undefined;
  const positions = names.map((name) => reference.names.indexOf(name));
  const known = momentsOf(reference, positions);
  const rows = { reference: reference.count, current: current.count };
  return {
    names,
    reference: known,
    current: momentsOf(
      current,
      names.map((name) => current.names.indexOf(name)),
    ),
    rows,
    isCalibrated: reference.shape !== undefined || reference.seasonal !== undefined,
    phi: designEffect ?? phiAt(reference, rows.current, mean(reference.shape?.phi ?? [])),
    // Components of all features say nothing of some of them.
    reconstruction: names.length === reference.names.length ? reference.reconstruction : undefined,
    pair(first, second) {
      const [one = 0, other = 0] = [positions[first], positions[second]];
      if (reference.shape === undefined) {
        const unknown = { ...pairOfUnknownShape(known, first, second), phi: designEffect ?? 1 };
        const measured =
          reference.seasonal && seasonalVariance(reference.seasonal, pairIndex(one, other), rows.current);
        return measured === undefined ? unknown : { ...unknown, variance: Math.max(1, measured / unknown.phi) };
      }
      const { variances, phi, skewness, kurtosis, pairSkewness } = reference.shape;
      const at = pairIndex(one, other);
      return {
        variance: variances[at] ?? 1,
        phi: designEffect ?? phiAt(reference, rows.current, phi?.[at] ?? 1),
        skewness: pairSkewness
          ? { of: pairSkewness[at] ?? 0, sign: 'known' }
          : eitherSide(Math.abs((skewness[one] ?? 0) * (skewness[other] ?? 0))),
        kurtosis: (kurtosis[one] ?? 0) * (kurtosis[other] ?? 0),
      };
    },
  };
}

function phiAt({ chunkRows }: KnownMoments, windowRows: number, phi: number): number {
  return inflationOfWindow(phi, chunkRows ?? windowRows, windowRows);
}

/** A window of fewer rows than a day's is taken to scatter by the chance of its rows, as much as the days did: the larger of the two. */
function seasonalVariance({ variances, rows }: SeasonalPairs, pair: number, windowRows: number): number {
  return inflationOfWindow(variances[pair] ?? 1, rows, windowRows);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Position in a lower triangle without its diagonal. */
export function pairIndex(one: number, other: number): number {
  const row = Math.max(one, other);
  return (row * (row - 1)) / 2 + Math.min(one, other);
}

/**
 * Values end at three standard deviations of the profile, which bounds their kurtosis. Of what shapes there are, two columns
 * of few ones that are nearly copies of each other are the least certain: the variance of √n·atanh(r) is half of the kurtosis
 * there, a third of it where rows are elliptical, and the skewness below 5 for all that are as close.
 */
function pairOfUnknownShape(known: CoMoments, first: number, second: number): Omit<PairShape, 'phi'> {
  const kurtosis = largestKurtosis(known, first) * largestKurtosis(known, second);
  return { variance: Math.sqrt(kurtosis) / 2, skewness: eitherSide(5), kurtosis };
}

function eitherSide(skewness: number): PairShape['skewness'] {
  return { of: skewness, sign: 'either' };
}

function largestKurtosis({ means, sums, count }: CoMoments, feature: number): number {
  const variance = (sums[triangleIndex(feature, feature)] ?? 0) / count;
  return variance > 0 ? (3 + Math.abs(means[feature] ?? 0)) ** 2 / variance : Number.POSITIVE_INFINITY;
}

function momentsOf({ count, means, sums, names }: NamedMoments, positions: readonly number[]): CoMoments {
  return CoMoments.from({
    // The values came standardised.
    features: positions.map((position) => ({ name: names[position] ?? '', mean: 0, sd: 1 })),
    count,
    means: positions.map((position) => means[position] ?? 0),
    sums: positions.flatMap((one, row) =>
      positions.slice(0, row + 1).map((other) => sums[triangleIndex(one, other)] ?? 0),
    ),
  });
}
