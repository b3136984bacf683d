import type { AnyValue } from '../attributes.ts';
import { DecodeError } from './decode-error.ts';
import type { ProtobufReader } from './protobuf-reader.ts';

/** The KeyValues that the message holds under one field number; its other fields are passed over. */
export function readAttributes(reader: ProtobufReader, field: number): ReadonlyMap<string, AnyValue> {
  return keyValues(reader, field, 0);
}

/** Nobody nests attributes deeper; a body of nothing but nesting would overflow the stack. */
export const deepestValue = 32;

function keyValues(reader: ProtobufReader, field: number, depth: number): Map<string, AnyValue> {
  const attributes = new Map<string, AnyValue>();
  while (reader.next()) {
    if (reader.field !== field) reader.skip();
    else {
      const outerEnd = reader.open();
      let key = '';
      let value: AnyValue = null;
      while (reader.next()) {
        if (reader.field === 1) key = reader.string();
        else if (reader.field === 2) value = anyValue(reader, depth);
        else reader.skip();
      }
      attributes.set(key, value);
      reader.close(outerEnd);
    }
  }
  return attributes;
}

function anyValue(reader: ProtobufReader, depth: number): AnyValue {
  if (depth > deepestValue) throw new DecodeError(`protobuf: attribute values nested deeper than ${deepestValue}`);
  const outerEnd = reader.open();
  let value: AnyValue = null;
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        value = reader.string();
        break;
      case 2:
        value = reader.uint32() !== 0;
        break;
      case 3:
        value = exactInteger(reader.int64());
        break;
      case 4:
        value = reader.double();
        break;
      case 5:
        value = arrayValues(reader, depth + 1);
        break;
      case 6:
        value = nested(reader, () => keyValues(reader, 1, depth + 1));
        break;
      case 7:
        value = reader.block();
        break;
      default:
        reader.skip();
    }
  }
  reader.close(outerEnd);
  return value;
}

function arrayValues(reader: ProtobufReader, depth: number): AnyValue {
  return nested(reader, () => {
    const values: AnyValue[] = [];
    while (reader.next()) {
      if (reader.field === 1) values.push(anyValue(reader, depth));
      else reader.skip();
    }
    return values;
  });
}

function nested<T>(reader: ProtobufReader, read: () => T): T {
  const outerEnd = reader.open();
  const value = read();
  reader.close(outerEnd);
  return value;
}

/** A number where it is exact, else its decimal digits. */
export function exactInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
