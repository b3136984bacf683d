import * as attribute from './attributes.ts';
import { byFeature, byModel, byOutput, bySegment } from './metric-attributes.ts';
import { counter, histogram, type MetricDefinitions } from './metric-definition.ts';
import * as metric from './metrics.ts';

/** To the drift service only: 107 Prometheus series a feature belong in no vendor's bill. Always delta. */
export const sketchMetrics = {
  [metric.METRIC_ML_FEATURE_VALUE]: histogram(
    '1',
    "Distribution of a numeric feature on the profile's edges, exponential without a profile.",
    {
      ...byFeature,
      [attribute.ATTR_ML_FEATURE_KIND]: 'recommended',
      [attribute.ATTR_ML_REFERENCE_ID]: 'conditional',
      [attribute.ATTR_ML_FEATURE_PROJECTION]: 'conditional',
      ...bySegment,
    },
  ),
  [metric.METRIC_ML_FEATURE_CATEGORY_OBSERVATIONS]: counter(
    '{observation}',
    'Values of a categorical feature by category.',
    {
      ...byFeature,
      [attribute.ATTR_ML_FEATURE_CATEGORY]: 'required',
      [attribute.ATTR_ML_REFERENCE_ID]: 'conditional',
      ...bySegment,
    },
  ),
  [metric.METRIC_ML_FEATURE_OBSERVATIONS]: counter(
    '{observation}',
    'Values of a feature by what became of them; their sum is the rows seen.',
    { ...byFeature, [attribute.ATTR_ML_FEATURE_OBSERVATION_STATUS]: 'required', ...bySegment },
  ),
  [metric.METRIC_ML_FEATURE_DISTINCT]: {
    ...histogram(
      '1',
      "Hashes of a feature's values, each counted once: 16 octaves of 32 buckets and one for the rest. How many buckets stay empty tells how many values differ.",
      byFeature,
    ),
    isOptIn: true,
  },
  [metric.METRIC_ML_FEATURE_ROWS]: counter('{row}', 'Whole rows by a check and its result.', {
    ...byModel,
    [attribute.ATTR_ML_FEATURE_CHECK_NAME]: 'required',
    [attribute.ATTR_ML_FEATURE_CHECK_RESULT]: 'required',
  }),
  [metric.METRIC_ML_FEATURE_VIOLATIONS]: counter(
    '{violation}',
    'Rows in which a feature did not match the schema, by what the schema complained of.',
    { ...byFeature, [attribute.ATTR_ML_FEATURE_VIOLATION_TYPE]: 'required' },
  ),
  [metric.METRIC_ML_OUTPUT_VALUE]: histogram(
    '1',
    'Distribution of a numeric output: value, probability, anomaly score, latency in seconds.',
    { ...byOutput, [attribute.ATTR_ML_REFERENCE_ID]: 'conditional', ...bySegment },
  ),
  [metric.METRIC_ML_OUTPUT_CATEGORY_OBSERVATIONS]: counter('{observation}', 'Predictions by predicted class.', {
    ...byOutput,
    [attribute.ATTR_ML_FEATURE_CATEGORY]: 'required',
    ...bySegment,
  }),
  [metric.METRIC_ML_OUTPUT_OBSERVATIONS]: counter(
    '{observation}',
    'Values of an output by what became of them, failed calls among them.',
    { ...byOutput, [attribute.ATTR_ML_FEATURE_OBSERVATION_STATUS]: 'required', ...bySegment },
  ),
  [metric.METRIC_ML_SECURITY_OBSERVATIONS]: counter(
    '{observation}',
    'Refused requests and suspicious rows, by pattern.',
    {
      ...byModel,
      [attribute.ATTR_ML_SECURITY_PATTERN]: 'required',
    },
  ),
} as const satisfies MetricDefinitions;
