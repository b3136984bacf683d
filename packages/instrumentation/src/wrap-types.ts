import type { CallOptions, Prediction } from './prediction.ts';

/** Any function: every parameter list is assignable from `never[]`. */
export type AnyFunction = (...args: never[]) => unknown;

type MaybeBatch<T> = T | readonly T[];

/** What the mapper sees: the awaited result, or the chunks of a stream. */
type Settled<Result> = Result extends AsyncIterable<infer Chunk> ? readonly Chunk[] : Awaited<Result>;

type FeatureMapper<T extends AnyFunction, F> = (...args: Parameters<T>) => MaybeBatch<Partial<F>>;
type PredictionMapper<T extends AnyFunction> = (
  result: Settled<ReturnType<T>>,
  ...args: Parameters<T>
) => MaybeBatch<Prediction>;

interface CommonWrapOptions<T extends AnyFunction> {
  /** `predict` unless said otherwise; also the first word of the span's name. */
  readonly operation?: string;
  /** The runtime or service that runs the model: `onnxruntime`, `aws.sagemaker`, ... */
  readonly system?: string;
  /** The business key, or one a row for a batch. */
  readonly id?: (...args: Parameters<T>) => string | readonly string[] | undefined;
  readonly at?: (...args: Parameters<T>) => Date | number;
  /** Also counted apart: `{ tenant: 'free' }`, or one a row for a batch. What is a feature is said by `segments` of the monitor. */
  readonly segment?: (...args: Parameters<T>) => MaybeBatch<Readonly<Record<string, string>>> | undefined;
  /** Who asks: a key, an account. Compared with other callers to see floods and probing; never leaves the process. */
  readonly caller?: (...args: Parameters<T>) => string | undefined;
  /** The model runs elsewhere: a CLIENT span and `ml.client.prediction.duration`. */
  readonly remote?: { readonly address: string; readonly port?: number };
}

/** A mapper is required only where the argument is not the features already, or the result no prediction. */
export type WrapOptions<T extends AnyFunction, F> = CommonWrapOptions<T> &
  (Parameters<T>[0] extends MaybeBatch<F>
    ? { readonly features?: FeatureMapper<T, F> }
    : { readonly features: FeatureMapper<T, F> }) &
  (Settled<ReturnType<T>> extends MaybeBatch<Prediction>
    ? { readonly prediction?: PredictionMapper<T> }
    : { readonly prediction: PredictionMapper<T> });

export type OptionalWhenEmpty<Options> = Partial<Options> extends Options ? [options?: Options] : [options: Options];

export type Tracked<Result> =
  Result extends PromiseLike<infer Value>
    ? Promise<{ readonly result: Value; readonly predictionId: string }>
    : { readonly result: Result; readonly predictionId: string };

/** The wrapped function with its own type (overloads, generics, `this`, sync or async) and two methods more. */
export type Monitored<T extends AnyFunction> = T & {
  /** The same function with facts about this call: `predict.with({ id })(row)`. */
  with(call: CallOptions): T;
  /** Also tells the prediction's id, made up where none was given. */
  tracked(...args: Parameters<T>): Tracked<ReturnType<T>>;
};
