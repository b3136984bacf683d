import type { CorrelationMeasurement, Horizon, ReconstructionMeasurement } from '../measurement.ts';
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
    return compared === undefined ? [] : [{ referenceId: one.referenceId, horizon, compared }];
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
  let worst: MultivariateVerdict | undefined;
  for (const { referenceId, horizon, compared } of pairs) {
    const sharing = pairs.filter((other) => other.horizon === horizon).length;
    const { pairs: changed, ...shift } = correlationShift(compared, alpha / sharing, minRows);
    const correlation: CorrelationMeasurement = {
      ...shift,
      horizon,
      pairs: changed.map(({ features, reference, current, pAdjusted }) => ({
        features,
        reference,
        current,
        pAdjusted,
      })),
      referenceId,
    };
    if (worst === undefined || isWorse(correlation.state, worst.correlation.state)) {
      worst = { correlation, reconstruction: reconstructionError(compared) };
    }
  }
  return worst;
}
