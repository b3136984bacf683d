import { ML_OPERATION_NAME_VALUE_PREDICT } from '@driftline/semantic-conventions';
import { ActiveCall, type WatchedModel } from './active-call.ts';
import { CallMappers, isMapper, type MapperOptions } from './call-mappers.ts';
import { applyInCall } from './enclosing-call.ts';
import { describeError, faults } from './faults.ts';
import { announceFirstCall } from './first-call.ts';
import { isRecord } from './is-record.ts';
import type { ModelVersion } from './model-version.ts';
import { type CallSeries, callSeries } from './operations/call-series.ts';
import type { CallOptions } from './prediction.ts';
import { newPredictionId } from './prediction-id.ts';
import { isAsyncIterable, observeStream } from './stream-observer.ts';
import type { InvalidFeaturesError } from './schema-check.ts';
import type { AnyFunction, Monitored } from './wrap-types.ts';

export interface WrapperOptions extends MapperOptions {
  readonly operation: string;
  readonly system: string | undefined;
  readonly remote: { readonly address: string; readonly port?: number } | undefined;
}

/** `WrapOptions` are tied to the parameters of one function: here they are taken as what they turn out to be. */
export function wrapperOptions(given: unknown): WrapperOptions {
  const { operation, system, remote, id, at, caller, segment, features, prediction } = isRecord(given) ? given : {};
  return {
    operation: typeof operation === 'string' ? operation : ML_OPERATION_NAME_VALUE_PREDICT,
    system: typeof system === 'string' ? system : undefined,
    remote: isAddress(remote) ? remote : undefined,
    id: isMapper(id) ? id : undefined,
    at: isMapper(at) ? at : undefined,
    caller: isMapper(caller) ? caller : undefined,
    segment: isMapper(segment) ? segment : undefined,
    features: isMapper(features) ? features : undefined,
    prediction: isMapper(prediction) ? prediction : undefined,
  };
}

function isAddress(value: unknown): value is { readonly address: string; readonly port?: number } {
  return isRecord(value) && typeof value.address === 'string';
}

/** What a wrapper asks its monitor. */
export interface WrappedModel extends WatchedModel {
  /** Undefined while monitoring is switched off. */
  versionOf(call: CallOptions | undefined): ModelVersion | undefined;
}

export function wrapPredict<T extends AnyFunction>(
  model: WrappedModel,
  predict: T,
  options: WrapperOptions,
): Monitored<T> {
  const calls = new PredictWrapper(model, predict, options);
  function monitored(this: unknown, ...args: never[]): unknown {
    return calls.call(this, args, undefined);
  }
  Object.defineProperties(monitored, { name: described(predict.name), length: described(predict.length) });
  // Whatever else the function carries (a pipeline's tokenizer, dispose, ...) is found behind it.
  return Object.assign(Object.setPrototypeOf(monitored, predict), {
    with: (call: CallOptions) =>
      function (this: unknown, ...args: never[]): unknown {
        return calls.call(this, args, call);
      },
    tracked(this: unknown, ...args: never[]): unknown {
      return calls.tracked(this, args);
    },
  });
}

const described = (value: string | number): PropertyDescriptor => ({ value, configurable: true });

class PredictWrapper {
  readonly #model: WrappedModel;
  readonly #predict: AnyFunction;
  readonly #options: WrapperOptions;
  readonly #mappers: CallMappers;
  #series: { readonly version: ModelVersion; readonly calls: CallSeries } | undefined;

  constructor(model: WrappedModel, predict: AnyFunction, options: WrapperOptions) {
    this.#model = model;
    this.#predict = predict;
    this.#options = options;
    this.#mappers = new CallMappers(model.name, options);
  }

  call(self: unknown, args: never[], options: CallOptions | undefined): unknown {
    const call = options?.skip === true ? undefined : this.#begin(args, options);
    if (call === undefined) return Reflect.apply(this.#predict, self, args);
    if (call.refusal !== undefined) return refused(call, call.refusal, this.#predict);
    let result: unknown;
    try {
      result = applyInCall(call.context, this.#predict, self, args);
    } catch (error) {
      call.failed(error);
      throw error;
    }
    if (isThenable(result)) return settled(result, call);
    if (isAsyncIterable(result)) return observeStream(result, call);
    call.succeeded(result);
    return result;
  }

  tracked(self: unknown, args: never[]): unknown {
    const predictionId = this.#mappers.ids(args, undefined)[0] ?? newPredictionId();
    const result = this.call(self, args, { id: predictionId });
    return isThenable(result) ? result.then((value) => ({ result: value, predictionId })) : { result, predictionId };
  }

  /** All of ours that comes before the model; where it breaks, the model runs unwatched. */
  #begin(args: readonly never[], options: CallOptions | undefined): ActiveCall | undefined {
    const { name } = this.#model;
    try {
      const version = this.#model.versionOf(options);
      if (version === undefined) return undefined;
      announceFirstCall();
      return new ActiveCall({
        model: this.#model,
        version,
        series: this.#seriesOf(version),
        mappers: this.#mappers,
        args,
        options,
      });
    } catch (error) {
      faults.count({ stage: 'record', model: name, message: `monitoring of "${name}" threw ${describeError(error)}.` });
      return undefined;
    }
  }

  #seriesOf(version: ModelVersion): CallSeries {
    if (this.#series?.version !== version) {
      const { operation, system, remote } = this.#options;
      const calls = callSeries({
        model: version.observed.name,
        version: version.observed.version,
        operation,
        system,
        remote,
      });
      this.#series = { version, calls };
    }
    return this.#series.calls;
  }
}

/** As the model itself would fail: an asynchronous one rejects. */
function refused(call: ActiveCall, error: InvalidFeaturesError, predict: AnyFunction): Promise<never> {
  call.failed(error);
  if (Object.prototype.toString.call(predict) === '[object AsyncFunction]') return Promise.reject(error);
  throw error;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Derived, not observed from the side: a rejection that nobody handles must stay unhandled. */
function settled(result: PromiseLike<unknown>, call: ActiveCall): PromiseLike<unknown> {
  return result.then(
    (value) => {
      if (isAsyncIterable(value)) return observeStream(value, call);
      call.succeeded(value);
      return value;
    },
    (error: unknown) => {
      call.failed(error);
      throw error;
    },
  );
}
