import { DecodeError } from './decode-error.ts';

/** A JSON object of unknown content. Absent and null are the same: the field's default. */
export type Json = Readonly<Record<string, unknown>>;

/** Parses without rounding: a bare integer beyond 2^53, such as a time in nanoseconds, comes as its digits. */
export function parseJson(body: Uint8Array): Json {
  let parsed: unknown;
  try {
    const text = utf8.decode(body);
    parsed = bareLongInteger.test(text) ? JSON.parse(text, withDigits) : JSON.parse(text);
  } catch (error) {
    throw new DecodeError(`json: ${error instanceof Error ? error.message : String(error)}`);
  }
  return object(parsed, 'the request');
}

export function object(value: unknown, name: string): Json {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw wrong(name, value, 'an object');
  return value;
}

export function list(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(name, value, 'a list');
  return value;
}

export function string(value: unknown, name: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw wrong(name, value, 'a string');
  return value;
}

export function boolean(value: unknown, name: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw wrong(name, value, 'true or false');
  return value;
}

export function double(value: unknown, name: string): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number') return value;
  if (
    typeof value === 'string' &&
    /^(-?(\d|Infinity$)|NaN$)/.test(value) &&
    (value === 'NaN' || !Number.isNaN(Number(value)))
  )
    return Number(value);
  throw wrong(name, value, 'a number');
}

/** A 64-bit integer, as a string or a number. */
export function int64(value: unknown, name: string): bigint {
  if (value === undefined || value === null) return 0n;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value);
  throw wrong(name, value, 'a 64-bit integer');
}

export function uint64(value: unknown, name: string): bigint {
  const integer = int64(value, name);
  if (integer < 0n) throw wrong(name, value, 'not negative');
  return integer;
}

/** Inexact above 2^53, where it fails the checks on counts. */
export const count = (value: unknown, name: string): number => Number(uint64(value, name));

export function int32(value: unknown, name: string): number {
  const integer = int64(value, name);
  if (integer !== BigInt.asIntN(32, integer)) throw wrong(name, value, 'a 32-bit integer');
  return Number(integer);
}

export function bytes(value: unknown, name: string): Uint8Array {
  const text = string(value, name);
  if (!/^[\w+/-]*={0,2}$/.test(text)) throw wrong(name, value, 'base64');
  return new Uint8Array(Buffer.from(text, 'base64'));
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function wrong(name: string, value: unknown, expected: string): DecodeError {
  return new DecodeError(`json: ${name} is ${JSON.stringify(value).slice(0, 60)}, expected ${expected}`);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const bareLongInteger = /[\s:,[]-?\d{16}/;

function withDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? (context?.source ?? value)
    : value;
}
