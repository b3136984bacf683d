import type { FeatureKind, FeaturesOf, ProfileLike } from './features.ts';
import type { CallOptions, Outcome, Prediction } from './prediction.ts';
import type { PrivacyOptions } from './privacy.ts';
import type { QualityOptions } from './quality-sketches.ts';
import type { RowAnomalies } from './row-anomalies.ts';
import type { SamplingOptions } from './sampling.ts';
import type { Validate } from './schema-check.ts';
import type { AnyFunction, Monitored, OptionalWhenEmpty, WrapOptions } from './wrap-types.ts';

/** A profile names its model; without one the name is required. */
type Identity<Profile> =
  | { readonly profile: Profile & ProfileLike; readonly name?: string }
  | { readonly profile?: undefined; readonly name: string };

export type MonitorOptions<Source, Profile> = Identity<Profile> & {
  readonly version?: string;
  /** A map of kinds, `{ age: 'numeric', state: ['CA', 'NY'] }`, or a Standard Schema; a profile says it already. */
  readonly features?: Source;
  /** Corrects what the schema says: a numeric code may be a category. */
  readonly kinds?: { readonly [Name in keyof FeaturesOf<Source, Profile>]?: FeatureKind };
  /** What becomes of features that neither profile nor schema knows. `record` without either, else `count`. */
  readonly unknownFeatures?: 'count' | 'record';
  /** At most so many features without a profile. Default 200. */
  readonly maxFeatures?: number;
  /** Counted for data quality beside distributions, at a price at every row: repeated rows, different values. Default: none. */
  readonly quality?: QualityOptions<keyof FeaturesOf<Source, Profile> & string>;
  /**
   * Rows that do not match the schema in `features` are counted by feature and kind (the default), refused by throwing an
   * `InvalidFeaturesError` before the model runs, or not looked for. Columns are never validated.
   */
  readonly validate?: Validate;
  /**
   * `rowAnomalies` scores each row by how far it is from what the profile knows: the output `anomaly_score`, and on the span
   * of a single row the score and the features behind it, by name. Default: none.
   */
  readonly anomalies?: RowAnomalies;
  /** Features whose values are also counted apart, such as `country`: at most 5 features, 20 values of each. */
  readonly segments?: readonly (keyof FeaturesOf<Source, Profile> & string)[];
  readonly task?: 'binary' | 'multiclass' | 'regression' | 'ranking' | 'unsupervised';
  /** Reports each prediction that has an id, so that outcomes find it; `sampleRatio` of them, chosen by id. */
  readonly outcomes?: { readonly joinById: boolean; readonly sampleRatio?: number };
  /** Which calls have a span. Default: as `startDriftline({ sampling })` says. */
  readonly sampling?: SamplingOptions;
  /** Which values of single predictions may leave. Default: none. */
  readonly privacy?: PrivacyOptions<keyof FeaturesOf<Source, Profile> & string>;
};

export interface RecordedRow<F> extends CallOptions {
  readonly features?: Partial<F>;
  readonly prediction?: Prediction;
  readonly durationMs?: number;
  /** The call failed with it. */
  readonly error?: unknown;
}

export interface RecordedColumns<F> extends Omit<CallOptions, 'at' | 'id' | 'skip' | 'segment'> {
  readonly features: { readonly [Name in keyof F]?: ArrayLike<F[Name] | null | undefined> | NumberColumn };
  /** Numbers or classes, one a row. */
  readonly predictions?: ArrayLike<number | string>;
  /** Of all rows, or a column with one a row: `{ region: 'eu', tenant: tenants }`. */
  readonly segment?: Readonly<Record<string, string | ArrayLike<string>>>;
  /** Event time: of all rows, or one a row, in milliseconds since the epoch. Now, where left out. */
  readonly at?: ArrayLike<number> | Date | number;
}

type NumberColumn =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

export interface ModelMonitor<F> {
  readonly name: string;
  readonly version: string | undefined;
  /** Gives the same function back, watched. */
  wrap<T extends AnyFunction>(predict: T, ...options: OptionalWhenEmpty<WrapOptions<T, F>>): Monitored<T>;
  /** One row seen elsewhere: a queue consumer, a proxy. Never throws. */
  record(row: RecordedRow<F>): void;
  /** Columns of equal length: the cheap way for batches. Never throws. */
  recordColumns(columns: RecordedColumns<F>): void;
  /** Ground truth, whenever it is known. Never throws. */
  recordOutcome(outcome: Outcome | readonly Outcome[]): void;
  /**
   * A request that never reached the model: what it was answered with, as an HTTP status. 401 counts as unauthenticated,
   * 403 as forbidden, 429 as throttled, 400, 413, 415 and 422 as invalid; others are no refusals. Never throws.
   */
  recordRefusal(status: number): void;
  /** Another version or profile from now on; calls under way finish on the old one. */
  update(next: { readonly version?: string; readonly profile?: ProfileLike }): void;
}
