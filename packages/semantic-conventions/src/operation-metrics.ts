import * as attribute from './attributes.ts';
import { byCall, byModel, byRemoteCall } from './metric-attributes.ts';
import { counter, histogram, type MetricDefinitions, upDownCounter } from './metric-definition.ts';
import * as metric from './metrics.ts';

/** To the observed service's own backend, over its own OpenTelemetry set-up. */
export const operationMetrics = {
  [metric.METRIC_ML_PREDICTION_DURATION]: {
    ...histogram('s', 'Duration of predictions in this process.', byCall),
    bounds: metric.PREDICTION_DURATION_BOUNDS,
  },
  [metric.METRIC_ML_CLIENT_PREDICTION_DURATION]: {
    ...histogram('s', 'Duration of predictions by a remote model, seen by its caller.', byRemoteCall),
    bounds: metric.PREDICTION_DURATION_BOUNDS,
  },
  [metric.METRIC_ML_PREDICTION_ACTIVE]: upDownCounter(
    '{prediction}',
    'Predictions under way; always cumulative.',
    byModel,
  ),
  [metric.METRIC_ML_PREDICTION_ROWS]: counter('{row}', 'Rows predicted; a batch counts as many.', {
    ...byModel,
    [attribute.ATTR_ERROR_TYPE]: 'conditional',
  }),
} as const satisfies MetricDefinitions;
