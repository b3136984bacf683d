import {
  ATTR_ML_FEATURE_NAME,
  ATTR_ML_MODEL_NAME,
  ATTR_ML_MODEL_VERSION,
  ATTR_ML_SAMPLE_SPAN_IDS,
  ATTR_ML_SAMPLE_TRACE_IDS,
  EVENT_ML_FEATURE_SAMPLES,
  SEVERITY_DEBUG,
} from '@driftline/semantic-conventions';
import type { ModelSketches } from '../model-sketches.ts';
import { keyValues } from './attributes.ts';
import type { LogRecord } from './messages.ts';

/** At most one record a feature and period. Its time is the last moment inside the period: an event has no interval. */
export function sampleEvents({ model, samples }: ModelSketches, endNs: bigint): readonly LogRecord[] {
  return [...samples.byFeature].map(([feature, spans]) => ({
    timeUnixNano: String(endNs - 1n),
    observedTimeUnixNano: String(endNs),
    severityNumber: SEVERITY_DEBUG,
    eventName: EVENT_ML_FEATURE_SAMPLES,
    attributes: keyValues({
      [ATTR_ML_MODEL_NAME]: model.name,
      [ATTR_ML_MODEL_VERSION]: model.version,
      [ATTR_ML_FEATURE_NAME]: feature,
      [ATTR_ML_SAMPLE_TRACE_IDS]: spans.map(({ traceId }) => traceId),
      [ATTR_ML_SAMPLE_SPAN_IDS]: spans.map(({ spanId }) => spanId),
    }),
  }));
}
