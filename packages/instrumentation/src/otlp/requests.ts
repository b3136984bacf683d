import {
  SCHEMA_URL,
  SCOPE_EXPONENTIAL_SKETCHES,
  SCOPE_SKETCHES,
  type sketchMetrics,
  sketchMetrics as definitions,
} from '@driftline/semantic-conventions';
import type { OtlpRequest } from '../lane/otlp-sender.ts';
import { VERSION } from '../version.ts';
import { type Attributes, keyValues } from './attributes.ts';
import {
  DELTA,
  type ExponentialHistogramPoint,
  type HistogramPoint,
  type LogRecord,
  type LogsRequest,
  type Metric,
  type MetricsRequest,
  type NumberPoint,
} from './messages.ts';

export type SketchPoint = { readonly metric: keyof typeof sketchMetrics } & (
  | { readonly kind: 'sum'; readonly point: NumberPoint }
  | { readonly kind: 'histogram'; readonly point: HistogramPoint }
  | { readonly kind: 'exponential'; readonly point: ExponentialHistogramPoint }
);

/** What collectors and proxies take by default. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** One request, or as few as fit. */
export function metricsRequests(points: readonly SketchPoint[], resource: Attributes): readonly OtlpRequest[] {
  return split(points, (part) => ({ path: '/v1/metrics', body: encode(metricsRequest(part, resource)) }));
}

export function logsRequests(records: readonly LogRecord[], resource: Attributes): readonly OtlpRequest[] {
  return split(records, (part) => ({ path: '/v1/logs', body: encode(logsRequest(part, resource)) }));
}

function split<Item>(items: readonly Item[], request: (part: readonly Item[]) => OtlpRequest): readonly OtlpRequest[] {
  if (items.length === 0) return [];
  const whole = request(items);
  if (whole.body.byteLength <= MAX_REQUEST_BYTES || items.length === 1) return [whole];
  const middle = items.length >> 1;
  return [...split(items.slice(0, middle), request), ...split(items.slice(middle), request)];
}

const encoder = new TextEncoder();
const encode = (request: MetricsRequest | LogsRequest): Uint8Array<ArrayBuffer> =>
  encoder.encode(JSON.stringify(request));

function metricsRequest(points: readonly SketchPoint[], resource: Attributes): MetricsRequest {
  const byScope = Map.groupBy(points, ({ kind }) =>
    kind === 'exponential' ? SCOPE_EXPONENTIAL_SKETCHES : SCOPE_SKETCHES,
  );
  return {
    resourceMetrics: [
      {
        resource: { attributes: keyValues(resource) },
        scopeMetrics: [...byScope].map(([name, ofScope]) => ({
          scope: { name, version: VERSION },
          schemaUrl: SCHEMA_URL,
          metrics: [...Map.groupBy(ofScope, ({ metric }) => metric)].map(([metric, ofMetric]) =>
            metricOf(metric, ofMetric),
          ),
        })),
      },
    ],
  };
}

/** Within one scope a metric has one kind: that is what the two scopes are for. */
function metricOf(name: SketchPoint['metric'], points: readonly SketchPoint[]): Metric {
  const sums: NumberPoint[] = [];
  const histograms: HistogramPoint[] = [];
  const exponentials: ExponentialHistogramPoint[] = [];
  for (const { kind, point } of points) {
    if (kind === 'sum') sums.push(point);
    else if (kind === 'histogram') histograms.push(point);
    else exponentials.push(point);
  }
  const delta = { aggregationTemporality: DELTA } as const;
  return {
    name,
    unit: definitions[name].unit,
    ...(sums.length > 0 && { sum: { ...delta, isMonotonic: true as const, dataPoints: sums } }),
    ...(histograms.length > 0 && { histogram: { ...delta, dataPoints: histograms } }),
    ...(exponentials.length > 0 && { exponentialHistogram: { ...delta, dataPoints: exponentials } }),
  };
}

function logsRequest(logRecords: readonly LogRecord[], resource: Attributes): LogsRequest {
  return {
    resourceLogs: [
      {
        resource: { attributes: keyValues(resource) },
        scopeLogs: [{ scope: { name: SCOPE_SKETCHES, version: VERSION }, schemaUrl: SCHEMA_URL, logRecords }],
      },
    ],
  };
}
