import type { OtlpRequest } from './otlp-receiving-end.ts';

type Attributes = NonNullable<NonNullable<NonNullable<OtlpRequest['resourceLogs']>[number]['resource']>['attributes']>;

export function plainAttributes(attributes: Attributes | undefined): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    (attributes ?? []).map(({ key, value }) => [key, value.stringValue ?? value.doubleValue ?? Number(value.intValue)]),
  );
}

/** Of an attribute that is a list of text; empty where it is absent. */
export function textsOf(attributes: Attributes | undefined, name: string): readonly (string | undefined)[] {
  const values = attributes?.find(({ key }) => key === name)?.value.arrayValue?.values ?? [];
  return values.map(({ stringValue }) => stringValue);
}

/** Values of sums and gauges by `name{feature=age,state=drift}`; model name and version are left out. */
export function seriesIn(request: OtlpRequest | undefined): Readonly<Record<string, number>> {
  return Object.fromEntries(
    metricsIn(request).flatMap(({ name, gauge, sum }) =>
      ((gauge ?? sum)?.dataPoints ?? []).map(({ attributes, asDouble, asInt }) => [
        seriesName(name, plainAttributes(attributes)),
        asDouble ?? Number(asInt),
      ]),
    ),
  );
}

export function metricsIn(request: OtlpRequest | undefined) {
  return (request?.resourceMetrics ?? []).flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
}

export function logRecordsIn(request: OtlpRequest | undefined) {
  return (request?.resourceLogs ?? []).flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
}

export function seriesName(metric: string, attributes: Readonly<Record<string, string | number>>): string {
  const labels = Object.entries(attributes)
    .filter(([key]) => !key.startsWith('ml.model.'))
    .map(
      ([key, value]) =>
        `${key
          .replace(/\.name$/, '')
          .split('.')
          .at(-1)}=${value}`,
    );
  return `${metric}{${labels.join(',')}}`;
}
