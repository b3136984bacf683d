export { alignedBins, type AlignedBins, countsBetween } from './aligned-bins.ts';
export { BucketEdges } from './bucket-edges.ts';
export { CompactFormatError } from './byte-reader.ts';
export type { CategoricalFeature } from './categorical-feature.ts';
export { categoricalReference, keptCategories, type CategoricalReferenceOptions } from './categorical-reference.ts';
export { CategoryCounts, type CategoryCountsOptions, otherCategory, unseenCategory } from './category-counts.ts';
export { mostCoMomentFeatures } from './co-moment-sampling.ts';
export {
  CoMoments,
  type CoMomentsState,
  standardised,
  type StandardisedFeature,
  widestDeviation,
  triangleIndex,
} from './co-moments.ts';
export { DistinctValues } from './distinct-values.ts';
export { type Distribution, onSameBuckets } from './distribution.ts';
export { EdgeHistogram, type EdgeHistogramState } from './edge-histogram.ts';
export type { EmbeddingFeature } from './embedding-feature.ts';
export { EmbeddingProjections, type EmbeddingSpace, normProjection } from './embedding-projections.ts';
export {
  type BucketRun,
  ExponentialHistogram,
  type ExponentialHistogramOptions,
  type ExponentialHistogramState,
} from './exponential-histogram.ts';
export { type FeatureDefinitions, FeatureProfile, type FeatureProfileOptions } from './feature-profile.ts';
export { definitionFrom, type FeatureDefinition, type FeatureSketch, featureSketch } from './feature-sketch.ts';
export { nextDown, nextUp } from './next-double.ts';
export { numberOf, type NumericFeature } from './numeric-feature.ts';
export { NumericReferenceCounter } from './numeric-reference.ts';
export { type ObservationStatus, rowsOf, type StatusCounts, statuses } from './observation-status.ts';
export { parseReferenceProfile } from './parse-reference-profile.ts';
export { decodeProfile, encodeProfile } from './profile-codec.ts';
export { ProfileError } from './profile-part.ts';
export { quantileBins, storedBins } from './quantile-bins.ts';
export {
  type EdgePlan,
  featureEdges,
  projectionEdges,
  type ReferenceEdges,
  referenceEdges,
} from './reference-edges.ts';
export {
  type Calibration,
  type CategoricalReference,
  type CoMomentReference,
  type EmbeddingReference,
  type EmbeddingSegment,
  type FeatureReference,
  type NumericReference,
  type NumericSegment,
  profileFormat,
  profileId,
  type QuantileBins,
  type ReferenceProfile,
  type SegmentFeature,
  type SegmentReference,
  type SegmentReferences,
  withProfileId,
} from './reference-profile.ts';
export { RepeatedRows } from './repeated-rows.ts';
export { ReservoirSample } from './reservoir-sample.ts';
export { type ProfileScorer, rowScorer, type ScoringReference } from './row-scorer.ts';
export { RunningMoments } from './running-moments.ts';
export { segmentPlace, segmentText } from './segment-place.ts';
export { referenceOfSegment, segmentFeature, testEdges } from './segment-reference.ts';
export { decodeSketch, encodeSketch, type Sketch } from './sketch-codec.ts';
