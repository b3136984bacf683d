import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/**
 * Writes a JSON value into few bytes, after one for the version. Each value starts with a byte that says what it is; whole numbers are varints,
 * lists of whole numbers varints one after the other, and lists of other numbers little-endian float64.
 * As in JSON, fields that are undefined are left out. Throws a TypeError for what JSON cannot say.
 */
export function encodeValue(value: unknown): Uint8Array {
  const writer = new ByteWriter().byte(version);
  writeValue(writer, value);
  return writer.bytes();
}

/** Throws a CompactFormatError for anything but one whole value. */
export function decodeValue(bytes: Uint8Array): unknown {
  const reader = new ByteReader(bytes);
  const found = reader.byte();
  if (found !== version) reader.refuse(`version ${found}, where this Driftline reads ${version},`);
  const value = readValue(reader, 0);
  return reader.left === 0 ? value : reader.refuse(`${reader.left} bytes after the end`);
}

/** The first byte. */
const version = 1;

const tag = {
  null: 0,
  false: 1,
  true: 2,
  whole: 3,
  double: 4,
  text: 5,
  list: 6,
  object: 7,
  wholes: 8,
  doubles: 9,
} as const;

/** Nothing of ours is nested deeper; bytes that are would overflow the stack. */
const deepest = 64;

function writeValue(writer: ByteWriter, value: unknown): void {
  if (value === null) writer.byte(tag.null);
  else if (typeof value === 'boolean') writer.byte(value ? tag.true : tag.false);
  else if (typeof value === 'number') writeNumber(writer, value);
  else if (typeof value === 'string') writer.byte(tag.text).text(value);
  else if (value instanceof Float64Array || isNumbers(value)) writeNumbers(writer, value);
  else if (Array.isArray(value)) writeList(writer, value);
  else if (typeof value === 'object') writeObject(writer, value);
  else throw new TypeError(`compact value: ${typeof value} is no JSON value`);
}

function writeNumber(writer: ByteWriter, value: number): void {
  if (isWhole(value)) writer.byte(tag.whole).whole(folded(value));
  else writer.byte(tag.double).double(value);
}

function writeNumbers(writer: ByteWriter, values: ArrayLike<number>): void {
  const numbers = Array.from(values);
  if (numbers.every(isWhole)) {
    writer.byte(tag.wholes).wholes(numbers.map(folded));
  } else {
    writer.byte(tag.doubles).doubles(numbers);
  }
}

function writeList(writer: ByteWriter, items: readonly unknown[]): void {
  writer.byte(tag.list).whole(items.length);
  for (const item of items) writeValue(writer, item);
}

function writeObject(writer: ByteWriter, value: object): void {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  writer.byte(tag.object).whole(fields.length);
  for (const [name, field] of fields) writeValue(writer.text(name), field);
}

function readValue(reader: ByteReader, depth: number): unknown {
  if (depth > deepest) reader.refuse(`more than ${deepest} levels`);
  const kind = reader.byte();
  switch (kind) {
    case tag.null:
      return null;
    case tag.false:
      return false;
    case tag.true:
      return true;
    case tag.whole:
      return unfolded(reader.whole());
    case tag.double:
      return reader.double();
    case tag.text:
      return reader.text();
    case tag.list:
      return Array.from({ length: reader.length(1) }, () => readValue(reader, depth + 1));
    case tag.object:
      return Object.fromEntries(
        Array.from({ length: reader.length(2) }, () => [reader.text(), readValue(reader, depth + 1)]),
      );
    case tag.wholes:
      return reader.wholes().map(unfolded);
    case tag.doubles:
      return reader.doubles();
    default:
      return reader.refuse(`unknown kind ${kind}`);
  }
}

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');

/** Whole numbers that stay whole, below 2^53, when their sign goes into the lowest bit. */
const isWhole = (value: number): boolean =>
  Number.isInteger(value) && Math.abs(value) < 2 ** 52 && !Object.is(value, -0);
const folded = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unfolded = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);
