import { DecodeError } from './decode-error.ts';
import type { NumberList } from './number-list.ts';

/** How a field's value is laid out. Groups (3 and 4) left protobuf before OTLP was made. */
const wireType = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

/**
 * Walks a protobuf message in place. `next()` moves to a field, then exactly one of the reading methods or `skip()` takes
 * its value. Every read is checked against the end of the innermost open message.
 */
export class ProtobufReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  position: number;
  end: number;
  /** Number and wire type of the field that `next()` found, and where its tag began. */
  field = 0;
  wire = 0;
  tagPosition = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = start;
    this.end = end;
  }

  next(): boolean {
    if (this.position >= this.end) return false;
    this.tagPosition = this.position;
    const tag = this.#varint32();
    this.field = tag >>> 3;
    this.wire = tag & 7;
    if (this.field === 0) throw this.#error('field number 0');
    return true;
  }

  skip(): void {
    switch (this.wire) {
      case wireType.varint:
        while (this.#byte() >= 0x80)
          if (this.position - this.tagPosition > 20) throw this.#error('a varint without end');
        return;
      case wireType.fixed64:
        this.position = this.#ahead(8);
        return;
      case wireType.lengthDelimited:
        this.close(this.open());
        return;
      case wireType.fixed32:
        this.position = this.#ahead(4);
        return;
      default:
        throw this.#error(`unknown wire type ${this.wire}`);
    }
  }

  /** Enters a nested message; give what it returns to `close()`. */
  open(): number {
    this.#expect(wireType.lengthDelimited);
    const outerEnd = this.end;
    this.end = this.#ahead(this.#varint32());
    return outerEnd;
  }

  /** Leaves a nested message, read or not. */
  close(outerEnd: number): void {
    this.position = this.end;
    this.end = outerEnd;
  }

  string(): string {
    const outerEnd = this.open();
    const text = utf8.decode(this.bytes.subarray(this.position, this.end));
    this.close(outerEnd);
    return text;
  }

  /** A copy: the request's memory is not kept alive by it. */
  block(): Uint8Array {
    const outerEnd = this.open();
    const block = this.bytes.slice(this.position, this.end);
    this.close(outerEnd);
    return block;
  }

  fixed64(): bigint {
    this.#expect(wireType.fixed64);
    const at = this.position;
    this.position = this.#ahead(8);
    return this.#view.getBigUint64(at, true);
  }

  /** As a double, as values are. */
  sfixed64(): number {
    this.#expect(wireType.fixed64);
    const at = this.position;
    this.position = this.#ahead(8);
    return this.#view.getUint32(at, true) + this.#view.getInt32(at + 4, true) * 2 ** 32;
  }

  /** A fixed64 that counts rows; above 2^53 it is no longer exact and fails the checks on counts. */
  fixed64Count(): number {
    this.#expect(wireType.fixed64);
    const at = this.position;
    this.position = this.#ahead(8);
    return this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32;
  }

  double(): number {
    this.#expect(wireType.fixed64);
    const at = this.position;
    this.position = this.#ahead(8);
    return this.#view.getFloat64(at, true);
  }

  uint32(): number {
    this.#expect(wireType.varint);
    return this.#varint32();
  }

  sint32(): number {
    const zigzag = this.uint32();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  int64(): bigint {
    this.#expect(wireType.varint);
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw this.#error('a varint without end');
  }

  /** A repeated fixed64 of counts, packed or one by one. */
  fixed64Counts(into: NumberList): void {
    if (this.wire === wireType.fixed64) return into.push(this.fixed64Count());
    const outerEnd = this.open();
    this.#expectMultipleOf8();
    const view = this.#view;
    const { position, end } = this;
    let index = into.extend((end - position) / 8);
    const { numbers } = into;
    for (let at = position; at < end; at += 8)
      numbers[index++] = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
    this.close(outerEnd);
  }

  /** A repeated double, packed or one by one. */
  doubles(into: NumberList): void {
    if (this.wire === wireType.fixed64) return into.push(this.double());
    const outerEnd = this.open();
    this.#expectMultipleOf8();
    for (let at = this.position; at < this.end; at += 8) into.push(this.#view.getFloat64(at, true));
    this.close(outerEnd);
  }

  /** A repeated uint64 of counts, packed or one by one. */
  varintCounts(into: NumberList): void {
    if (this.wire === wireType.varint) return into.push(this.#varintCount());
    const outerEnd = this.open();
    while (this.position < this.end) into.push(this.#varintCount());
    this.close(outerEnd);
  }

  #expectMultipleOf8(): void {
    const length = this.end - this.position;
    if (length % 8 !== 0) throw this.#error(`${length} packed bytes, not a multiple of 8`);
  }

  #varintCount(): number {
    let value = 0;
    for (let scale = 1, i = 0; i < 10; i++, scale *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw this.#error('a varint without end');
  }

  /** The low 32 bits; a longer varint may follow, as for negative int32. */
  #varint32(): number {
    let byte = this.#byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; shift < 70; shift += 7) {
      byte = this.#byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw this.#error('a varint without end');
  }

  #byte(): number {
    if (this.position >= this.end) throw this.#error('the message ends inside a number');
    return this.bytes[this.position++]!;
  }

  #ahead(length: number): number {
    if (length > this.end - this.position)
      throw this.#error(`${length} bytes announced, ${this.end - this.position} left`);
    return this.position + length;
  }

  #expect(wire: number): void {
    if (this.wire !== wire) throw this.#error(`wire type ${this.wire}, expected ${wire}`);
  }

  #error(problem: string): DecodeError {
    return new DecodeError(`protobuf: field ${this.field} at byte ${this.tagPosition}: ${problem}`);
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
