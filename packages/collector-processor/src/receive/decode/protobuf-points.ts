import { type AttributeSet, attributeSet } from '../attributes.ts';
import type { Edges, Identities } from '../identity.ts';
import { ByteMemo } from '../memo.ts';
import type { ExponentialBuckets } from '../unit.ts';
import { NumberList } from './number-list.ts';
import { exponentialValue, histogramValue, numberValue } from './point-value.ts';
import { readAttributes } from './protobuf-attributes.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import type { ReportedPoint } from './unit-assembly.ts';

/** A point as read; `undefined` where its sender says that nothing was recorded. */
export type ReadPoint = ReportedPoint | undefined;

/**
 * Reads the three layouts of metric points; the reader stands on the point's field. What tells points apart, attributes and
 * edges, is repeated by senders byte for byte: it is taken as one block, and parsed only when it was not seen before.
 */
export class ProtobufPoints {
  readonly #identities: Identities;
  readonly #histogramMarks = new ByteMemo<Marks>({ slots: 8192, longestBlock: 4096 });
  readonly #exponentialMarks = new ByteMemo<Marks>({ slots: 4096, longestBlock: 1024 });
  readonly #numberMarks = new ByteMemo<Marks>({ slots: 8192, longestBlock: 1024 });
  readonly #numbers = new NumberList();

  constructor(identities: Identities) {
    this.#identities = identities;
  }

  histogram(reader: ProtobufReader): ReadPoint {
    const outerEnd = reader.open();
    const point = reader.position;
    const marks = new FieldRun();
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
        case 9:
          marks.extend(reader);
          break;
        case 10:
          flags = reader.uint32();
          break;
        default:
          reader.skip();
      }
    }
    const counts = this.#numbers.take();
    const { attributes, edges } = this.#marks(this.#histogramMarks, marks, reader, point, 9, 7);
    reader.close(outerEnd);
    if (hasNoRecordedValue(flags)) return undefined;
    const value = histogramValue({ count, sum, counts, edges });
    return { attributes, startNs, endNs, edges, count, value };
  }

  exponential(reader: ProtobufReader): ReadPoint {
    const outerEnd = reader.open();
    const point = reader.position;
    const marks = new FieldRun();
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
          marks.extend(reader);
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
    const { attributes } = this.#marks(this.#exponentialMarks, marks, reader, point, 1);
    reader.close(outerEnd);
    if (hasNoRecordedValue(flags)) return undefined;
    const value = exponentialValue({ count, sum, scale, zeroCount, positive, negative });
    return { attributes, startNs, endNs, count, value };
  }

  number(reader: ProtobufReader, kind: 'sum' | 'gauge', isMonotonic: boolean): ReadPoint {
    const outerEnd = reader.open();
    const point = reader.position;
    const marks = new FieldRun();
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
          number = reader.sfixed64();
          break;
        case 7:
          marks.extend(reader);
          break;
        case 8:
          flags = reader.uint32();
          break;
        default:
          reader.skip();
      }
    }
    const { attributes } = this.#marks(this.#numberMarks, marks, reader, point, 7);
    reader.close(outerEnd);
    if (hasNoRecordedValue(flags)) return undefined;
    return { attributes, startNs, endNs, count: 0, value: numberValue(kind, number, isMonotonic) };
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

  #marks(
    memo: ByteMemo<Marks>,
    run: FieldRun,
    { bytes, end }: ProtobufReader,
    point: number,
    attributesField: number,
    edgesField?: number,
  ): Marks {
    const parse = (from: number, to: number): Marks => {
      const attributes = attributeSet(readAttributes(new ProtobufReader(bytes, from, to), attributesField));
      const edges = edgesField && this.#edges(new ProtobufReader(bytes, from, to), edgesField);
      return { attributes, edges: edges || undefined };
    };
    return run.isScattered ? parse(point, end) : memo.recall(bytes, run.start, run.end, parse);
  }

  #edges(message: ProtobufReader, field: number): Edges | undefined {
    this.#numbers.clear();
    while (message.next()) {
      if (message.field === field) message.doubles(this.#numbers);
      else message.skip();
    }
    return this.#identities.edges(this.#numbers.take());
  }
}

interface Marks {
  readonly attributes: AttributeSet;
  readonly edges: Edges | undefined;
}

/** Where in a message certain fields lie. Every writer puts attributes and edges side by side; none must. */
class FieldRun {
  start = 0;
  end = 0;
  isScattered = false;

  extend(reader: ProtobufReader): void {
    if (this.end === 0) this.start = reader.tagPosition;
    else if (reader.tagPosition !== this.end) this.isScattered = true;
    reader.skip();
    this.end = reader.position;
  }
}

const noBuckets: ExponentialBuckets = { offset: 0, counts: new Float64Array(0) };

/** FLAG_NO_RECORDED_VALUE: the stream is there, the value is not. */
const hasNoRecordedValue = (flags: number): boolean => (flags & 1) !== 0;
