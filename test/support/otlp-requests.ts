import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';

/** Requests as OpenTelemetry's own exporters put them on the wire. */
export type Encoding = 'protobuf' | 'json';
type LogRecords = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0];

export function metricsBody(encoding: Encoding, request: ResourceMetrics): Uint8Array {
  const serializer = encoding === 'json' ? JsonMetricsSerializer : ProtobufMetricsSerializer;
  return bytesOf(serializer.serializeRequest(request));
}

export function logsBody(encoding: Encoding, records: LogRecords): Uint8Array {
  return bytesOf((encoding === 'json' ? JsonLogsSerializer : ProtobufLogsSerializer).serializeRequest(records));
}

function bytesOf(body: Uint8Array | undefined): Uint8Array {
  if (body === undefined) throw new Error('otlp-transformer returned no body');
  return body;
}

export const sketchScope = { name: '@driftline/instrumentation/sketches', version: '1.0.0' };

export const aService: Attributes = {
  'service.name': 'hiring-api',
  'service.instance.id': 'i-1',
  'deployment.environment.name': 'prod',
  'process.command_args': ['node', 'app.js'],
};

export function metricsRequest(
  metrics: readonly MetricData[],
  options: {
    readonly resource?: Attributes;
    readonly scope?: { name: string; version: string; attributes?: Attributes };
  } = {},
): ResourceMetrics {
  return {
    resource: resourceFromAttributes(options.resource ?? aService),
    scopeMetrics: [{ scope: options.scope ?? sketchScope, metrics: [...metrics] }],
  };
}

export interface Period {
  readonly start: HrTime;
  readonly end: HrTime;
}

export interface HistogramPoint extends Period {
  readonly attributes: Attributes;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
  /** The sum of the counts, unless a test wants it wrong. */
  readonly count?: number;
}

export function histogram(points: readonly HistogramPoint[], name = 'ml.feature.value'): MetricData {
  return {
    descriptor: { name, description: 'A feature', unit: '1', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.DELTA,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: points.map(({ start, end, attributes, edges, counts, sum, count }) => ({
      startTime: start,
      endTime: end,
      attributes,
      value: {
        buckets: { boundaries: [...edges], counts: [...counts] },
        count: count ?? counts.reduce((a, b) => a + b, 0),
        sum,
      },
    })),
  };
}

export function exponential(
  points: readonly (Period & {
    attributes: Attributes;
    scale: number;
    zeroCount: number;
    positive: { offset: number; bucketCounts: number[] };
    negative: { offset: number; bucketCounts: number[] };
    sum: number;
  })[],
): MetricData {
  return {
    descriptor: { name: 'ml.feature.value', description: '', unit: '1', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.DELTA,
    dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
    dataPoints: points.map(({ start, end, attributes, ...value }) => ({
      startTime: start,
      endTime: end,
      attributes,
      value: {
        ...value,
        count: [...value.positive.bucketCounts, ...value.negative.bucketCounts].reduce(
          (a, b) => a + b,
          value.zeroCount,
        ),
      },
    })),
  };
}

export function sum(
  points: readonly (Period & { attributes: Attributes; value: number })[],
  options: {
    readonly name?: string;
    readonly temporality?: AggregationTemporality;
    readonly isMonotonic?: boolean;
  } = {},
): MetricData {
  return {
    descriptor: {
      name: options.name ?? 'ml.feature.observations',
      description: '',
      unit: '{observation}',
      valueType: ValueType.INT,
    },
    aggregationTemporality: options.temporality ?? AggregationTemporality.DELTA,
    dataPointType: DataPointType.SUM,
    isMonotonic: options.isMonotonic ?? true,
    dataPoints: points.map(({ start, end, attributes, value }) => ({
      startTime: start,
      endTime: end,
      attributes,
      value,
    })),
  };
}

export function gauge(
  points: readonly (Period & { attributes: Attributes; value: number })[],
  name: string,
): MetricData {
  return {
    descriptor: { name, description: '', unit: '1', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.GAUGE,
    dataPoints: points.map(({ start, end, attributes, value }) => ({
      startTime: start,
      endTime: end,
      attributes,
      value,
    })),
  };
}

const serviceResource = resourceFromAttributes(aService);

/** A log record that carries an event. */
export function event(
  eventName: string,
  time: HrTime,
  attributes: LogRecords[number]['attributes'],
  resource = serviceResource,
): LogRecords[number] {
  return {
    hrTime: time,
    hrTimeObserved: time,
    eventName,
    resource,
    instrumentationScope: sketchScope,
    attributes,
    droppedAttributesCount: 0,
  };
}
