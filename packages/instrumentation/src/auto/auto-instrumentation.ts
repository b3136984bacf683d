import type { ModelInputs, ModelOutputs } from './model-data.ts';
import type { Interceptor } from './patched-module.ts';

/** Everything Driftline knows about one library: which of its methods ask a model, and how to read them. */
export interface AutoInstrumentation {
  readonly name: string;
  /** `ml.system.name`, unless the description of a model says another. */
  readonly system: string;
  /** What is watched, in a sentence for the documentation. */
  readonly watches: string;
  /** The npm modules that have it, each with its supported versions; none where it watches what `globalThis` has. */
  readonly modules: readonly { readonly name: string; readonly versions: readonly string[] }[];
  /**
   * The methods to patch, given the exports of one of the modules (or `globalThis`). Nothing where the exports are not
   * what was expected: other versions of the library come along.
   */
  patches(exports: object): Iterable<MethodPatch>;
}

export type MethodPatch = WatchedMethod | WatchedSource | FactoryMethod;

interface PatchedPlace {
  /** What has the method: a class's prototype, a class, the exports themselves. */
  readonly on: object;
  readonly method: string;
}

/** Which model calls ask, and how to read them. */
export interface ModelCalls {
  /**
   * Which model a call asks: the object that is the model, or a name that tells it from others. `describe` is asked once
   * for each. Undefined: this call asks no model and stays as it is. Left out: the object that has the method.
   */
  modelOf?(self: unknown, args: readonly unknown[]): object | string | undefined;
  describe(self: unknown, args: readonly unknown[]): ModelDescription;
}

/** A method that asks a model. */
export interface WatchedMethod extends PatchedPlace, ModelCalls {}

/** Calls that are no method's, as those that a diagnostics channel tells of. */
export interface WatchedSource extends ModelCalls {
  /** Hands each call to `intercept`, as a patched method does; returns how to stop. */
  listen(intercept: Interceptor): () => void;
}

/** A method that makes models, watched for what only it knows: where a model comes from. */
export interface FactoryMethod extends PatchedPlace {
  /** Called with what it returned, awaited. */
  made(model: unknown, args: readonly unknown[]): void;
}

/** One model as the library knows it. The user's settings and profiles say the rest. */
export interface ModelDescription {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** The path or URL that it was loaded from, or is asked at. */
  readonly source?: string | undefined;
  /** The names of its input tensors, where the library tells them: a profile may be found by them. */
  readonly inputNames?: readonly string[] | undefined;
  /** `predict` unless said otherwise. */
  readonly operation?: string | undefined;
  readonly system?: string | undefined;
  /** Where it runs, if not in this process. */
  readonly remote?: { readonly address: string; readonly port?: number } | undefined;
  /** What a call hands to the model. Asked before the model runs, or, with `readsInputsLate`, when it has answered. */
  inputs(args: readonly unknown[]): ModelInputs | undefined;
  /** For inputs that are written after the call began, as a request's body, or cost the caller time to read. */
  readonly readsInputsLate?: boolean | undefined;
  /** What it answered. A promise where the application reads the answer later, as the body of a response. */
  outputs(result: unknown, args: readonly unknown[]): ModelOutputs | undefined | Promise<ModelOutputs | undefined>;
  /** Told before a call whose outputs will be asked for; of others the answer need not be kept. */
  keepAnswer?(args: readonly unknown[]): void;
  /** The same arguments with these headers (W3C trace context) added to what is sent. */
  withHeaders?(args: readonly unknown[], headers: Readonly<Record<string, string>>): readonly unknown[];
}

export function defineAutoInstrumentation<const Definition extends AutoInstrumentation>(
  definition: Definition,
): Definition {
  return definition;
}
