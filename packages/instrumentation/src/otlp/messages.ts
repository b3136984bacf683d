/** OTLP/JSON as opentelemetry-proto 1.11 defines it, as far as we write it. 64-bit integers are decimal strings. */

export type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly bytesValue: string }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values: readonly KeyValue[] } };

export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

interface Point {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

export interface NumberPoint extends Point {
  readonly asInt: string;
}

/** The value now, since whenever. */
export interface GaugePoint extends Pick<Point, 'attributes' | 'timeUnixNano'> {
  readonly asDouble: number;
}

interface DistributionPoint extends Point {
  readonly count: string;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
}

export interface HistogramPoint extends DistributionPoint {
  readonly explicitBounds: readonly number[];
  readonly bucketCounts: readonly string[];
}

interface Buckets {
  readonly offset: number;
  readonly bucketCounts: readonly string[];
}

export interface ExponentialHistogramPoint extends DistributionPoint {
  readonly scale: number;
  readonly zeroCount: string;
  readonly positive: Buckets;
  readonly negative: Buckets;
}

export const DELTA = 1;

interface Stream<P> {
  readonly aggregationTemporality: typeof DELTA;
  readonly dataPoints: readonly P[];
}

export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly gauge?: { readonly dataPoints: readonly GaugePoint[] };
  readonly sum?: Stream<NumberPoint> & { readonly isMonotonic: true };
  readonly histogram?: Stream<HistogramPoint>;
  readonly exponentialHistogram?: Stream<ExponentialHistogramPoint>;
}

export interface LogRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly eventName: string;
  readonly attributes: readonly KeyValue[];
}

interface Scope {
  readonly name: string;
  readonly version: string;
}

interface Resource {
  readonly attributes: readonly KeyValue[];
}

export interface ScopeMetrics {
  readonly scope: Scope;
  readonly schemaUrl: string;
  readonly metrics: readonly Metric[];
}

export interface MetricsRequest {
  readonly resourceMetrics: readonly { readonly resource: Resource; readonly scopeMetrics: readonly ScopeMetrics[] }[];
}

export interface LogsRequest {
  readonly resourceLogs: readonly {
    readonly resource: Resource;
    readonly scopeLogs: readonly {
      readonly scope: Scope;
      readonly schemaUrl: string;
      readonly logRecords: readonly LogRecord[];
    }[];
  }[];
}
