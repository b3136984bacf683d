import {
  ATTR_ML_COMOMENT_DURATION,
  ATTR_ML_OUTCOME_VALUE,
  ATTR_ML_PREDICTION_SAMPLE_RATIO,
  ATTR_ML_PREDICTION_SCORE,
  ATTR_ML_PREDICTION_TIME,
  ATTR_ML_PREDICTION_VALUE,
} from '@driftline/semantic-conventions';
import type { AnyValue, KeyValue } from './messages.ts';

type Primitive = string | number | boolean;
export type AttributeValue = Primitive | readonly string[] | Uint8Array | Readonly<Record<string, Primitive>>;
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** `undefined` and numbers that JSON cannot say are left out. */
export function keyValues(attributes: Attributes): readonly KeyValue[] {
  return Object.entries(attributes).flatMap(([key, value]) => {
    const encoded = anyValue(key, value);
    return encoded === undefined ? [] : [{ key, value: encoded }];
  });
}

function anyValue(key: string, value: AttributeValue | undefined): AnyValue | undefined {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return numberValue(key, value);
  if (value instanceof Uint8Array) return { bytesValue: base64(value) };
  if (Array.isArray(value)) return { arrayValue: { values: value.map((one) => ({ stringValue: String(one) })) } };
  return isMap(value) ? { kvlistValue: { values: keyValues(value) } } : undefined;
}

const isMap = (value: AttributeValue | undefined): value is Readonly<Record<string, Primitive>> =>
  typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);

function numberValue(key: string, value: number): AnyValue | undefined {
  if (!Number.isFinite(value)) return undefined;
  return Number.isSafeInteger(value) && !doubles.has(key) ? { intValue: String(value) } : { doubleValue: value };
}

/** A score of 1 is the double 1.0: its name knows, the number does not. Of those that the lane sends. */
export const doubles: ReadonlySet<string> = new Set([
  ATTR_ML_COMOMENT_DURATION,
  ATTR_ML_OUTCOME_VALUE,
  ATTR_ML_PREDICTION_SAMPLE_RATIO,
  ATTR_ML_PREDICTION_SCORE,
  ATTR_ML_PREDICTION_TIME,
  ATTR_ML_PREDICTION_VALUE,
]);

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
