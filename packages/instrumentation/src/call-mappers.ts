import { describeError, faults, type Stage } from './faults.ts';
import type { Segment, Segmented } from './segments.ts';
import { type CallOptions, millisecondsOf, partsOf, type PredictionParts } from './prediction.ts';

type Mapper = (...args: never[]) => unknown;

/** `WrapOptions` without the types that tie its mappers to one function. */
export interface MapperOptions {
  readonly id?: Mapper | undefined;
  readonly at?: Mapper | undefined;
  readonly caller?: Mapper | undefined;
  readonly segment?: Mapper | undefined;
  readonly features?: Mapper | undefined;
  /** The features are complete only when the model has answered. */
  readonly readsLate?: boolean;
  readonly prediction?: Mapper | undefined;
  /** `prediction` may give a promise: the answer is read later, as a response's body is. */
  readonly awaitsPrediction?: boolean;
  /** Rows of a call, where its features do not tell. */
  readonly batchSize?: Mapper | undefined;
}

export const isMapper = (value: unknown): value is Mapper => typeof value === 'function';

/** A promise where it is known only after the call. */
export type MaybeLater<Value> = Value | Promise<Value>;

export type FeatureRow = Readonly<Record<string, unknown>>;

/** The caller's mappers, fenced: whatever they throw or return is our problem, counted and said once. */
export class CallMappers {
  readonly #model: string;
  readonly #options: MapperOptions;

  constructor(model: string, options: MapperOptions) {
    this.#model = model;
    this.#options = options;
  }

  get readsLate(): boolean {
    return this.#options.readsLate === true;
  }

  /** One row or the rows of a batch. */
  rows(args: readonly never[]): FeatureRow | readonly FeatureRow[] | undefined {
    const mapped = this.#mapped('features', this.#options.features, args, args[0]);
    if (isRow(mapped) || (Array.isArray(mapped) && mapped.every(isRow))) return mapped;
    if (mapped !== undefined) this.#complain('features', 'gave neither a row of features nor an array of rows');
    return undefined;
  }

  /** A promise only with `awaitsPrediction`; it never rejects. */
  predictions(result: unknown, args: readonly never[]): MaybeLater<readonly PredictionParts[]> {
    const { prediction, awaitsPrediction } = this.#options;
    const mapped = this.#mapped('prediction', prediction, [result, ...args], result, awaitsPrediction);
    if (!(mapped instanceof Promise)) return this.#parts(mapped);
    return mapped.then(
      (later: unknown) => this.#parts(later),
      (error: unknown) => {
        this.#complain('prediction', `threw ${describeError(error)}`);
        return [];
      },
    );
  }

  /** Of a call: one row unless something says otherwise. */
  batchSize(args: readonly never[], rows: FeatureRow | readonly FeatureRow[] | undefined): number {
    if (Array.isArray(rows)) return rows.length;
    const { batchSize } = this.#options;
    if (rows !== undefined || batchSize === undefined) return 1;
    const mapped = this.#mapped('features', batchSize, args, undefined);
    return typeof mapped === 'number' ? mapped : 1;
  }

  /** Of the call itself, else the business key of its arguments. */
  ids(args: readonly never[], call: CallOptions | undefined): readonly string[] {
    if (call?.id !== undefined) return [call.id];
    if (call?.ids !== undefined) return call.ids;
    const { id } = this.#options;
    if (id === undefined) return [];
    const mapped = this.#mapped('id', id, args, undefined);
    if (typeof mapped === 'string') return [mapped];
    if (Array.isArray(mapped) && mapped.every((one) => typeof one === 'string')) return mapped;
    if (mapped !== undefined) this.#complain('id', 'gave neither a string nor an array of strings');
    return [];
  }

  caller(args: readonly never[], call: CallOptions | undefined): string | undefined {
    const { caller } = this.#options;
    if (call?.caller !== undefined || caller === undefined) return call?.caller;
    const mapped = this.#mapped('caller', caller, args, undefined);
    if (typeof mapped === 'string') return mapped;
    if (mapped !== undefined) this.#complain('caller', 'gave no string');
    return undefined;
  }

  segment(args: readonly never[], call: CallOptions | undefined): Segmented {
    const { segment } = this.#options;
    if (call?.segment !== undefined || segment === undefined) return call?.segment;
    const mapped = this.#mapped('segment', segment, args, undefined);
    if (isSegment(mapped) || (Array.isArray(mapped) && mapped.every(isSegment))) return mapped;
    if (mapped !== undefined) this.#complain('segment', 'gave neither { name: value } nor an array of those');
    return undefined;
  }

  /** Undefined for now. */
  timeMs(args: readonly never[], call: CallOptions | undefined): number | undefined {
    const { at } = this.#options;
    if (call?.at === undefined && at === undefined) return undefined;
    const time = call?.at ?? this.#mapped('at', at, args, undefined);
    const timeMs = typeof time === 'number' || time instanceof Date ? millisecondsOf(time) : Number.NaN;
    if (Number.isFinite(timeMs)) return timeMs;
    if (time !== undefined) this.#complain('at', 'gave no Date and no milliseconds since the epoch');
    return undefined;
  }

  #parts(mapped: unknown): readonly PredictionParts[] {
    const predictions: PredictionParts[] = [];
    let unreadable = 0;
    try {
      for (const one of Array.isArray(mapped) ? mapped : [mapped]) {
        const parts = partsOf(one);
        if (parts === undefined) unreadable++;
        else predictions.push(parts);
      }
    } catch (error) {
      this.#complain('prediction', `gave something that throws when it is read: ${describeError(error)}`);
    }
    if (unreadable > 0 && mapped !== undefined) {
      this.#complain('prediction', 'gave no number, { value }, { score }, { class } or array of those');
    }
    return predictions;
  }

  #mapped(
    stage: Stage,
    mapper: Mapper | undefined,
    args: readonly unknown[],
    otherwise: unknown,
    mayBeLater = false,
  ): unknown {
    if (mapper === undefined) return otherwise;
    try {
      const mapped: unknown = Reflect.apply(mapper, undefined, args);
      if (mayBeLater || !(mapped instanceof Promise)) return mapped;
      mapped.catch(() => {
        // Refused below, whatever becomes of it.
      });
      this.#complain(stage, 'gave a promise; mappers are synchronous');
    } catch (error) {
      this.#complain(stage, `threw ${describeError(error)}`);
    }
    return undefined;
  }

  #complain(stage: Stage, what: string): void {
    const counter = `driftline.instrumentation.errors{stage=${stage}}`;
    faults.count({
      stage,
      model: this.#model,
      message: `${stage}() of "${this.#model}" ${what}. Counted in ${counter}.`,
    });
  }
}

/** Values are looked at where they are counted. */
function isSegment(value: unknown): value is Segment {
  return isRow(value);
}

function isRow(value: unknown): value is FeatureRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
