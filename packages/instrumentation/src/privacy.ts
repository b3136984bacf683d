import {
  ATTR_ML_PREDICTION_CLASS,
  ATTR_ML_PREDICTION_ID,
  ATTR_ML_PREDICTION_SCORE,
  ATTR_ML_PREDICTION_VALUE,
} from '@driftline/semantic-conventions';
import type { HashKey } from './hash-key.ts';

/** Parts of a prediction, by the attributes that say them. */
export const predictionParts = [
  ATTR_ML_PREDICTION_ID,
  ATTR_ML_PREDICTION_VALUE,
  ATTR_ML_PREDICTION_CLASS,
  ATTR_ML_PREDICTION_SCORE,
] as const;

export type PredictionPart = (typeof predictionParts)[number];

/** Which values of single predictions may leave, and how they are changed before. Names are those of features. */
export interface PrivacyOptions<Name extends string = string> {
  /** These may go on spans, features also on `ml.prediction.result` events. None unless said. */
  readonly allow?: readonly (Name | PredictionPart)[] | 'all';
  /** These may not, whatever `allow` says; nor may they go on events that ask for them. */
  readonly deny?: readonly (Name | PredictionPart)[];
  /** Numbers, to the nearest multiple: `{ age: 5 }`. */
  readonly round?: { readonly [Key in Name | PredictionPart]?: number };
  /** Text, to its first characters: `{ zip: 3 }`. */
  readonly truncate?: { readonly [Key in Name | PredictionPart]?: number };
  /** After both of these, HMAC-SHA-256 of `name=value` under `key`. */
  readonly hash?: readonly (Name | PredictionPart)[];
  /** From `hashKey()`. */
  readonly key?: HashKey | undefined;
}

export type DisclosedValue = string | number | boolean;

/** Longer text is cut, whatever the options say. */
const MOST_CHARACTERS = 256;

/** What of a value may leave. Where the options do not fit the value, it stays: a number under `round` may come as text. */
export class PrivacyPolicy {
  readonly #allowed: ReadonlySet<string> | 'all';
  readonly #denied: ReadonlySet<string>;
  readonly #steps: ReadonlyMap<string, number>;
  readonly #lengths: ReadonlyMap<string, number>;
  readonly #hashed: ReadonlySet<string>;
  readonly #key: HashKey | undefined;

  constructor({ allow = [], deny = [], round = {}, truncate = {}, hash = [], key }: PrivacyOptions) {
    this.#allowed = allow === 'all' ? allow : new Set(allow);
    this.#denied = new Set(deny);
    this.#steps = numbers(round);
    this.#lengths = numbers(truncate);
    this.#hashed = new Set(hash);
    this.#key = key;
  }

  /** All that the options name, to find misspelt ones. */
  get names(): ReadonlySet<string> {
    const allowed = this.#allowed === 'all' ? [] : this.#allowed;
    return new Set([...allowed, ...this.#denied, ...this.#steps.keys(), ...this.#lengths.keys(), ...this.#hashed]);
  }

  /** On a span, or among the feature values of an event. */
  disclosed(name: string, value: unknown): DisclosedValue | undefined {
    return this.#allowed === 'all' || this.#allowed.has(name) ? this.changed(name, value) : undefined;
  }

  /** Where it was asked for already. */
  changed(name: string, value: unknown): DisclosedValue | undefined {
    if (this.#denied.has(name)) return undefined;
    const plain = plainOf(value);
    const coarse = plain === undefined ? undefined : this.#truncated(name, this.#rounded(name, plain));
    return coarse === undefined || !this.#hashed.has(name) ? coarse : this.#key?.hash(`${name}=${coarse}`);
  }

  row(values: Readonly<Record<string, unknown>>): Readonly<Record<string, DisclosedValue>> {
    const disclosed = Object.entries(values).map(([name, value]) => [name, this.disclosed(name, value)] as const);
    return Object.fromEntries(disclosed.filter((entry): entry is [string, DisclosedValue] => entry[1] !== undefined));
  }

  #rounded(name: string, value: DisclosedValue): DisclosedValue | undefined {
    const step = this.#steps.get(name);
    if (step === undefined) return value;
    if (typeof value !== 'number' || !(step > 0)) return undefined;
    // Fifteen digits: 3 × 0.1 is to be 0.3.
    return Number((Math.round(value / step) * step).toPrecision(15));
  }

  #truncated(name: string, value: DisclosedValue | undefined): DisclosedValue | undefined {
    const length = this.#lengths.get(name);
    if (value === undefined || (length === undefined && typeof value !== 'string')) return value;
    if (length !== undefined && !(length >= 0)) return undefined;
    return Array.from(String(value))
      .slice(0, length ?? MOST_CHARACTERS)
      .join('');
  }
}

/** Undefined for what has no place in an attribute: missing values, embeddings, objects. */
function plainOf(value: unknown): DisclosedValue | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return plainOf(value.getTime());
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function numbers(byName: Readonly<Record<string, number | undefined>>): ReadonlyMap<string, number> {
  return new Map(Object.entries(byName).flatMap(([name, number]) => (number === undefined ? [] : [[name, number]])));
}
