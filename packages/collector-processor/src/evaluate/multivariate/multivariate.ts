import type {
  CorrelationMeasurement,
  CorrelationVerdictOfReference,
  Horizon,
  ReconstructionMeasurement,
} from '../measurement.ts';
import { isWorse } from '../drift/decision/state.ts';
import { compareMoments, type ComparedMoments, type MomentsReference } from './compared-moments.ts';
import { correlationShift } from './correlation-shift.ts';
import { reconstructionError } from './reconstruction-error.ts';
import type { ReportedMoments } from './reported-moments.ts';

/**
 * The part of a window's level that goes to correlations, all of them together; features have the rest. Whatever is
 * tested, the levels add up to the budget, and what a tenth costs features is 2 % of the smallest change they see.
 */
const CORRELATION_SHARE = 0.1;

export interface Levels {
  readonly features: number;
  readonly correlation: number;
}

export function levelsOf(alpha: number, hasCorrelation: boolean): Levels {
  return hasCorrelation
    ? { features: alpha * (1 - CORRELATION_SHARE), correlation: alpha * CORRELATION_SHARE }
    : { features: alpha, correlation: 0 };
}

/** A window's co-moments with what they are compared with. */
export interface MomentsPair {
  readonly referenceId: string;
  readonly horizon: Horizon;
  readonly compared: ComparedMoments;
}

export function pairMoments(
  reported: readonly ReportedMoments[],
  {
    horizon,
    isIgnored,
    designEffect,
    referenceOf,
  }: {
    readonly horizon: Horizon;
    readonly isIgnored: (feature: string) => boolean;
    /** Known beforehand; it replaces what references measured. */
    readonly designEffect: number | undefined;
    readonly referenceOf: (reported: ReportedMoments) => MomentsReference | undefined;
  },
): readonly MomentsPair[] {
  return reported.flatMap((one) => {
    const reference = referenceOf(one);
    const compared = reference && compareMoments(reference, one, isIgnored, designEffect);
    return reference === undefined || compared === undefined ? [] : [{ referenceId: reference.id, horizon, compared }];
  });
}

export interface MultivariateVerdict {
  readonly correlation: CorrelationMeasurement;
  readonly reconstruction: ReconstructionMeasurement | undefined;
}

/**
 * Either horizon may find that correlations changed, against any reference that senders use; the worst of it is told. The
 * pairs of one horizon share its level.
 */
export function judgeMultivariate(
  pairs: readonly MomentsPair[],
  {
    alpha,
    minRows,
  }: {
    /** Of one horizon. */
    readonly alpha: number;
    /** That a window needs. */
    readonly minRows: number;
  },
): MultivariateVerdict | undefined {
  const verdicts = pairs.map(({ referenceId, horizon, compared }) => {
    const sharing = pairs.filter((other) => other.horizon === horizon).length;
    const { pairs: changed, ...shift } = correlationShift(compared, alpha / sharing, minRows);
    const told = changed.map(({ features, reference, current, pAdjusted }) => {
      return { features, reference, current, pAdjusted };
    });
    return { compared, correlation: { ...shift, horizon, pairs: told, referenceId } };
  });
  const [first, ...others] = verdicts;
  if (first === undefined) return undefined;
  const worse = (worst: typeof first, other: typeof first) =>
    isWorse(other.correlation.state, worst.correlation.state) ? other : worst;
  const { compared, correlation } = others.reduce(worse, first);
  const byReference = [...Map.groupBy(verdicts, (one) => one.correlation.referenceId).values()].map(
    ([one = first, ...more]) => more.reduce(worse, one).correlation,
  );
  return {
    correlation: { ...correlation, ...(byReference.length > 1 && { references: byReference.map(verdictOf) }) },
    reconstruction: reconstructionError(compared),
  };
}

function verdictOf(correlation: CorrelationMeasurement): CorrelationVerdictOfReference {
  const { referenceId, state, horizon, rows, size, detectableSize, p, direction, calibrated } = correlation;
  return { referenceId, state, horizon, rows, size, detectableSize, p, direction, calibrated };
}
