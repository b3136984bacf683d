import { ML_OPERATION_NAME_VALUE_PREDICT } from '@driftline/semantic-conventions';
import { context, propagation } from '@opentelemetry/api';
import { enclosingModel } from '../../enclosing-call.ts';
import { describeError, faults } from '../../faults.ts';
import { recording } from '../../lane/recording.ts';
import { Monitor } from '../../monitor-model.ts';
import { wrapPredict } from '../../predict-wrapper.ts';
import type { AnyFunction } from '../../wrap-types.ts';
import type { AutoInstrumentation, ModelCalls, ModelDescription } from '../auto-instrumentation.ts';
import type { ModelInputs, ModelOutputs } from '../model-data.ts';
import { isObject } from '../module-exports.ts';
import type { Interceptor } from '../patched-module.ts';
import { CallReader } from './call-reader.ts';
import { modelSettings, type ModelSettings } from './model-settings.ts';
import type { AutoInstrumentationConfig } from './settings.ts';

/** Models that are told apart by a name, as those behind an address, are watched up to so many. */
const MAX_NAMES = 1000;

/** The models whose calls go through one patched method: each has its monitor from its first call on. */
export class WatchedModels {
  readonly #definition: AutoInstrumentation;
  readonly #calls: ModelCalls;
  readonly #config: () => AutoInstrumentationConfig;
  readonly #byObject = new WeakMap<object, WatchedModel>();
  readonly #byName = new Map<string, WatchedModel>();

  constructor(definition: AutoInstrumentation, calls: ModelCalls, config: () => AutoInstrumentationConfig) {
    this.#definition = definition;
    this.#calls = calls;
    this.#config = config;
  }

  readonly intercept: Interceptor = (original, self, args) => {
    const model = this.#modelOf(original, self, args);
    if (model?.isWatchedHere() !== true) return Reflect.apply(model?.unwatched ?? original, self, args);
    model.sayWhatIsMissing();
    return Reflect.apply(model.watched, self, args);
  };

  /** Of ours all that can go wrong before the call; then the call is nobody's but the application's. */
  #modelOf(original: AnyFunction, self: unknown, args: readonly unknown[]): WatchedModel | undefined {
    try {
      const key = this.#calls.modelOf === undefined ? self : this.#calls.modelOf(self, args);
      if (typeof key === 'string') return this.#byName.get(key) ?? this.#newNamed(key, original, self, args);
      if (!isObject(key)) return undefined;
      const known = this.#byObject.get(key);
      if (known !== undefined) return known;
      const model = this.#newModel(original, self, args);
      this.#byObject.set(key, model);
      return model;
    } catch (error) {
      const { name } = this.#definition;
      faults.count({ stage: 'auto', model: name, message: `reading a call of ${name} threw ${describeError(error)}.` });
      return undefined;
    }
  }

  #newNamed(key: string, original: AnyFunction, self: unknown, args: readonly unknown[]): WatchedModel | undefined {
    if (this.#byName.size >= MAX_NAMES) {
      const { name } = this.#definition;
      faults.sayOnce(
        `${name}/models`,
        `${name} is asked for more than ${MAX_NAMES} models; further ones are not watched.`,
      );
      return undefined;
    }
    const model = this.#newModel(original, self, args);
    this.#byName.set(key, model);
    return model;
  }

  #newModel(original: AnyFunction, self: unknown, args: readonly unknown[]): WatchedModel {
    const description = this.#calls.describe(self, args);
    const settings = modelSettings(this.#config(), description, this.#definition.name);
    return new WatchedModel(this.#definition, description, settings, original);
  }
}

class WatchedModel {
  readonly watched: AnyFunction;
  /** Not for our eyes, but the trace goes on where the model runs elsewhere. */
  readonly unwatched: AnyFunction;
  readonly #library: string;
  readonly #settings: ModelSettings;
  #isMissingSaid = false;

  constructor(
    definition: AutoInstrumentation,
    description: ModelDescription,
    settings: ModelSettings,
    original: AnyFunction,
  ) {
    const { name, version, profile, config } = settings;
    const { privacy, sampling, anomalies } = config ?? {};
    const monitor = new Monitor({
      name,
      version,
      profile,
      anomalies,
      ...(privacy && { privacy }),
      ...(sampling && { sampling }),
    });
    const reader = new CallReader(settings);
    const inputsOf = (args: readonly unknown[]): ModelInputs => description.inputs(args) ?? {};
    this.#library = definition.name;
    this.#settings = settings;
    this.unwatched = withTraceContext(description, original);
    this.watched = wrapPredict(monitor, this.#keepingAnswers(description), {
      operation: description.operation ?? ML_OPERATION_NAME_VALUE_PREDICT,
      system: description.system ?? definition.system,
      remote: description.remote,
      readsLate: description.readsInputsLate === true,
      features: (...args) => (settings.isNamed ? reader.features(inputsOf(args)) : undefined),
      batchSize: (...args) => reader.batchSize(inputsOf(args)),
      awaitsPrediction: true,
      prediction: (result: unknown, ...args: never[]) => {
        if (!settings.isNamed) return undefined;
        const read = (outputs: ModelOutputs | undefined): unknown =>
          outputs && reader.predictions(outputs, description.inputs(args));
        const outputs = description.outputs(result, args);
        return outputs instanceof Promise ? outputs.then(read) : read(outputs);
      },
    });
  }

  #keepingAnswers(description: ModelDescription): AnyFunction {
    const { unwatched } = this;
    if (description.keepAnswer === undefined || !this.#settings.isNamed) return unwatched;
    return function keeping(this: unknown, ...args: never[]): unknown {
      description.keepAnswer?.(args);
      return Reflect.apply(unwatched, this, args);
    };
  }

  /**
   * What runs inside another watched call is part of it, as the session inside a pipeline is: unless the user named its
   * model, and that is another one than the call's.
   */
  isWatchedHere(): boolean {
    const { name, isNamed, config } = this.#settings;
    if (config?.ignore === true) return false;
    const enclosing = enclosingModel(context.active());
    return enclosing === undefined || (isNamed && enclosing !== name);
  }

  /** Of models that are watched: one inside another has no need of a profile. */
  sayWhatIsMissing(): void {
    const { name, isNamed } = this.#settings;
    if (isNamed || this.#isMissingSaid || recording.current === undefined) return;
    this.#isMissingSaid = true;
    faults.sayOnce(
      `${name}/not-named`,
      `"${name}" (${this.#library}) has no profile, so only spans and latency of it are seen. ` +
        'List its profile in DRIFTLINE_PROFILES, or the model in the settings of the auto-instrumentation.',
    );
  }
}

function withTraceContext(description: ModelDescription, original: AnyFunction): AnyFunction {
  if (description.withHeaders === undefined) return original;
  return function send(this: unknown, ...args: never[]): unknown {
    return Reflect.apply(original, this, withCurrentContext(args, description));
  };
}

function withCurrentContext(args: readonly unknown[], description: ModelDescription): readonly unknown[] {
  try {
    const headers: Record<string, string> = {};
    propagation.inject(context.active(), headers);
    return description.withHeaders?.(args, headers) ?? args;
  } catch (error) {
    faults.count({ stage: 'auto', message: `a request goes without its trace context: ${describeError(error)}.` });
    return args;
  }
}
