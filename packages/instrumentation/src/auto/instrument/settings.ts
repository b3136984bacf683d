import type { ReferenceProfile } from '@driftline/sketches';
import type { FeatureRow } from '../../call-mappers.ts';
import type { ProfileLike } from '../../features.ts';
import type { Prediction } from '../../prediction.ts';
import type { PrivacyOptions } from '../../privacy.ts';
import type { RowAnomalies } from '../../row-anomalies.ts';
import type { SamplingOptions } from '../../sampling.ts';
import type { Binding } from '../binding.ts';
import type { ModelInputs, ModelOutputs } from '../model-data.ts';

/** Of all models that auto-instrumentations watch; nothing in it is needed. */
export interface AutoInstrumentationConfig {
  readonly enabled?: boolean;
  /** What is to be done about which model; the first that matches counts. */
  readonly models?: readonly WatchedModelConfig[];
  /** Reference profiles. Each finds its model by its name, its `binding.model` or the tensors in its binding. */
  readonly profiles?: readonly (ProfileLike | ReferenceProfile)[];
}

export interface WatchedModelConfig {
  /** The name, file name, end of the path or URL of the model, with or without extension; or a pattern of any of these. */
  readonly match: string | RegExp;
  readonly name?: string;
  readonly version?: string;
  readonly profile?: ProfileLike | ReferenceProfile;
  /** Which tensors are features and answer; that of the profile where left out. */
  readonly binding?: Binding;
  /** One row or the rows of a batch, in place of the binding. */
  readonly features?: (inputs: ModelInputs) => FeatureRow | readonly FeatureRow[];
  readonly prediction?: (outputs: ModelOutputs) => Prediction | readonly Prediction[];
  /** Which values of single predictions may leave. Default: none. */
  readonly privacy?: PrivacyOptions;
  /** Which calls have a span. Default: as `startDriftline({ sampling })` says. */
  readonly sampling?: SamplingOptions;
  /** `rowAnomalies`: how unusual each row is, by the profile. Default: none. */
  readonly anomalies?: RowAnomalies;
  /** Leave its calls alone. */
  readonly ignore?: boolean;
}
