import { type AttributeSet, attributeSet } from '../attributes.ts';
import type { Identities, Scope, Sender } from '../identity.ts';
import { ByteMemo } from '../memo.ts';
import { readEvent } from './events.ts';
import { isOurEvent, isOurMetric } from './ours.ts';
import { readAttributes } from './protobuf-attributes.ts';
import { ProtobufPoints, type ReadPoint } from './protobuf-points.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { temporalityOf, type UnitAssembly } from './unit-assembly.ts';

/**
 * Reads OTLP requests in protobuf; field numbers are those of opentelemetry-proto 1.11. Selective: a metric or log record
 * that is not ours is stepped over by its length. A header may follow what it heads (protobuf promises no order), so each
 * level is walked twice; stepping over is nearly free.
 */
export class ProtobufDecoder {
  readonly #identities: Identities;
  readonly #points: ProtobufPoints;
  readonly #resources = new ByteMemo<AttributeSet>({ slots: 1024, longestBlock: 8192 });
  readonly #scopes = new ByteMemo<Scope>({ slots: 1024, longestBlock: 2048 });
  readonly #noResource = attributeSet(new Map());
  readonly #noScope: Scope;

  constructor(identities: Identities) {
    this.#identities = identities;
    this.#points = new ProtobufPoints(identities);
    this.#noScope = identities.scope('', '', this.#noResource);
  }

  metrics(bytes: Uint8Array, tenant: string, assembly: UnitAssembly): void {
    const reader = new ProtobufReader(bytes);
    this.#eachItem(reader, tenant, (sender) => this.#metric(reader, sender, assembly));
  }

  logs(bytes: Uint8Array, tenant: string, assembly: UnitAssembly): void {
    const reader = new ProtobufReader(bytes);
    this.#eachItem(reader, tenant, (sender) => this.#logRecord(reader, sender, assembly));
  }

  traces(bytes: Uint8Array, tenant: string, assembly: UnitAssembly): void {
    const reader = new ProtobufReader(bytes);
    this.#eachItem(reader, tenant, () => {
      reader.skip();
      assembly.ignore();
    });
  }

  /** The three signals number requests, resources and scopes alike; the item is a metric, a log record or a span. */
  #eachItem(reader: ProtobufReader, tenant: string, read: (sender: Sender) => void): void {
    eachField(reader, 1, () => {
      const requestEnd = reader.open();
      const resource = lastField(reader, 1, () => this.#resource(reader)) ?? this.#noResource;
      eachField(reader, 2, () => {
        const resourceEnd = reader.open();
        const scope = lastField(reader, 1, () => this.#scope(reader)) ?? this.#noScope;
        const sender = this.#identities.sender(tenant, resource, scope);
        eachField(reader, 2, () => read(sender));
        reader.close(resourceEnd);
      });
      reader.close(requestEnd);
    });
  }

  #resource(reader: ProtobufReader): AttributeSet {
    const outerEnd = reader.open();
    const resource = this.#resources.recall(reader.bytes, reader.position, reader.end, (start, end) =>
      attributeSet(readAttributes(new ProtobufReader(reader.bytes, start, end), 1)),
    );
    reader.close(outerEnd);
    return resource;
  }

  #scope(reader: ProtobufReader): Scope {
    const outerEnd = reader.open();
    const scope = this.#scopes.recall(reader.bytes, reader.position, reader.end, (start, end) => {
      const header = new ProtobufReader(reader.bytes, start, end);
      const name = lastField(header, 1, () => header.string()) ?? '';
      const version = lastField(header, 2, () => header.string()) ?? '';
      return this.#identities.scope(name, version, attributeSet(readAttributes(header, 3)));
    });
    reader.close(outerEnd);
    return scope;
  }

  #metric(reader: ProtobufReader, sender: Sender, assembly: UnitAssembly): void {
    const outerEnd = reader.open();
    const metric = lastField(reader, 1, () => reader.string()) ?? '';
    if (isOurMetric(metric)) {
      const unit = lastField(reader, 3, () => reader.string()) ?? '';
      while (reader.next()) {
        const kind = kindOfField.get(reader.field);
        if (kind === undefined) reader.skip();
        else this.#data(reader, kind, metric, unit, sender, assembly);
      }
    } else assembly.ignore();
    reader.close(outerEnd);
  }

  #data(
    reader: ProtobufReader,
    kind: Kind,
    metric: string,
    unit: string,
    sender: Sender,
    assembly: UnitAssembly,
  ): void {
    const outerEnd = reader.open();
    const temporality = kind === 'gauge' ? 'none' : temporalityOf(lastField(reader, 2, () => reader.uint32()));
    if (kind === 'summary' || temporality === undefined) {
      eachField(reader, 1, () => {
        reader.skip();
        assembly.refuse('unsupported_kind');
      });
    } else {
      const isMonotonic = kind === 'sum' && lastField(reader, 3, () => reader.uint32()) === 1;
      const stream = this.#identities.stream({ metric, unit, temporality, kind });
      eachField(reader, 1, () => {
        const point = this.#point(reader, kind, isMonotonic);
        if (point !== undefined) assembly.add(sender, stream, point);
      });
    }
    reader.close(outerEnd);
  }

  #point(reader: ProtobufReader, kind: Exclude<Kind, 'summary'>, isMonotonic: boolean): ReadPoint {
    if (kind === 'histogram') return this.#points.histogram(reader);
    if (kind === 'exponential') return this.#points.exponential(reader);
    return this.#points.number(reader, kind, isMonotonic);
  }

  #logRecord(reader: ProtobufReader, sender: Sender, assembly: UnitAssembly): void {
    const outerEnd = reader.open();
    const name = lastField(reader, 12, () => reader.string()) ?? '';
    if (isOurEvent(name)) {
      const timeNs =
        lastField(reader, 1, () => reader.fixed64()) || lastField(reader, 11, () => reader.fixed64()) || 0n;
      assembly.addEvent(sender, readEvent({ name, timeNs, attributes: readAttributes(reader, 6) }));
    } else assembly.ignore();
    reader.close(outerEnd);
  }
}

type Kind = 'gauge' | 'sum' | 'histogram' | 'exponential' | 'summary';

const kindOfField: ReadonlyMap<number, Kind> = new Map([
  [5, 'gauge'],
  [7, 'sum'],
  [9, 'histogram'],
  [10, 'exponential'],
  [11, 'summary'],
]);

/** Visits each occurrence of a field in the rest of the open message. */
function eachField(reader: ProtobufReader, field: number, visit: () => void): void {
  while (reader.next()) {
    if (reader.field === field) visit();
    else reader.skip();
  }
}

/** Looks through the rest of the open message for a field, and goes back. */
function lastField<T>(reader: ProtobufReader, field: number, read: () => T): T | undefined {
  const { position } = reader;
  let last: T | undefined;
  eachField(reader, field, () => {
    last = read();
  });
  reader.position = position;
  return last;
}
