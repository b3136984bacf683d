import * as attribute from './attributes.ts';
import { instrumentationMetrics } from './instrumentation-metrics.ts';
import { byModel } from './metric-attributes.ts';
import { counter, gauge, type MetricDefinitions } from './metric-definition.ts';
import * as metric from './metrics.ts';

/** About Driftline itself, on the resource of the process that sends them. */
export const selfMetrics = {
  ...instrumentationMetrics,
  [metric.METRIC_DRIFTLINE_INGEST_REQUESTS]: counter('{request}', 'Requests to the receiver, by their answer.', {
    [attribute.ATTR_HTTP_RESPONSE_STATUS_CODE]: 'required',
  }),
  [metric.METRIC_DRIFTLINE_INGEST_POINTS]: counter('{point}', 'Points received, by what became of them.', {
    [attribute.ATTR_DRIFTLINE_INGEST_RESULT]: 'required',
  }),
  [metric.METRIC_DRIFTLINE_INGEST_GAPS]: counter(
    '{gap}',
    "Times a sender's unit did not start where its last one ended.",
    byModel,
  ),
  [metric.METRIC_DRIFTLINE_INGEST_COARSE]: counter(
    '{unit}',
    'Units that cover more time than a pane: export more often, or widen the window.',
    byModel,
  ),
  [metric.METRIC_DRIFTLINE_STORE_DEGRADED]: gauge(
    '{flag}',
    '1 while points are acknowledged without the configured durability.',
    {},
  ),
  [metric.METRIC_DRIFTLINE_EVALUATION_FAILED]: counter(
    '{window}',
    'Windows set aside because judging them failed three times.',
    byModel,
  ),
  [metric.METRIC_DRIFTLINE_PUBLISH_CAPPED_SERIES]: gauge(
    '{series}',
    'Series left out because of `publish.max_series`; features that are `ok` go first.',
    {},
  ),
  [metric.METRIC_DRIFTLINE_ALERT_DELIVERIES]: counter(
    '{delivery}',
    'Notifications sent; those with an `error.type` failed and are tried again.',
    { [attribute.ATTR_DRIFTLINE_CHANNEL_NAME]: 'required', [attribute.ATTR_ERROR_TYPE]: 'conditional' },
  ),
} as const satisfies MetricDefinitions;
