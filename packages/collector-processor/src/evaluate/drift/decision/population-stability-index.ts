import { type Bin, totalOf } from './bins.ts';

/**
 * Σ (q - p)·ln(q / p). A bin that is empty on one side gets half a row on both: a tiny constant instead would let one
 * row decide.
 */
export function populationStabilityIndex(bins: readonly Bin[]): number {
  const rows = totalOf(bins);
  return bins.reduce((sum, { reference, current }) => {
    if (reference + current === 0) return sum;
    const extra = reference === 0 || current === 0 ? 0.5 : 0;
    const p = (reference + extra) / rows.reference;
    const q = (current + extra) / rows.current;
    return sum + (q - p) * Math.log(q / p);
  }, 0);
}
