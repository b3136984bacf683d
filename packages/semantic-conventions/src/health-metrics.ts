import * as attribute from './attributes.ts';
import { type MetricDefinitions, upDownCounter } from './metric-definition.ts';
import * as metric from './metrics.ts';

/** How the checks of a service stand, over its own OpenTelemetry set-up. */
export const healthMetrics = {
  [metric.METRIC_DRIFTLINE_HEALTH_STATUS]: upDownCounter('1', '1 for the state a check is in, 0 for the others.', {
    [attribute.ATTR_DRIFTLINE_HEALTH_CHECK_NAME]: 'required',
    [attribute.ATTR_DRIFTLINE_HEALTH_CHECK_TYPE]: 'required',
    [attribute.ATTR_DRIFTLINE_HEALTH_STATE]: 'required',
    [attribute.ATTR_ML_MODEL_NAME]: 'conditional',
    [attribute.ATTR_ML_MODEL_VERSION]: 'conditional',
  }),
} as const satisfies MetricDefinitions;
