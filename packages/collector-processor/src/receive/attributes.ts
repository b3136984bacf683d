import { ATTR_ML_MODEL_NAME, ATTR_ML_MODEL_VERSION } from '@driftline/semantic-conventions';
import type { Attributes, AttributeValue } from './unit.ts';

/** A value as it came, before it is flattened; `null` is an attribute without a value. Unsafe integers are decimal strings. */
export type AnyValue = AttributeValue | Uint8Array | null | readonly AnyValue[] | ReadonlyMap<string, AnyValue>;

/** The attributes of a point, scope or resource, in an order of their own: how they were sent does not matter. */
export interface AttributeSet {
  readonly serial: number;
  /** Sorted by name, without the model's name and version. */
  readonly attributes: Attributes;
  /** The same text for the same attributes. */
  readonly canonical: string;
  readonly modelName: string | undefined;
  readonly modelVersion: string | undefined;
}

let serial = 0;

export function attributeSet(values: ReadonlyMap<string, AnyValue>): AttributeSet {
  const entries = [...values]
    .filter(([name]) => name !== ATTR_ML_MODEL_NAME && name !== ATTR_ML_MODEL_VERSION)
    .flatMap(([name, value]) => (value === null ? [] : [[name, flat(value)] as const]))
    .toSorted(byName);
  return {
    serial: serial++,
    attributes: Object.fromEntries(entries),
    canonical: JSON.stringify(entries),
    modelName: text(values.get(ATTR_ML_MODEL_NAME)),
    modelVersion: text(values.get(ATTR_ML_MODEL_VERSION)),
  };
}

function text(value: AnyValue | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(flat(value));
}

/** As OpenTelemetry maps to plain values: bytes as base64, lists and maps as JSON. */
function flat(value: Exclude<AnyValue, null>): AttributeValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : String(value);
  if (typeof value !== 'object') return value;
  return value instanceof Uint8Array ? base64(value) : JSON.stringify(plain(value));
}

function plain(value: AnyValue): unknown {
  if (value instanceof Uint8Array) return base64(value);
  if (value instanceof Map) return Object.fromEntries([...value].toSorted(byName).map(([k, v]) => [k, plain(v)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;
