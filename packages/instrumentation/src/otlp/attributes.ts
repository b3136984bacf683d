import { attributes as conventions } from '@driftline/semantic-conventions';
import type { AnyValue, KeyValue } from './messages.ts';

export type AttributeValue = string | number | boolean | readonly string[] | Uint8Array;
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
  return undefined;
}

/** A score of 1 is the double 1.0: the conventions know, the number does not. */
function numberValue(key: string, value: number): AnyValue | undefined {
  if (!Number.isFinite(value)) return undefined;
  return Number.isSafeInteger(value) && !isDouble(key) ? { intValue: String(value) } : { doubleValue: value };
}

const isDouble = (key: string): boolean => doubles.has(key);

const doubles: ReadonlySet<string> = new Set(
  Object.entries(conventions).flatMap(([key, { type }]) => (type === 'double' ? [key] : [])),
);

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
