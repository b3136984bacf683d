import * as attribute from './attributes.ts';

export const byModel = {
  [attribute.ATTR_ML_MODEL_NAME]: 'required',
  [attribute.ATTR_ML_MODEL_VERSION]: 'recommended',
} as const;

export const bySegment = {
  [attribute.ATTR_ML_SEGMENT_NAME]: 'conditional',
  [attribute.ATTR_ML_SEGMENT_VALUE]: 'conditional',
} as const;

export const byCall = {
  ...byModel,
  [attribute.ATTR_ML_OPERATION_NAME]: 'required',
  [attribute.ATTR_ML_SYSTEM_NAME]: 'recommended',
  [attribute.ATTR_ERROR_TYPE]: 'conditional',
} as const;

export const byRemoteCall = {
  ...byCall,
  [attribute.ATTR_SERVER_ADDRESS]: 'recommended',
  [attribute.ATTR_SERVER_PORT]: 'recommended',
} as const;

export const byFeature = { ...byModel, [attribute.ATTR_ML_FEATURE_NAME]: 'required' } as const;
export const byOutput = { ...byModel, [attribute.ATTR_ML_OUTPUT_NAME]: 'required' } as const;

/** One feature or one output; neither where the judgement is on several at once. Of a segment where it is named. */
export const bySubject = {
  ...byModel,
  [attribute.ATTR_ML_FEATURE_NAME]: 'conditional',
  [attribute.ATTR_ML_OUTPUT_NAME]: 'conditional',
  ...bySegment,
} as const;

export const byDrift = { ...bySubject, [attribute.ATTR_ML_DRIFT_METHOD]: 'required' } as const;

export const byPerformance = {
  ...byModel,
  [attribute.ATTR_ML_PERFORMANCE_METRIC]: 'required',
  [attribute.ATTR_ML_PERFORMANCE_SOURCE]: 'required',
  ...bySegment,
} as const;
