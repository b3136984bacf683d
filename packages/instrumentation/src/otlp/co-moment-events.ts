import {
  ATTR_ML_COMOMENT_COUNT,
  ATTR_ML_COMOMENT_DURATION,
  ATTR_ML_COMOMENT_MEANS,
  ATTR_ML_COMOMENT_SUMS,
  ATTR_ML_FEATURE_NAMES,
  ATTR_ML_MODEL_NAME,
  ATTR_ML_MODEL_VERSION,
  ATTR_ML_REFERENCE_ID,
  EVENT_ML_FEATURE_COMOMENTS,
  SEVERITY_DEBUG,
} from '@driftline/semantic-conventions';
import type { ModelSketches } from '../model-sketches.ts';
import { keyValues } from './attributes.ts';
import type { LogRecord } from './messages.ts';

/** Means and co-moments of one row are its values, and those of two give both away. */
const FEWEST_ROWS = 5;

/** How features varied together: at most one record a model and period. */
export function coMomentEvents(
  { model, whole, startNs }: ModelSketches,
  endNs: bigint,
  { minimumRows }: { readonly minimumRows: number },
): readonly LogRecord[] {
  const { coMoments } = whole.features;
  if (coMoments === undefined || coMoments.count < Math.max(FEWEST_ROWS, minimumRows)) return [];
  return [
    {
      timeUnixNano: String(endNs),
      observedTimeUnixNano: String(endNs),
      severityNumber: SEVERITY_DEBUG,
      eventName: EVENT_ML_FEATURE_COMOMENTS,
      attributes: keyValues({
        [ATTR_ML_MODEL_NAME]: model.name,
        [ATTR_ML_MODEL_VERSION]: model.version,
        [ATTR_ML_REFERENCE_ID]: model.reference?.id,
        [ATTR_ML_FEATURE_NAMES]: coMoments.features.map(({ name }) => name),
        [ATTR_ML_COMOMENT_COUNT]: coMoments.count,
        [ATTR_ML_COMOMENT_DURATION]: Number(endNs - startNs) / 1e9,
        [ATTR_ML_COMOMENT_MEANS]: littleEndian(coMoments.means),
        [ATTR_ML_COMOMENT_SUMS]: littleEndian(coMoments.sums),
      }),
    },
  ];
}

function littleEndian(numbers: Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.byteLength));
  numbers.forEach((number, i) => view.setFloat64(i * 8, number, true));
  return new Uint8Array(view.buffer);
}
