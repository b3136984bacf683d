/** The types that tie a monitor's features to what a caller hands over. */

export type Embedding = readonly number[] | Float32Array | Float64Array;
export type FeatureValue = number | bigint | string | boolean | Date | Embedding | null | undefined;
export type Features = Readonly<Record<string, FeatureValue>>;
export type FeatureKind = 'numeric' | 'categorical' | 'embedding';
/** A kind, or the names of a category: only declared names leave the process, others are `_unseen`. */
export type FeatureDeclaration = FeatureKind | readonly string[];
export type FeatureKinds = Readonly<Record<string, FeatureDeclaration>>;

/**
 * What `import profile from './p.json' with { type: 'json' }` looks like to TypeScript: keyed by name, so that names stay
 * literal, while kinds widen to `string`. Its contents are checked when the monitor is made.
 */
export interface ProfileLike {
  readonly format: string;
  readonly model: { readonly name: string; readonly version: string };
  readonly features: Readonly<Record<string, { readonly kind: string }>>;
}

/** A Standard Schema (zod, valibot, arktype, ...). Kinds come from its JSON Schema where the library gives one. */
export interface SchemaLike<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

export type FeatureSource = SchemaLike | FeatureKinds;

/** The features of a monitor: of its schema or kinds, else of its profile, else any. */
export type FeaturesOf<Source, Profile> =
  Source extends SchemaLike<infer Output>
    ? Output extends object
      ? Readonly<Output>
      : never
    : Source extends FeatureKinds
      ? { readonly [Name in keyof Source]: ValueOfKind<Source[Name]> }
      : Profile extends ProfileLike
        ? { readonly [Name in keyof Profile['features']]: ValueOfKind<Profile['features'][Name]['kind']> }
        : Features;

/** Values that a feature of this kind takes; a kind that widened to `string` takes any. */
type ValueOfKind<Kind> = Kind extends 'numeric'
  ? number | bigint | Date | null | undefined
  : Kind extends 'categorical' | readonly string[]
    ? string | boolean | null | undefined
    : Kind extends 'embedding'
      ? Embedding | null | undefined
      : FeatureValue;
