import {
  ATTR_ML_FEATURE_VALUES,
  ATTR_ML_PREDICTION_CLASS,
  ATTR_ML_PREDICTION_ID,
  ATTR_ML_PREDICTION_SCORE,
  ATTR_ML_PREDICTION_VALUE,
} from '@driftline/semantic-conventions';
import type { CallSpan } from './call-span.ts';
import type { PredictionParts } from './prediction.ts';
import type { DisclosedValue, PrivacyPolicy } from './privacy.ts';

export type DisclosedRow = Readonly<Record<string, DisclosedValue>>;

/** A span's attributes are flat: `ml.feature.values.age`. */
export function discloseFeatures(span: CallSpan, row: DisclosedRow): void {
  for (const [name, value] of Object.entries(row)) span.setAttribute(`${ATTR_ML_FEATURE_VALUES}.${name}`, value);
}

export function disclosePrediction(span: CallSpan, privacy: PrivacyPolicy, parts: PredictionParts): void {
  disclose(span, privacy, ATTR_ML_PREDICTION_VALUE, parts.value);
  disclose(span, privacy, ATTR_ML_PREDICTION_CLASS, parts.class);
  disclose(span, privacy, ATTR_ML_PREDICTION_SCORE, parts.score);
}

export function discloseId(span: CallSpan, privacy: PrivacyPolicy, id: string): void {
  disclose(span, privacy, ATTR_ML_PREDICTION_ID, id);
}

function disclose(span: CallSpan, privacy: PrivacyPolicy, attribute: string, value: unknown): void {
  const disclosed = privacy.disclosed(attribute, value);
  if (disclosed !== undefined) span.setAttribute(attribute, disclosed);
}
