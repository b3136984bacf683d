import {
  ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE,
  ML_OUTPUT_NAME_VALUE_SCORE,
  ML_OUTPUT_NAME_VALUE_VALUE,
} from '@driftline/semantic-conventions';
import {
  type FeatureDefinition,
  type FeatureDefinitions,
  FeatureProfile,
  parseReferenceProfile,
  type ReferenceProfile,
} from '@driftline/sketches';
import { describeError, explainError, faults } from './faults.ts';
import type { FeatureDeclaration, FeatureKind, FeatureSource, SchemaLike } from './features.ts';
import { QualityChecks, type QualityOptions } from './quality-sketches.ts';
import type { RowAnomalies, RowScorer } from './row-anomalies.ts';
import { SchemaCheck, type Validate } from './schema-check.ts';
import { featuresOfSchema } from './schema-kinds.ts';
import { MAX_SEGMENT_NAMES } from './segments.ts';

/** `MonitorOptions` without the types that tie it to one schema or profile. */
export interface ObservedModelOptions {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly profile?: unknown;
  readonly features?: FeatureSource | undefined;
  readonly kinds?: Readonly<Record<string, FeatureKind | undefined>> | undefined;
  readonly unknownFeatures?: 'count' | 'record' | undefined;
  readonly maxFeatures?: number | undefined;
  readonly quality?: QualityOptions | undefined;
  readonly validate?: Validate | undefined;
  readonly segments?: readonly string[] | undefined;
  readonly anomalies?: RowAnomalies | undefined;
  readonly task?: 'binary' | 'multiclass' | 'regression' | 'ranking' | 'unsupervised' | undefined;
}

/** One version of a model, and what is known of its features before the first row. Never changes. */
export interface ObservedModel {
  readonly name: string;
  readonly version: string | undefined;
  /** Monitors of the same model, version and profile in one process share their sketches. */
  readonly key: string;
  readonly reference: ReferenceProfile | undefined;
  /** Without rows: each period begins with blanks of it. */
  readonly features: FeatureProfile;
  /** Features whose values are counted apart. */
  readonly segments: readonly string[];
  /** Which output a bare number is. */
  readonly numberOutput: string;
  /** Undefined where nothing more is asked for than distributions and statuses. */
  readonly quality: QualityChecks | undefined;
  readonly schema: SchemaCheck | undefined;
  /** Undefined where rows are not scored. */
  readonly scorer: RowScorer | undefined;
}

export function observedModel(options: ObservedModelOptions): ObservedModel {
  const reference = referenceOf(options);
  const name = options.name ?? reference?.model.name ?? 'unnamed';
  const version = options.version ?? reference?.model.version;
  const definitions = definitionsOf(name, options, reference);
  const { unknownFeatures, maxFeatures, validate, features: source } = options;
  const features = new FeatureProfile(definitions, { unknownFeatures, maxFeatures });
  const isDeclared = (feature: string): boolean => features.features.has(feature);
  const numberOutput = numberOutputOf(name, options, reference);
  return {
    name,
    version,
    key: JSON.stringify([name, version, reference?.id]),
    reference,
    features,
    segments: segmentNames(options, reference),
    numberOutput,
    quality: QualityChecks.of(options.quality),
    schema:
      source !== undefined && isSchema(source)
        ? SchemaCheck.of(name, source, { validate, isFeature: isDeclared })
        : undefined,
    scorer: scorerOf(name, options.anomalies, reference, numberOutput),
  };
}

/** Whatever is in the way is said once, and rows are not scored. */
function scorerOf(
  model: string,
  anomalies: RowAnomalies | undefined,
  reference: ReferenceProfile | undefined,
  numberOutput: string,
): RowScorer | undefined {
  if (anomalies === undefined) return undefined;
  const scorer = reference && anomalies(reference);
  const isTaken = numberOutput === ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE;
  if (scorer !== undefined && !isTaken) return scorer;
  const reason = isTaken
    ? 'its own answers are anomaly_score'
    : 'they need a profile with a numeric feature that varies';
  faults.count({
    stage: 'settings',
    model,
    topic: 'anomalies',
    message: `"${model}" has no row anomalies: ${reason}.`,
  });
  return undefined;
}

/** Those of the profile too: it was built with them to judge them. */
function segmentNames({ segments = [] }: ObservedModelOptions, reference: ReferenceProfile | undefined) {
  return [...new Set([...segments, ...Object.keys(reference?.segments ?? {})])].slice(0, MAX_SEGMENT_NAMES);
}

/** A broken profile must not stop the service: it runs without one, and says why. */
function referenceOf({ profile, name }: ObservedModelOptions): ReferenceProfile | undefined {
  if (profile === undefined) return undefined;
  try {
    return parseReferenceProfile(profile);
  } catch (error) {
    const model = name ?? 'a model';
    faults.count({
      stage: 'profile',
      model,
      message: `monitorModel() of ${model} goes on without its profile: ${describeError(error)}.`,
    });
    return undefined;
  }
}

/** A schema beside a profile says what is valid; on what edges and with which categories to count, the profile does. */
function definitionsOf(
  name: string,
  { features, kinds = {} }: ObservedModelOptions,
  reference: ReferenceProfile | undefined,
): FeatureDefinitions {
  if (features === undefined) return { ...reference?.features, ...ofKinds(kinds) };
  if (isSchema(features)) return { ...ofSchema(name, features), ...reference?.features, ...ofKinds(kinds) };
  return { ...reference?.features, ...ofKinds(features), ...ofKinds(kinds) };
}

const isSchema = (source: FeatureSource): source is SchemaLike => '~standard' in source;

function ofKinds(kinds: Readonly<Record<string, FeatureDeclaration | undefined>>): FeatureDefinitions {
  return Object.fromEntries(
    Object.entries(kinds).flatMap(([name, kind]) => (kind === undefined ? [] : [[name, definitionOf(kind)]])),
  );
}

function definitionOf(declared: FeatureDeclaration): FeatureDefinition {
  return typeof declared === 'string' ? ofKind[declared] : { kind: 'categorical', categories: declared };
}

const ofKind = {
  numeric: { kind: 'numeric' },
  categorical: { kind: 'categorical' },
  embedding: { kind: 'embedding' },
} as const satisfies Readonly<Record<FeatureKind, FeatureDefinition>>;

function ofSchema(model: string, schema: SchemaLike): FeatureDefinitions {
  try {
    const declared = featuresOfSchema(schema);
    if (declared !== undefined) return declared;
    faults.sayOnce(
      `${model}/schema`,
      `the schema of "${model}" (${schema['~standard'].vendor}) gives no JSON Schema, so kinds are taken from the first values seen. Set monitorModel({ kinds }).`,
    );
  } catch (error) {
    faults.count({
      stage: 'profile',
      model,
      message: `the schema of "${model}" threw ${explainError(error)}. Set monitorModel({ kinds }).`,
    });
  }
  return {};
}

function numberOutputOf(
  model: string,
  { task }: ObservedModelOptions,
  reference: ReferenceProfile | undefined,
): string {
  const numericOutputs = Object.entries(reference?.outputs ?? {}).flatMap(([name, { kind }]) =>
    kind === 'numeric' && !(reference?.rowScores === true && name === ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE) ? [name] : [],
  );
  if (numericOutputs.length === 1 && numericOutputs[0] !== undefined) return numericOutputs[0];
  if (task === 'unsupervised') {
    if (reference?.rowScores !== true) return ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE;
    // Two kinds of scores would be compared with each other, and differ for ever.
    faults.count({
      stage: 'settings',
      model,
      topic: 'output',
      message: `"${model}" answers anomaly scores, and its profile has those of rows: its answers are the output "value". Build the profile without --anomaly-scores.`,
    });
  }
  return task === 'binary' || task === 'multiclass' ? ML_OUTPUT_NAME_VALUE_SCORE : ML_OUTPUT_NAME_VALUE_VALUE;
}
