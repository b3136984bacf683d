import type { Calibration, FeatureReference } from '@driftline/sketches';
import type { DriftPart } from '../../measurement.ts';
import { inflationOfWindow, LEAST_CHUNKS } from './overdispersion.ts';

/** How far the rows of a model depend on each other, as far as it is known. */
export interface Dependence {
  /** Measured on the reference's chunks. */
  readonly calibration?: Calibration | undefined;
  /** Known beforehand (`designEffect`); it replaces what was measured. */
  readonly designEffect?: number | undefined;
}

export function isCalibrated(reference: FeatureReference, { calibration, designEffect }: Dependence): boolean {
  if (designEffect !== undefined) return true;
  return calibration !== undefined && calibration.c >= LEAST_CHUNKS && reference.phi !== undefined;
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
  const phi = part === 'missing' ? reference.missingPhi : reference.phi;
  return inflationOfWindow(phi ?? 1, calibration.m, windowRows);
}
