import canonicalize from 'canonicalize';
import { sha256 } from './sha256.ts';

/** The version that this package writes, and the newest that it reads. */
export const profileFormat = 'driftline.profile/1';

/** What a model's inputs and outputs looked like when it was trained: the file that ships with the model. */
export interface ReferenceProfile {
  readonly $schema?: string;
  readonly format: typeof profileFormat;
  /** `sha256:` and the first 16 hex digits over the RFC 8785 canonical JSON without `id` and `createdAt`. */
  readonly id: string;
  readonly createdAt?: string;
  readonly model: { readonly name: string; readonly version: string };
  readonly rows: number;
  readonly features: Readonly<Record<string, FeatureReference>>;
  readonly outputs: Readonly<Record<string, FeatureReference>>;
  readonly calibration?: Calibration;
  /** By attribute, `country`, and by value: what windows of that segment alone are compared with. */
  readonly segments?: Readonly<Record<string, SegmentReferences>>;
  /** Rows that are the same, in every feature, as a row before them. */
  readonly duplicates?: number;
  /** How features vary together; absent in older profiles, and where fewer than two features are numeric. */
  readonly coMoments?: CoMomentReference;
  /** Whether the output `anomaly_score` is how unusual rows are by this profile, and no answer of the model. */
  readonly rowScores?: boolean;
  /** How much the model heeds its features, as its trainer says; those that are not here count for nothing. */
  readonly importances?: Readonly<Record<string, number>>;
  /** How a model runtime's tensors become features; read by the auto-instrumentations. */
  readonly binding?: Readonly<Record<string, unknown>>;
}

export type FeatureReference = NumericReference | CategoricalReference | EmbeddingReference;

export interface NumericReference {
  readonly kind: 'numeric';
  readonly edges: readonly number[];
  /** One more than edges; bucket i holds `(edges[i-1], edges[i]]`. */
  readonly counts: readonly number[];
  /** For 5, 10 and 20 bins of equal share: indexes of the edges that close each bin but the last. */
  readonly bins: QuantileBins;
  /** Indexes of the quantile edges: the fine buckets of the location and spread test. */
  readonly quantileEdges: readonly number[];
  /** Indexes of the 0.1 % and the 99.9 % edge. */
  readonly tails: { readonly lower: number; readonly upper: number };
  readonly mean: number;
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  /** Rows without a usable number. */
  readonly missing: number;
  /** How many values differ from each other. */
  readonly distinct?: number;
  /** How many times dependent rows inflate the variance of this feature's tests; 1 for independent rows. */
  readonly phi?: number;
  /** The same of the test of missing rows. */
  readonly missingPhi?: number;
}

export type QuantileBins = { readonly [Bins in '5' | '10' | '20']: readonly number[] };

export interface CategoricalReference {
  readonly kind: 'categorical';
  readonly categories: Readonly<Record<string, number>>;
  /** Of an ordinal feature: its categories from the lowest to the highest. Others may be counted beside them. */
  readonly order?: readonly string[];
  readonly missing: number;
  /** How many categories there are, those that `_other` stands for included. */
  readonly distinct?: number;
  readonly phi?: number;
  readonly missingPhi?: number;
}

export interface EmbeddingReference {
  readonly kind: 'embedding';
  readonly dimensions: number;
  /** What the projections' directions are drawn from; the feature's name by default. */
  readonly seed: string;
  /** The random projections 0, 1, ... and, last, the norm. */
  readonly projections: readonly NumericReference[];
  readonly missing: number;
  readonly distinct?: undefined;
  readonly phi?: number;
  readonly missingPhi?: number;
}

/** How phi was measured: over `c` contiguous chunks of `m` rows; `pooled` is the mean over features. */
export interface Calibration {
  readonly c: number;
  readonly m: number;
  readonly pooled: number;
}

/** What the rows of one segment looked like: their own counts, on the edges of the whole. */
export interface SegmentReference {
  readonly rows: number;
  readonly features: Readonly<Record<string, SegmentFeature>>;
  readonly outputs: Readonly<Record<string, SegmentFeature>>;
  /** As of the whole: chunks of `m` rows of this segment. */
  readonly calibration?: Calibration;
}

/** A reference without what it shares with the whole: edges, and what the tests derive from counts. */
export type SegmentFeature = NumericSegment | CategoricalSegment | EmbeddingSegment;
export type NumericSegment = Omit<NumericReference, 'edges' | 'bins' | 'quantileEdges' | 'tails'>;
export type CategoricalSegment = Omit<CategoricalReference, 'order'>;
export interface EmbeddingSegment extends Omit<EmbeddingReference, 'dimensions' | 'seed' | 'projections'> {
  readonly projections: readonly NumericSegment[];
}

/** The segments of one attribute by value: `{ DE: ..., FR: ... }`. */
export type SegmentReferences = Readonly<Record<string, SegmentReference>>;

/**
 * Means and co-moments as of `CoMoments`, over the rows of the reference that have all of these features, and what a test
 * of correlations must know of rows that are not normal. Pairs come by rows of the lower triangle: 1-0, 2-0, 2-1, 3-0, ...
 */
export interface CoMomentReference {
  /** The first 50 numeric features at most. */
  readonly features: readonly string[];
  readonly count: number;
  readonly means: readonly number[];
  /** The lower triangle with its diagonal by rows. */
  readonly sums: readonly number[];
  /** Of each pair the variance of √n·atanh(r): 1 for normal rows, more where tails are heavy. */
  readonly variances: readonly number[];
  /** By how much time chunks scatter more than independent rows would, for each pair. */
  readonly phi?: readonly number[];
  /** Of each feature. */
  readonly skewness: readonly number[];
  readonly kurtosis: readonly number[];
  /** Of each pair, of atanh(r) times √n; where it is not known, the product of both features' skewness stands for it. */
  readonly pairSkewness?: readonly number[];
  /** Squared distance of a row from the first principal components: its mean and standard deviation over rows. */
  readonly reconstruction?: { readonly components: number; readonly error: number; readonly sd: number };
}

/** The id that belongs to a profile's content, whatever its `id` says. */
export function profileId(profile: Omit<ReferenceProfile, 'id'>): string {
  const content = Object.fromEntries(Object.entries(profile).filter(([key]) => key !== 'id' && key !== 'createdAt'));
  const firstWords = sha256(canonicalize(content) ?? '').subarray(0, 2);
  return `sha256:${Array.from(firstWords, (word) => word.toString(16).padStart(8, '0')).join('')}`;
}

/** Gives a new or changed profile the id of its content. */
export function withProfileId(profile: Omit<ReferenceProfile, 'id'>): ReferenceProfile {
  return { ...profile, id: profileId(profile) };
}
