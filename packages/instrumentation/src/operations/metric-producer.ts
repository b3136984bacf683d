import type { Attributes, HrTime } from '@opentelemetry/api';
import {
  METRIC_ML_CLIENT_PREDICTION_DURATION,
  METRIC_ML_PREDICTION_ACTIVE,
  METRIC_ML_PREDICTION_DURATION,
  METRIC_ML_PREDICTION_ROWS,
  operationMetrics,
  PREDICTION_DURATION_BOUNDS,
  SCHEMA_URL,
  SCOPE_INSTRUMENTATION,
} from '@driftline/semantic-conventions';
import { VERSION } from '../version.ts';
import type { DurationTotal, NumberTotal, OperationTotals } from './operation-totals.ts';

export type Temporality = 'delta' | 'cumulative';

/** What `metricProducers` of a metric reader takes, in SDK 2 and 3: by structure, so that neither is imported. */
export interface OperationsProducer {
  collect(): Promise<{ readonly resourceMetrics: ResourceMetrics; readonly errors: unknown[] }>;
}

/** One cursor over the totals. Two readers with one each both see everything. */
export function operationsProducer(totals: OperationTotals, temporality: Temporality): OperationsProducer {
  const seenDurations = new Map<string, Pick<DurationTotal, 'counts' | 'sum'>>();
  const seenRows = new Map<string, number>();
  let seenAtMs = totals.startedAtMs;

  const durationSince = (key: string, { attributes, counts, sum }: DurationTotal): Measured<DistributionValue> => {
    const seen = temporality === 'delta' ? seenDurations.get(key) : undefined;
    seenDurations.set(key, { counts: counts.slice(), sum });
    return {
      attributes,
      value: distribution(
        counts.map((n, i) => n - (seen?.counts[i] ?? 0)),
        sum - (seen?.sum ?? 0),
      ),
    };
  };
  const rowsSince = (key: string, { attributes, value }: NumberTotal): Measured<number> => {
    const seen = temporality === 'delta' ? (seenRows.get(key) ?? 0) : 0;
    seenRows.set(key, value);
    return { attributes, value: value - seen };
  };

  return {
    collect: async () => {
      const nowMs = Date.now();
      const sinceStart = { startTime: hrTime(totals.startedAtMs), endTime: hrTime(nowMs) };
      const interval = temporality === 'delta' ? { startTime: hrTime(seenAtMs), endTime: hrTime(nowMs) } : sinceStart;
      seenAtMs = nowMs;
      const shape = { aggregationTemporality: temporality === 'delta' ? DELTA : CUMULATIVE } as const;
      const durations = (name: DurationTotal['metric']): MetricData => ({
        ...shape,
        descriptor: descriptor(name, DOUBLE),
        dataPointType: HISTOGRAM,
        dataPoints: [...totals.durations]
          .filter(([, { metric }]) => metric === name)
          .map(([key, total]) => ({ ...interval, ...durationSince(key, total) })),
      });
      const metrics: readonly MetricData[] = [
        durations(METRIC_ML_PREDICTION_DURATION),
        durations(METRIC_ML_CLIENT_PREDICTION_DURATION),
        {
          ...shape,
          descriptor: descriptor(METRIC_ML_PREDICTION_ROWS, INT),
          dataPointType: SUM,
          isMonotonic: true,
          dataPoints: [...totals.rows].map(([key, total]) => ({ ...interval, ...rowsSince(key, total) })),
        },
        {
          // How many are under way is no difference: cumulative for everybody, as the specification has it.
          aggregationTemporality: CUMULATIVE,
          descriptor: descriptor(METRIC_ML_PREDICTION_ACTIVE, INT),
          dataPointType: SUM,
          isMonotonic: false,
          dataPoints: [...totals.active.values()].map(({ attributes, value }) => ({
            ...sinceStart,
            attributes,
            value,
          })),
        },
      ];
      return {
        resourceMetrics: {
          resource: emptyResource,
          scopeMetrics: [{ scope, metrics: metrics.filter(({ dataPoints }) => dataPoints.length > 0) }],
        },
        errors: [],
      };
    },
  };
}

/* The numbers of the SDK's enums. */
const DELTA = 0;
const CUMULATIVE = 1;
const INT = 0;
const DOUBLE = 1;
const HISTOGRAM = 0;
const SUM = 3;

const scope = { name: SCOPE_INSTRUMENTATION, version: VERSION, schemaUrl: SCHEMA_URL } as const;

interface Measured<Value> {
  readonly attributes: Attributes;
  readonly value: Value;
}

interface DataPoint<Value> extends Measured<Value> {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

interface DistributionValue {
  sum: number;
  count: number;
  buckets: { boundaries: number[]; counts: number[] };
}

interface Descriptor {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly valueType: typeof INT | typeof DOUBLE;
}

interface Stream {
  readonly descriptor: Descriptor;
  readonly aggregationTemporality: typeof DELTA | typeof CUMULATIVE;
}

type MetricData =
  | (Stream & { readonly dataPointType: typeof HISTOGRAM; readonly dataPoints: DataPoint<DistributionValue>[] })
  | (Stream & {
      readonly dataPointType: typeof SUM;
      readonly dataPoints: DataPoint<number>[];
      readonly isMonotonic: boolean;
    });

interface ProducerResource {
  readonly attributes: Record<string, string>;
  merge(other: ProducerResource | null): ProducerResource;
  getRawAttributes(): [string, string][];
}

interface ResourceMetrics {
  readonly resource: ProducerResource;
  readonly scopeMetrics: { readonly scope: typeof scope; readonly metrics: MetricData[] }[];
}

/** A reader with an SDK behind it puts that SDK's resource in its place. */
const emptyResource: ProducerResource = {
  attributes: {},
  merge: (other) => other ?? emptyResource,
  getRawAttributes: () => [],
};

function descriptor(name: keyof typeof operationMetrics, valueType: Descriptor['valueType']): Descriptor {
  const { brief, unit } = operationMetrics[name];
  return { name, description: brief, unit, valueType };
}

function distribution(counts: Float64Array, sum: number): DistributionValue {
  return {
    sum,
    count: counts.reduce((total, count) => total + count, 0),
    buckets: { boundaries: [...PREDICTION_DURATION_BOUNDS], counts: [...counts] },
  };
}

const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
