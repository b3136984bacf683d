import { type AnyValue, attributeSet } from '../attributes.ts';
import type { Identities, Sender } from '../identity.ts';
import type { ExponentialBuckets } from '../unit.ts';
import { DecodeError } from './decode-error.ts';
import { readEvent } from './events.ts';
import {
  boolean,
  bytes,
  count,
  double,
  int32,
  int64,
  type Json,
  list,
  object,
  parseJson,
  string,
  uint64,
} from './json-reader.ts';
import { isOurEvent, isOurMetric } from './ours.ts';
import { exponentialValue, histogramValue, numberValue } from './point-value.ts';
import { deepestValue, exactInteger } from './protobuf-attributes.ts';
import { type ReportedPoint, temporalityOf, type UnitAssembly } from './unit-assembly.ts';

/**
 * Reads OTLP requests in JSON: the mapping of protobuf, with lowerCamelCase names, integer enums, 64-bit integers as
 * strings or numbers, bytes as base64; unknown fields are ignored.
 */
export class JsonDecoder {
  readonly #identities: Identities;

  constructor(identities: Identities) {
    this.#identities = identities;
  }

  metrics(body: Uint8Array, tenant: string, assembly: UnitAssembly): void {
    this.#eachItem(body, tenant, ['resourceMetrics', 'scopeMetrics', 'metrics'], (metric, sender) =>
      this.#metric(metric, sender, assembly),
    );
  }

  logs(body: Uint8Array, tenant: string, assembly: UnitAssembly): void {
    this.#eachItem(body, tenant, ['resourceLogs', 'scopeLogs', 'logRecords'], (logRecord, sender) => {
      const name = string(logRecord['eventName'], 'eventName');
      if (!isOurEvent(name)) return assembly.ignore();
      const time = uint64(logRecord['timeUnixNano'], 'timeUnixNano');
      const timeNs = time || uint64(logRecord['observedTimeUnixNano'], 'observedTimeUnixNano');
      assembly.addEvent(sender, readEvent({ name, timeNs, attributes: attributes(logRecord['attributes']) }));
    });
  }

  traces(body: Uint8Array, tenant: string, assembly: UnitAssembly): void {
    this.#eachItem(body, tenant, ['resourceSpans', 'scopeSpans', 'spans'], () => assembly.ignore());
  }

  #eachItem(
    body: Uint8Array,
    tenant: string,
    [resources, scopes, items]: readonly [string, string, string],
    read: (item: Json, sender: Sender) => void,
  ): void {
    for (const ofResource of objects(parseJson(body)[resources], resources)) {
      const resource = attributeSet(attributes(object(ofResource['resource'], 'resource')['attributes']));
      for (const ofScope of objects(ofResource[scopes], scopes)) {
        const { name, version, attributes: set } = object(ofScope['scope'], 'scope');
        const scope = this.#identities.scope(
          string(name, 'scope.name'),
          string(version, 'scope.version'),
          attributeSet(attributes(set)),
        );
        const sender = this.#identities.sender(tenant, resource, scope);
        for (const item of objects(ofScope[items], items)) read(item, sender);
      }
    }
  }

  #metric(metric: Json, sender: Sender, assembly: UnitAssembly): void {
    const name = string(metric['name'], 'name');
    if (!isOurMetric(name)) return assembly.ignore();
    const unit = string(metric['unit'], 'unit');
    for (const { kind, field, read } of layouts) {
      const data = object(metric[field], field);
      const points = objects(data['dataPoints'], `${field}.dataPoints`);
      const temporality = kind === 'gauge' ? 'none' : temporalityOf(data['aggregationTemporality']);
      if (temporality === undefined) {
        assembly.refuse('unsupported_kind', points.length);
        continue;
      }
      const stream = this.#identities.stream({ metric: name, unit, temporality, kind });
      for (const point of points)
        if (hasRecordedValue(point))
          assembly.add(sender, stream, { ...header(point), ...read(point, data, this.#identities) });
    }
    assembly.refuse(
      'unsupported_kind',
      objects(object(metric['summary'], 'summary')['dataPoints'], 'dataPoints').length,
    );
  }
}

interface Layout {
  readonly kind: 'histogram' | 'exponential' | 'sum' | 'gauge';
  readonly field: string;
  readonly read: (point: Json, data: Json, identities: Identities) => Pick<ReportedPoint, 'count' | 'edges' | 'value'>;
}

const layouts: readonly Layout[] = [
  {
    kind: 'histogram',
    field: 'histogram',
    read: (point, _data, identities) => {
      const bounds = list(point['explicitBounds'], 'explicitBounds').map((bound) => double(bound, 'explicitBounds'));
      const edges = identities.edges(Float64Array.from(bounds));
      const counted = { count: count(point['count'], 'count'), sum: double(point['sum'], 'sum') };
      const counts = bucketCounts(point);
      return { edges, count: counted.count, value: histogramValue({ ...counted, counts, edges }) };
    },
  },
  {
    kind: 'exponential',
    field: 'exponentialHistogram',
    read: (point) => {
      const reported = {
        count: count(point['count'], 'count'),
        sum: double(point['sum'], 'sum'),
        scale: int32(point['scale'], 'scale'),
        zeroCount: count(point['zeroCount'], 'zeroCount'),
        positive: exponentialBuckets(point['positive'], 'positive'),
        negative: exponentialBuckets(point['negative'], 'negative'),
      };
      return { count: reported.count, value: exponentialValue(reported) };
    },
  },
  {
    kind: 'sum',
    field: 'sum',
    read: (point, sum) => ({
      count: 0,
      value: numberValue('sum', number(point), boolean(sum['isMonotonic'], 'isMonotonic')),
    }),
  },
  {
    kind: 'gauge',
    field: 'gauge',
    read: (point) => ({ count: 0, value: numberValue('gauge', number(point), false) }),
  },
];

function header(point: Json): Pick<ReportedPoint, 'attributes' | 'startNs' | 'endNs'> {
  return {
    attributes: attributeSet(attributes(point['attributes'])),
    startNs: uint64(point['startTimeUnixNano'], 'startTimeUnixNano'),
    endNs: uint64(point['timeUnixNano'], 'timeUnixNano'),
  };
}

/** FLAG_NO_RECORDED_VALUE: the stream is there, the value is not. */
const hasRecordedValue = (point: Json): boolean => (int32(point['flags'], 'flags') & 1) === 0;

function number(point: Json): number {
  if (isPresent(point['asInt'])) return Number(int64(point['asInt'], 'asInt'));
  return isPresent(point['asDouble']) ? double(point['asDouble'], 'asDouble') : Number.NaN;
}

function exponentialBuckets(value: unknown, name: string): ExponentialBuckets {
  const buckets = object(value, name);
  return { offset: int32(buckets['offset'], `${name}.offset`), counts: bucketCounts(buckets) };
}

const bucketCounts = (holder: Json): Float64Array =>
  Float64Array.from(list(holder['bucketCounts'], 'bucketCounts'), (bucket) => count(bucket, 'bucketCounts'));

function attributes(value: unknown, depth = 0): Map<string, AnyValue> {
  return new Map(
    objects(value, 'attributes').map((pair) => [
      string(pair['key'], 'key'),
      anyValue(object(pair['value'], 'value'), depth),
    ]),
  );
}

function anyValue(value: Json, depth: number): AnyValue {
  if (depth > deepestValue) throw new DecodeError(`json: attribute values nested deeper than ${deepestValue}`);
  if (isPresent(value['stringValue'])) return string(value['stringValue'], 'stringValue');
  if (isPresent(value['boolValue'])) return boolean(value['boolValue'], 'boolValue');
  if (isPresent(value['intValue'])) return exactInteger(int64(value['intValue'], 'intValue'));
  if (isPresent(value['doubleValue'])) return double(value['doubleValue'], 'doubleValue');
  if (isPresent(value['bytesValue'])) return bytes(value['bytesValue'], 'bytesValue');
  if (isPresent(value['arrayValue']))
    return objects(object(value['arrayValue'], 'arrayValue')['values'], 'values').map((item) =>
      anyValue(item, depth + 1),
    );
  if (isPresent(value['kvlistValue']))
    return attributes(object(value['kvlistValue'], 'kvlistValue')['values'], depth + 1);
  return null;
}

const objects = (value: unknown, name: string): readonly Json[] => list(value, name).map((item) => object(item, name));

const isPresent = (value: unknown): boolean => value !== undefined && value !== null;
