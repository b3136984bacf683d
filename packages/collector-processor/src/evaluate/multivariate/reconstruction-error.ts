import { LEAST_ROWS } from '../drift/decision/least-rows.ts';
import type { ReconstructionMeasurement } from '../measurement.ts';
import type { ComparedMoments } from './compared-moments.ts';
import { PrincipalComponents } from './principal-components.ts';

/** The standard normal's 97.5 % quantile. */
const Z975 = 1.96;

/**
 * How far the window's rows are from the reference's principal components, on average and squared: the trace of what the
 * components leave of the window's second moments about the reference's means. Undefined for too few rows.
 */
export function reconstructionError(compared: ComparedMoments): ReconstructionMeasurement | undefined {
  const { reference, current, rows, reconstruction } = compared;
  if (rows.current < LEAST_ROWS) return undefined;
  const principal = PrincipalComponents.of(reference, reconstruction?.components);
  if (principal === undefined) return undefined;
  const expected = principal.error(reference);
  const margin =
    reconstruction && Z975 * reconstruction.sd * Math.sqrt(compared.phi * (1 / rows.current + 1 / rows.reference));
  return {
    components: principal.components,
    error: principal.error(current),
    reference: expected,
    ...(margin !== undefined && {
      expected: { lowerBound: Math.max(0, expected - margin), upperBound: expected + margin },
    }),
    rows: rows.current,
  };
}
