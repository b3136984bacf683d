import { type AttributeSet, attributeSet } from '../attributes.ts';
import type { Edges, Identities } from '../identity.ts';
import { ByteMemo } from '../memo.ts';
import type { ExponentialBuckets } from '../unit.ts';
import { NumberList } from './number-list.ts';
import { exponentialValue, histogramValue, numberValue } from './point-value.ts';
import { readAttributes } from './protobuf-attributes.ts';
import { ProtobufReader, wireType } from './protobuf-reader.ts';
import type { ReportedPoint } from './unit-assembly.ts';

/** A point as read; `undefined` where its sender says that nothing was recorded. */
export type ReadPoint = ReportedPoint | undefined;

/**
 * Reads the three layouts of metric points; the reader stands on the point's field. What senders repeat byte for byte,
 * attributes and edges, is taken as a block and parsed only when it was not seen before.
 */
export class ProtobufPoints {
  readonly #identities: Identities;
  readonly #attributeSets = new ByteMemo<AttributeSet>({ slots: 8192, longestBlock: 1024 });
  readonly #numbers = new NumberList();

  constructor(identities: Identities) {
    this.#identities = identities;
  }

  histogram(reader: ProtobufReader): ReadPoint {
    const outerEnd = reader.open();
    const point = reader.position;
    const attributes = new FieldRun();
    const edgesBlock = new FieldRun();
    let startNs = 0n;
    let endNs = 0n;
    let count = 0;
    let sum = 0;
    let flags = 0;
    this.#numbers.clear();
    while (reader.next()) {
      switch (reader.field) {
        case 2:
          startNs = reader.fixed64();
          break;
        case 3:
          endNs = reader.fixed64();
          break;
        case 4:
          count = reader.fixed64Count();
          break;
        case 5:
          sum = reader.double();
          break;
        case 6:
          reader.fixed64Counts(this.#numbers);
          break;
        case 7:
          edgesBlock.extend(reader);
          break;
        case 9:
          attributes.extend(reader);
          break;
        case 10:
          flags = reader.uint32();
          break;
        default:
          reader.skip();
      }
    }
    const counts = this.#numbers.take();
    const edges = this.#edges(reader, edgesBlock, point);
    const attributeSet = this.#attributes(reader, attributes, point, 9);
    reader.close(outerEnd);
    if (hasNoRecordedValue(flags)) return undefined;
    const value = histogramValue({ count, sum, counts, edges });
    return { attributes: attributeSet, startNs, endNs, edges, count, value };
  }

  exponential(reader: ProtobufReader): ReadPoint {
    const outerEnd = reader.open();
    const point = reader.position;
    const attributes = new FieldRun();
    let startNs = 0n;
    let endNs = 0n;
    let count = 0;
    let sum = 0;
    let scale = 0;
    let zeroCount = 0;
    let positive = noBuckets;
    let negative = noBuckets;
    let flags = 0;
    while (reader.next()) {
      switch (reader.field) {
        case 1:
          attributes.extend(reader);
          break;
        case 2:
          startNs = reader.fixed64();
          break;
        case 3:
          endNs = reader.fixed64();
          break;
        case 4:
          count = reader.fixed64Count();
          break;
        case 5:
          sum = reader.double();
          break;
        case 6:
          scale = reader.sint32();
          break;
        case 7:
          zeroCount = reader.fixed64Count();
          break;
        case 8:
          positive = this.#buckets(reader);
          break;
        case 9:
          negative = this.#buckets(reader);
          break;
        case 10:
          flags = reader.uint32();
          break;
        default:
          reader.skip();
      }
    }
    const attributeSet = this.#attributes(reader, attributes, point, 1);
    reader.close(outerEnd);
    if (hasNoRecordedValue(flags)) return undefined;
    const value = exponentialValue({ count, sum, scale, zeroCount, positive, negative });
    return { attributes: attributeSet, startNs, endNs, count, value };
  }

  number(reader: ProtobufReader, kind: 'sum' | 'gauge', isMonotonic: boolean): ReadPoint {
    const outerEnd = reader.open();
    const point = reader.position;
    const attributes = new FieldRun();
    let startNs = 0n;
    let endNs = 0n;
    let number = Number.NaN;
    let flags = 0;
    while (reader.next()) {
      switch (reader.field) {
        case 2:
          startNs = reader.fixed64();
          break;
        case 3:
          endNs = reader.fixed64();
          break;
        case 4:
          number = reader.double();
          break;
        case 6:
          number = Number(reader.sfixed64());
          break;
        case 7:
          attributes.extend(reader);
          break;
        case 8:
          flags = reader.uint32();
          break;
        default:
          reader.skip();
      }
    }
    const attributeSet = this.#attributes(reader, attributes, point, 7);
    reader.close(outerEnd);
    if (hasNoRecordedValue(flags)) return undefined;
    return { attributes: attributeSet, startNs, endNs, count: 0, value: numberValue(kind, number, isMonotonic) };
  }

  #buckets(reader: ProtobufReader): ExponentialBuckets {
    const outerEnd = reader.open();
    let offset = 0;
    this.#numbers.clear();
    while (reader.next()) {
      if (reader.field === 1) offset = reader.sint32();
      else if (reader.field === 2) reader.varintCounts(this.#numbers);
      else reader.skip();
    }
    reader.close(outerEnd);
    return { offset, counts: this.#numbers.take() };
  }

  #attributes(message: ProtobufReader, run: FieldRun, point: number, field: number): AttributeSet {
    const parse = (from: number, to: number): AttributeSet =>
      attributeSet(readAttributes(new ProtobufReader(message, from, to), field));
    return run.isScattered ? parse(point, message.end) : this.#attributeSets.recall(message, run.start, run.end, parse);
  }

  #edges(message: ProtobufReader, run: FieldRun, point: number): Edges | undefined {
    if (run.isOneBlock) return this.#identities.edges(message, run.valueStart, run.end);
    this.#numbers.clear();
    const reader = new ProtobufReader(message, point, message.end);
    while (reader.next()) {
      if (reader.field === 7) reader.doubles(this.#numbers);
      else reader.skip();
    }
    return this.#identities.edgesOf(this.#numbers.take());
  }
}

/** Where in a message the values of one repeated field lie. Every writer puts them side by side; none must. */
class FieldRun {
  start = 0;
  end = 0;
  valueStart = 0;
  isScattered = false;
  isOneBlock = false;

  extend(reader: ProtobufReader): void {
    const isFirst = this.end === 0;
    if (isFirst) this.start = reader.tagPosition;
    else if (reader.tagPosition !== this.end) this.isScattered = true;
    this.isOneBlock = isFirst && reader.wire === wireType.lengthDelimited;
    reader.skip();
    this.valueStart = reader.valuePosition;
    this.end = reader.position;
  }
}

const noBuckets: ExponentialBuckets = { offset: 0, counts: new Float64Array(0) };

/** FLAG_NO_RECORDED_VALUE: the stream is there, the value is not. */
const hasNoRecordedValue = (flags: number): boolean => (flags & 1) !== 0;
