import type { AttributeName, ResourceMetricName } from '@driftline/semantic-conventions';
import type { Measurement, MeasurementAttributes } from './collectors/resource-collector.ts';

/** One measurement; none where the value is unknown. */
export function measured(
  metric: ResourceMetricName,
  value: number | undefined,
  attributes: MeasurementAttributes = {},
): readonly Measurement[] {
  return value === undefined ? [] : [{ metric, value, attributes }];
}

/** One measurement for each known value, told apart by one attribute. */
export function measuredBy(
  metric: ResourceMetricName,
  attribute: AttributeName,
  values: Readonly<Record<string, number | undefined>>,
  attributes: MeasurementAttributes = {},
): readonly Measurement[] {
  return Object.entries(values).flatMap(([name, value]) =>
    measured(metric, value, { ...attributes, [attribute]: name }),
  );
}
