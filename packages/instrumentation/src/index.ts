export { startDriftline } from './driftline.ts';
export type { Fault, Stage } from './faults.ts';
export type {
  Embedding,
  FeatureDeclaration,
  FeatureKind,
  FeatureKinds,
  Features,
  FeatureSource,
  FeaturesOf,
  FeatureValue,
  ProfileLike,
  SchemaLike,
} from './features.ts';
export { monitorModel } from './monitor-model.ts';
export type { ModelMonitor, MonitorOptions, RecordedColumns, RecordedRow } from './monitor-types.ts';
export type { OperationsProducer, Temporality } from './operations/metric-producer.ts';
export type { CallOptions, Outcome, Prediction } from './prediction.ts';
export { type HashKey, hashKey } from './hash-key.ts';
export type { PredictionPart, PrivacyOptions } from './privacy.ts';
export type { QualityOptions } from './quality-sketches.ts';
export { rowAnomalies, type RowAnomalies, type RowScorer } from './row-anomalies.ts';
export { InvalidFeaturesError, type Validate } from './schema-check.ts';
export type { SamplingOptions } from './sampling.ts';
export type { DriftlineOptions } from './settings.ts';
export type { Driftline, DriftlineStatus } from './start.ts';
export {
  type TextFeatureOptions,
  type TextFeatures,
  type TextFeaturesWithVocabulary,
  textFeatureKinds,
  textFeatures,
  textFeaturesWith,
  vocabularyFeatureKinds,
} from './text-features.ts';
export type { AnyFunction, Monitored, Tracked, WrapOptions } from './wrap-types.ts';
