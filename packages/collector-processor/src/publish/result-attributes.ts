import {
  ATTR_ML_FEATURE_NAME,
  ATTR_ML_MODEL_NAME,
  ATTR_ML_MODEL_VERSION,
  ATTR_ML_OUTPUT_NAME,
  ATTR_ML_SEGMENT_NAME,
  ATTR_ML_SEGMENT_VALUE,
} from '@driftline/semantic-conventions';
import type { FeatureMeasurement } from '../evaluate/measurement.ts';
import type { Segment } from '../evaluate/segment.ts';
import type { ModelIdentity } from '../receive/unit.ts';

/** Without a version, the attribute is left out. */
export function modelAttributes({ name, version }: Pick<ModelIdentity, 'name' | 'version'>) {
  return { [ATTR_ML_MODEL_NAME]: name, ...(version === '' ? {} : { [ATTR_ML_MODEL_VERSION]: version }) };
}

export function subjectAttributes({ role, name }: Pick<FeatureMeasurement, 'role' | 'name'>): Record<string, string> {
  return { [role === 'feature' ? ATTR_ML_FEATURE_NAME : ATTR_ML_OUTPUT_NAME]: name };
}

export function segmentAttributes({ name, value }: Segment) {
  return { [ATTR_ML_SEGMENT_NAME]: name, [ATTR_ML_SEGMENT_VALUE]: value };
}
