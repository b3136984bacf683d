import type { FeatureReference } from '@driftline/sketches';
import type { DriftPart } from '../../measurement.ts';
import { type Calibration, LEAST_CHUNKS, inflation } from './overdispersion.ts';

/** How far the rows of a model depend on each other, as far as it is known. */
export interface Dependence {
  /** Measured on the reference's chunks. */
  readonly calibration?: Calibration | undefined;
  /** Known beforehand (`designEffect`); it replaces what was measured. */
  readonly designEffect?: number | undefined;
}

export function isCalibrated(reference: FeatureReference, { calibration, designEffect }: Dependence): boolean {
  return (
    designEffect !== undefined ||
    (calibration !== undefined && calibration.c >= LEAST_CHUNKS && reference.phi !== undefined)
  );
}

/** By how much to divide the statistics of one part; 1 takes the rows for independent. */
export function inflationOf(
  part: DriftPart,
  reference: FeatureReference,
  windowRows: number,
  { calibration, designEffect }: Dependence,
): number {
  if (designEffect !== undefined) return Math.max(1, designEffect);
  if (calibration === undefined || calibration.c < LEAST_CHUNKS) return 1;
  const own = part === 'missing' ? reference.missingPhi : reference.phi;
  if (own === undefined) return 1;
  const readsScores = part !== 'missing' && reference.kind !== 'categorical';
  return inflation(own, readsScores ? calibration.pooled : 1, calibration, windowRows);
}
