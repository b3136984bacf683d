import {
  ATTR_ML_DRIFT_CHANGED_PAIRS,
  ATTR_ML_DRIFT_FLOOR,
  ATTR_ML_DRIFT_DIRECTION,
  ATTR_ML_DRIFT_HORIZON,
  ATTR_ML_DRIFT_METHOD,
  ATTR_ML_DRIFT_P_VALUE,
  ATTR_ML_DRIFT_PART,
  ATTR_ML_DRIFT_ROWS,
  ATTR_ML_DRIFT_SIZE,
  METRIC_ML_DRIFT_P_VALUE,
  METRIC_ML_DRIFT_SCORE,
  METRIC_ML_DRIFT_THRESHOLD,
  type MetricName,
  ML_DRIFT_METHOD_VALUE_CORRELATION,
  ML_DRIFT_METHOD_VALUE_RECONSTRUCTION_ERROR,
  ML_DRIFT_METHOD_VALUE_WEIGHTED,
  ML_DRIFT_PART_VALUE_CORRELATION,
} from '@driftline/semantic-conventions';
import type { ChangedPair, CorrelationMeasurement, WindowMeasurement } from '../evaluate/measurement.ts';
import { isJudgement } from './publication-state.ts';

/** A gauge of a model that is about several features at once. */
export interface ModelScore {
  readonly metric: MetricName;
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: number;
}

export function multivariateScores(
  { correlation, reconstruction, ranking }: WindowMeasurement,
  { pValue }: { readonly pValue: boolean },
): readonly ModelScore[] {
  const byCorrelation = { [ATTR_ML_DRIFT_METHOD]: ML_DRIFT_METHOD_VALUE_CORRELATION };
  const byReconstruction = { [ATTR_ML_DRIFT_METHOD]: ML_DRIFT_METHOD_VALUE_RECONSTRUCTION_ERROR };
  const scores: ModelScore[] = [];
  if (correlation !== undefined && isJudgement(correlation.state)) {
    const { size, threshold, p } = correlation;
    scores.push({ metric: METRIC_ML_DRIFT_SCORE, attributes: byCorrelation, value: size });
    scores.push({ metric: METRIC_ML_DRIFT_THRESHOLD, attributes: byCorrelation, value: threshold });
    if (pValue) scores.push({ metric: METRIC_ML_DRIFT_P_VALUE, attributes: byCorrelation, value: p });
  }
  if (reconstruction !== undefined) {
    scores.push({ metric: METRIC_ML_DRIFT_SCORE, attributes: byReconstruction, value: reconstruction.error });
  }
  if (ranking?.weightedDrift !== undefined) {
    const byImportance = { [ATTR_ML_DRIFT_METHOD]: ML_DRIFT_METHOD_VALUE_WEIGHTED };
    scores.push({ metric: METRIC_ML_DRIFT_SCORE, attributes: byImportance, value: ranking.weightedDrift });
  }
  return scores;
}

/** What an event says of correlations that changed. */
export function correlationAttributes(
  correlation: CorrelationMeasurement,
): Readonly<Record<string, string | number | readonly string[]>> {
  return {
    [ATTR_ML_DRIFT_METHOD]: ML_DRIFT_METHOD_VALUE_CORRELATION,
    [ATTR_ML_DRIFT_PART]: ML_DRIFT_PART_VALUE_CORRELATION,
    [ATTR_ML_DRIFT_DIRECTION]: correlation.direction,
    [ATTR_ML_DRIFT_HORIZON]: correlation.horizon,
    [ATTR_ML_DRIFT_SIZE]: correlation.size,
    [ATTR_ML_DRIFT_FLOOR]: correlation.threshold,
    [ATTR_ML_DRIFT_P_VALUE]: correlation.p,
    [ATTR_ML_DRIFT_ROWS]: correlation.rows,
    ...(correlation.pairs.length > 0 && { [ATTR_ML_DRIFT_CHANGED_PAIRS]: correlation.pairs.map(pairInWords) }),
  };
}

function pairInWords({ features, reference, current }: ChangedPair): string {
  return `${features.join(' and ')} ${reference.toFixed(2)} → ${current.toFixed(2)}`;
}
