import { Misuse } from './faults.ts';
import { isRecord } from './is-record.ts';

/** What the model answered, in monitoring terms. */
export type Prediction =
  /** A regression's value. */
  | number
  | { readonly value: number }
  | { readonly class: string; readonly score?: number }
  /** A probability or score alone. */
  | { readonly score: number };

/** Ground truth: with the id of its prediction, or with the prediction itself and when it was made. */
export type Outcome = {
  readonly truth: number | string | boolean;
  readonly at?: Date | number;
  /** One dimension, `{ country: 'DE' }`: performance is known of it apart. */
  readonly segment?: Readonly<Record<string, string>>;
} & ({ readonly id: string } | { readonly prediction: Prediction; readonly predictedAt: Date | number });

/** Facts about one call: data, not behaviour. */
export interface CallOptions {
  /** Joins the prediction with its outcome later. */
  readonly id?: string;
  /** The same for a batch, one a row. */
  readonly ids?: readonly string[];
  /** When it happened, where that is not now. */
  readonly at?: Date | number;
  /** One dimension each, e.g. `{ region: 'eu' }`: also counted apart, at most 20 values a dimension. */
  readonly segment?: Readonly<Record<string, string>>;
  /** Who asks: a key, an account. Compared with other callers to see floods and probing; never leaves the process. */
  readonly caller?: string;
  /** Another version of the model answered this call. */
  readonly version?: string;
  /** Leave this call out: a warm-up, a health check. */
  readonly skip?: boolean;
}

export interface PredictionParts {
  readonly value: number | undefined;
  readonly class: string | undefined;
  readonly score: number | undefined;
}

/** Undefined where it is no prediction. */
export function partsOf(prediction: unknown): PredictionParts | undefined {
  if (typeof prediction === 'number') return { value: prediction, class: undefined, score: undefined };
  if (!isRecord(prediction)) return undefined;
  const value = typeof prediction.value === 'number' ? prediction.value : undefined;
  const label = typeof prediction.class === 'string' ? prediction.class : undefined;
  const score = typeof prediction.score === 'number' ? prediction.score : undefined;
  if (value === undefined && label === undefined && score === undefined) return undefined;
  return { value, class: label, score };
}

export const millisecondsOf = (time: Date | number): number => (typeof time === 'number' ? time : time.getTime());

/** Throws a `Misuse` for what is no time. */
export function finiteTime(timeMs: number): number {
  if (Number.isFinite(timeMs)) return timeMs;
  throw new Misuse('at is no Date and no milliseconds since the epoch');
}
