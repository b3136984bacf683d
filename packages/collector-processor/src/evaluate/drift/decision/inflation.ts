import type { Calibration, FeatureReference } from '@driftline/sketches';
import type { DriftPart } from '../../measurement.ts';
import type { Bin } from './bins.ts';
import { inflationOfWindow, LEAST_CHUNKS } from './overdispersion.ts';
import { LEAST_PERIODS, type SeasonalDependence, seasonalInflation } from './seasonal-inflation.ts';

/** How far the rows of a model depend on each other, as far as it is known. */
export interface Dependence {
  /** Measured on the reference's chunks. */
  readonly calibration?: Calibration | undefined;
  /** Known beforehand (`rows_per_entity`); it replaces what was measured on chunks. */
  readonly designEffect?: number | undefined;
  /** Measured between earlier days, where these are the reference; it is added to a known design effect. */
  readonly seasonal?: SeasonalDependence | undefined;
}

export function isCalibrated(reference: FeatureReference, dependence: Dependence): boolean {
  const { calibration, designEffect, seasonal } = dependence;
  if (seasonal !== undefined) return seasonal.periods >= LEAST_PERIODS;
  if (designEffect !== undefined) return true;
  return isEnough(calibration) && isInflation(reference.phi);
}

/** Rows of which a million million count as one are no data. */
const LARGEST_INFLATION = 1e12;

/** By how much to divide the statistics of one part; 1 takes the rows for independent. */
export function inflationOf(part: DriftPart, reference: FeatureReference, rows: Bin, dependence: Dependence): number {
  return Math.min(LARGEST_INFLATION, measuredInflation(part, reference, rows, dependence));
}

function measuredInflation(
  part: DriftPart,
  reference: FeatureReference,
  rows: Bin,
  { calibration, designEffect, seasonal }: Dependence,
): number {
  const known = designEffect === undefined ? undefined : isInflation(designEffect) ? designEffect : 1;
  if (seasonal !== undefined) {
    const scatter = part === 'missing' ? seasonal.missing : seasonal.distribution;
    const { periods } = seasonal;
    return periods < LEAST_PERIODS ? (known ?? 1) : seasonalInflation(scatter, { periods, rows, within: known ?? 1 });
  }
  if (known !== undefined) return known;
  const phi = part === 'missing' ? reference.missingPhi : reference.phi;
  return isEnough(calibration) && isInflation(phi) ? inflationOfWindow(phi, calibration.m, rows.current) : 1;
}

function isEnough(calibration: Calibration | undefined): calibration is Calibration {
  return calibration !== undefined && calibration.c >= LEAST_CHUNKS;
}

/** A profile that was read from a file has no others; one made in memory may. */
function isInflation(phi: number | undefined): phi is number {
  return phi !== undefined && phi >= 1 && Number.isFinite(phi);
}
