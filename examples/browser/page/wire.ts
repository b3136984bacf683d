/* As much of OTLP/JSON as this page shows. */

export interface WireRequest {
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly WireMetric[] }[];
  }[];
}

export interface WireMetric {
  readonly name: string;
  readonly histogram?: { readonly dataPoints: readonly HistogramPoint[] };
  readonly sum?: { readonly dataPoints: readonly SumPoint[] };
}

export interface HistogramPoint extends WithAttributes {
  readonly explicitBounds: readonly number[];
  /** 64-bit integers are texts in OTLP/JSON. */
  readonly bucketCounts: readonly string[];
}

export interface SumPoint extends WithAttributes {
  readonly asInt: string;
}

interface WithAttributes {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

export function metricsIn({ resourceMetrics = [] }: WireRequest): readonly WireMetric[] {
  return resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
}

export function attributeOf({ attributes }: WithAttributes, key: string): string | undefined {
  return attributes.find((attribute) => attribute.key === key)?.value.stringValue;
}
