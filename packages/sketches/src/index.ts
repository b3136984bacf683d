export type { CategoricalFeature } from './categorical-feature.ts';
export type { Distribution } from './distribution.ts';
export type { EmbeddingFeature } from './embedding-feature.ts';
export { FeatureProfile, type FeatureDefinitions, type FeatureProfileOptions } from './feature-profile.ts';
export { featureSketch, definitionFrom, type FeatureDefinition, type FeatureSketch } from './feature-sketch.ts';
export type { NumericFeature } from './numeric-feature.ts';
export { rowsOf, statuses, type ObservationStatus, type StatusCounts } from './observation-status.ts';
export { alignedBins, type AlignedBins } from './aligned-bins.ts';
export { categoricalReference } from './categorical-reference.ts';
export { CoMoments, type CoMomentsState, type StandardisedFeature } from './co-moments.ts';
export {
  EmbeddingProjections,
  normProjection,
  type EmbeddingSpace,
} from './embedding-projections.ts';
export { NumericReferenceCounter } from './numeric-reference.ts';
export { quantileBins, storedBins } from './quantile-bins.ts';
export {
  featureEdges,
  projectionEdges,
  referenceEdges,
  type EdgePlan,
  type ReferenceEdges,
} from './reference-edges.ts';
export { ReservoirSample } from './reservoir-sample.ts';
export { BucketEdges } from './bucket-edges.ts';
export { CategoryCounts, otherCategory, unseenCategory, type CategoryCountsOptions } from './category-counts.ts';
export { EdgeHistogram, type EdgeHistogramState } from './edge-histogram.ts';
export {
  ExponentialHistogram,
  type BucketRun,
  type ExponentialHistogramOptions,
  type ExponentialHistogramState,
} from './exponential-histogram.ts';
export { nextDown, nextUp } from './next-double.ts';
export { parseReferenceProfile } from './parse-reference-profile.ts';
export { ProfileError } from './profile-part.ts';
export {
  profileFormat,
  profileId,
  withProfileId,
  type Calibration,
  type CategoricalReference,
  type EmbeddingReference,
  type FeatureReference,
  type NumericReference,
  type QuantileBins,
  type ReferenceProfile,
} from './reference-profile.ts';
export { CompactFormatError } from './byte-reader.ts';
export { decodeProfile, encodeProfile } from './profile-codec.ts';
export { decodeSketch, encodeSketch, type Sketch } from './sketch-codec.ts';
