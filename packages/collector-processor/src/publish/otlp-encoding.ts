import {
  type EventSeverity,
  type MetricName,
  metrics,
  SCHEMA_URL,
  SCOPE_RESULTS,
  SEVERITY_DEBUG,
  SEVERITY_ERROR,
  SEVERITY_INFO,
  SEVERITY_WARN,
} from '@driftline/semantic-conventions';
import { type HrTime, SeverityNumber, ValueType } from '@opentelemetry/api';
import { ProtobufLogsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import type { ResultEvent } from './events.ts';
import type { ResultPoint } from './gauges.ts';

export interface EncodingOptions {
  /** Stands for all replicas: a gauge that changes hands stays the same series. */
  readonly deploymentId: string;
  readonly version: string;
  readonly now: number;
}

/** An OTLP metrics request: each point on its resource. */
export function encodeMetrics(points: readonly ResultPoint[], options: EncodingOptions): Uint8Array<ArrayBuffer> {
  const byResource = Map.groupBy(points, ({ resource }) => JSON.stringify(resource));
  const requests = [...byResource.values()].map((ofResource) => {
    const byMetric = Map.groupBy(ofResource, ({ metric }) => metric);
    return ProtobufMetricsSerializer.serializeRequest({
      resource: resourceOf(ofResource[0]?.resource ?? {}, options.deploymentId),
      scopeMetrics: [
        {
          scope: scope(options),
          metrics: [...byMetric].map(([name, series]) => metricData(name, series, options.now)),
        },
      ],
    });
  });
  // Requests are repeated fields of resources, so one after the other is one request with all of them.
  return Uint8Array.from(Buffer.concat(requests.map((request) => request ?? new Uint8Array())));
}

/** An OTLP logs request: time is that of the change, observed now. */
export function encodeEvents(events: readonly ResultEvent[], options: EncodingOptions): Uint8Array<ArrayBuffer> {
  const instrumentationScope = scope(options);
  const resources = new Map<string, Resource>();
  const records = events.map(({ name, severity, at, resource, attributes }): ReadableLogRecord => {
    const key = JSON.stringify(resource);
    const shared = resources.get(key) ?? resourceOf(resource, options.deploymentId);
    resources.set(key, shared);
    return {
      hrTime: hrTime(at),
      hrTimeObserved: hrTime(options.now),
      severityNumber: severityNumbers[severity],
      eventName: name,
      resource: shared,
      instrumentationScope,
      attributes,
      droppedAttributesCount: 0,
    };
  });
  return Uint8Array.from(ProtobufLogsSerializer.serializeRequest(records) ?? []);
}

const severityNumbers = {
  [SEVERITY_DEBUG]: SeverityNumber.DEBUG,
  [SEVERITY_INFO]: SeverityNumber.INFO,
  [SEVERITY_WARN]: SeverityNumber.WARN,
  [SEVERITY_ERROR]: SeverityNumber.ERROR,
} as const satisfies Record<EventSeverity, SeverityNumber>;

function metricData(name: MetricName, series: readonly ResultPoint[], now: number): MetricData {
  const { instrument, unit, brief } = metrics[name];
  const isSum = instrument !== 'gauge';
  const shared = {
    descriptor: {
      name,
      unit,
      description: brief,
      valueType: isSum ? ValueType.INT : ValueType.DOUBLE,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: series.map(({ attributes, value, since }) => ({
      attributes,
      value,
      startTime: hrTime(isSum ? since : now),
      endTime: hrTime(now),
    })),
  };
  return isSum
    ? { ...shared, dataPointType: DataPointType.SUM, isMonotonic: instrument === 'counter' }
    : { ...shared, dataPointType: DataPointType.GAUGE };
}

function resourceOf(attributes: Readonly<Record<string, string>>, deploymentId: string): Resource {
  return resourceFromAttributes({ 'service.instance.id': deploymentId, ...attributes });
}

function scope({ version }: EncodingOptions) {
  return { name: SCOPE_RESULTS, version, schemaUrl: SCHEMA_URL };
}

function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}
