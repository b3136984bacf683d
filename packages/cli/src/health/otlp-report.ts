import type { ModelHealthReport, ModelTestResult, TestFinding } from '@driftline/health';
import * as conventions from '@driftline/semantic-conventions';
import { type Attributes, type HrTime, SeverityNumber, ValueType } from '@opentelemetry/api';
import { detectResources, envDetector, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';

export interface OtlpEndpoint {
  /** For people. */
  readonly name: string;
  /** Absent: the exporters read OTEL_EXPORTER_OTLP_* themselves. */
  readonly url?: string;
}

/** Where results go; undefined where nobody said. */
export function otlpEndpoint(
  url: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): OtlpEndpoint | undefined {
  if (url !== undefined) {
    if (!/^https?:\/\/./.test(url) || !URL.canParse(url))
      throw new Error(`--otlp ${url}: give an OTLP/HTTP address such as http://127.0.0.1:4318`);
    return { name: url, url: url.replace(/\/+$/, '') };
  }
  const named = environment.OTEL_EXPORTER_OTLP_ENDPOINT ?? '';
  return named === '' ? undefined : { name: named };
}

/** Every figure as a gauge, every finding as an event. @throws where the endpoint does not take them. */
export async function sendReports(
  { url }: OtlpEndpoint,
  reports: readonly ModelHealthReport[],
  now: number,
): Promise<void> {
  const [{ OTLPMetricExporter }, { OTLPLogExporter }] = await Promise.all([
    import('@opentelemetry/exporter-metrics-otlp-http'),
    import('@opentelemetry/exporter-logs-otlp-http'),
  ]);
  const metrics = new OTLPMetricExporter(url === undefined ? {} : { url: `${url}/v1/metrics` });
  const logs = new OTLPLogExporter(url === undefined ? {} : { url: `${url}/v1/logs` });
  const findings = reports.flatMap(findingsOf);
  const resource = resourceFromAttributes({ [conventions.ATTR_SERVICE_NAME]: 'driftline health test' }).merge(
    detectResources({ detectors: [envDetector] }),
  );
  const time = hrTime(now);
  await Promise.all([
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the exporter pins SDK 3.1.0, whose enums are the same
    taken((told) => metrics.export({ resource, scopeMetrics: [{ scope, metrics: metricsOf(findings, time) }] }, told)),
    taken((told) => logs.export(eventsOf(findings, resource, time), told)),
  ]);
  await Promise.all([metrics.shutdown(), logs.shutdown()]);
}

interface Told {
  readonly attributes: Attributes;
  readonly finding: TestFinding;
}

const scope = { name: conventions.SCOPE_HEALTH_TEST, schemaUrl: conventions.SCHEMA_URL };

const statuses = {
  ok: conventions.TEST_CASE_RESULT_STATUS_VALUE_PASS,
  failed: conventions.TEST_CASE_RESULT_STATUS_VALUE_FAIL,
  uncertain: conventions.TEST_CASE_RESULT_STATUS_VALUE_UNCERTAIN,
} as const;

const severities = {
  ok: SeverityNumber.INFO,
  failed: SeverityNumber.ERROR,
  uncertain: SeverityNumber.WARN,
} as const;

function findingsOf({ model: { name, version }, results }: ModelHealthReport): readonly Told[] {
  const model = {
    [conventions.ATTR_ML_MODEL_NAME]: name,
    ...(version !== '' && { [conventions.ATTR_ML_MODEL_VERSION]: version }),
  };
  return results.flatMap((result: ModelTestResult) =>
    result.findings.map((finding) => ({
      finding,
      attributes: {
        ...model,
        [conventions.ATTR_TEST_SUITE_NAME]: result.name,
        [conventions.ATTR_TEST_CASE_NAME]: finding.name,
        [conventions.ATTR_DRIFTLINE_HEALTH_TEST_TYPE]: result.type,
      },
    })),
  );
}

function metricsOf(findings: readonly Told[], time: HrTime): MetricData[] {
  const gauge = (
    name: Exclude<keyof typeof conventions.healthMetrics, typeof conventions.METRIC_DRIFTLINE_HEALTH_STATUS>,
    read: (measured: NonNullable<TestFinding['measured']>) => number | undefined,
  ): MetricData => ({
    ...shared(name, ValueType.DOUBLE),
    dataPointType: DataPointType.GAUGE,
    dataPoints: findings.flatMap(({ attributes, finding: { measured } }) => {
      const value = measured === undefined ? undefined : read(measured);
      if (measured === undefined || value === undefined) return [];
      const unit = { [conventions.ATTR_DRIFTLINE_HEALTH_TEST_UNIT]: measured.unit };
      return [{ attributes: { ...attributes, ...unit }, value, startTime: time, endTime: time }];
    }),
  });
  const status: MetricData = {
    ...shared(conventions.METRIC_DRIFTLINE_HEALTH_TEST_STATUS, ValueType.INT),
    dataPointType: DataPointType.SUM,
    isMonotonic: false,
    dataPoints: findings.flatMap(({ attributes, finding }) =>
      Object.values(statuses).map((status) => ({
        attributes: { ...attributes, [conventions.ATTR_TEST_CASE_RESULT_STATUS]: status },
        value: Number(status === statuses[finding.verdict]),
        startTime: time,
        endTime: time,
      })),
    ),
  };
  return [
    status,
    gauge(conventions.METRIC_DRIFTLINE_HEALTH_TEST_VALUE, ({ value }) => value),
    gauge(conventions.METRIC_DRIFTLINE_HEALTH_TEST_LOWER_BOUND, ({ lower }) => lower),
    gauge(conventions.METRIC_DRIFTLINE_HEALTH_TEST_UPPER_BOUND, ({ upper }) => upper),
    gauge(conventions.METRIC_DRIFTLINE_HEALTH_TEST_LIMIT, ({ limit }) => limit),
  ];
}

function shared(name: keyof typeof conventions.healthMetrics, valueType: ValueType) {
  const { unit, brief } = conventions.healthMetrics[name];
  return {
    descriptor: { name, unit, description: brief, valueType },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
}

function eventsOf(findings: readonly Told[], resource: Resource, time: HrTime): ReadableLogRecord[] {
  return findings.map(({ attributes, finding: { verdict, says } }) => ({
    hrTime: time,
    hrTimeObserved: time,
    severityNumber: severities[verdict],
    eventName: conventions.EVENT_DRIFTLINE_HEALTH_TEST_RESULT,
    resource,
    instrumentationScope: scope,
    attributes: {
      ...attributes,
      [conventions.ATTR_TEST_CASE_RESULT_STATUS]: statuses[verdict],
      [conventions.ATTR_DRIFTLINE_HEALTH_TEST_MESSAGE]: says,
    },
    droppedAttributesCount: 0,
  }));
}

function taken(
  send: (told: (result: { readonly error?: Error | undefined; readonly code: number }) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) =>
    send(({ code, error }) => (code === 0 ? resolve() : reject(error ?? new Error('the exporter gave up')))),
  );
}

function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}
