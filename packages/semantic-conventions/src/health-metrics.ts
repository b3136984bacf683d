import * as attribute from './attributes.ts';
import { gauge, type MetricDefinitions, upDownCounter } from './metric-definition.ts';
import * as metric from './metrics.ts';

const byFinding = {
  [attribute.ATTR_ML_MODEL_NAME]: 'required',
  [attribute.ATTR_ML_MODEL_VERSION]: 'recommended',
  [attribute.ATTR_TEST_SUITE_NAME]: 'required',
  [attribute.ATTR_TEST_CASE_NAME]: 'required',
  [attribute.ATTR_DRIFTLINE_HEALTH_TEST_TYPE]: 'required',
} as const;

const byMeasured = { ...byFinding, [attribute.ATTR_DRIFTLINE_HEALTH_TEST_UNIT]: 'required' } as const;

/** How the checks of a service stand, over its own OpenTelemetry set-up; and what `driftline health test` found. */
export const healthMetrics = {
  [metric.METRIC_DRIFTLINE_HEALTH_STATUS]: upDownCounter('1', '1 for the state a check is in, 0 for the others.', {
    [attribute.ATTR_DRIFTLINE_HEALTH_CHECK_NAME]: 'required',
    [attribute.ATTR_DRIFTLINE_HEALTH_CHECK_TYPE]: 'required',
    [attribute.ATTR_DRIFTLINE_HEALTH_STATE]: 'required',
    [attribute.ATTR_ML_MODEL_NAME]: 'conditional',
    [attribute.ATTR_ML_MODEL_VERSION]: 'conditional',
  }),
  [metric.METRIC_DRIFTLINE_HEALTH_TEST_STATUS]: upDownCounter(
    '1',
    '1 for what a model health test found, 0 for the other states.',
    { ...byFinding, [attribute.ATTR_TEST_CASE_RESULT_STATUS]: 'required' },
  ),
  [metric.METRIC_DRIFTLINE_HEALTH_TEST_VALUE]: gauge('{value}', 'What a model health test measured.', byMeasured),
  [metric.METRIC_DRIFTLINE_HEALTH_TEST_LOWER_BOUND]: gauge(
    '{value}',
    'Lower end of its confidence interval; absent where the measurements leave it open.',
    byMeasured,
  ),
  [metric.METRIC_DRIFTLINE_HEALTH_TEST_UPPER_BOUND]: gauge(
    '{value}',
    'Upper end of its confidence interval; absent where the measurements leave it open.',
    byMeasured,
  ),
  [metric.METRIC_DRIFTLINE_HEALTH_TEST_LIMIT]: gauge('{value}', 'The budget, floor or ceiling.', byMeasured),
} as const satisfies MetricDefinitions;
