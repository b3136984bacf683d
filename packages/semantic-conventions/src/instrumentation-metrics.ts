import * as attribute from './attributes.ts';
import { byModel } from './metric-attributes.ts';
import { counter, type MetricDefinitions } from './metric-definition.ts';
import * as metric from './metrics.ts';

/** About monitoring inside the observed service, over its own OpenTelemetry set-up. */
export const instrumentationMetrics = {
  [metric.METRIC_DRIFTLINE_INSTRUMENTATION_ERRORS]: counter(
    '{error}',
    "Monitoring's own failures inside the observed service; the prediction went on.",
    {
      [attribute.ATTR_ML_MODEL_NAME]: 'conditional',
      [attribute.ATTR_DRIFTLINE_INSTRUMENTATION_STAGE]: 'required',
    },
  ),
  [metric.METRIC_DRIFTLINE_INSTRUMENTATION_DROPPED_ROWS]: counter(
    '{row}',
    'Rows whose sketches were given up: the export failed for too long, or too few rows to hide one among them.',
    { ...byModel, [attribute.ATTR_DRIFTLINE_INSTRUMENTATION_DROP_REASON]: 'required' },
  ),
} as const satisfies MetricDefinitions;
