import { populationStabilityIndex } from './population-stability-index.ts';
import { type Bin, effectiveRows, totalOf } from './bins.ts';

/**
 * How far the window moved, in standard deviations of the reference: for a normal shifted by d, PSI tends to d². The
 * noise that PSI carries at few rows is taken off, so that the size does not depend on how many rows a window has.
 */
export function sizeOf(bins: readonly Bin[], phi = 1): number {
  const noise = ((bins.length - 1) * phi) / effectiveRows(totalOf(bins));
  return Math.sqrt(Math.max(0, populationStabilityIndex(bins) - noise));
}
