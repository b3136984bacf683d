import type { ModelIdentity } from '../receive/unit.ts';
import type { SecurityCounts } from './security.ts';
import type { Segment } from './segment.ts';

/** The judgement on one feature, one output or a whole model (drift-decision: first condition that holds). */
export type DriftState = 'no_reference' | 'insufficient_data' | 'drift' | 'warning' | 'ok';

export type DriftPart = 'distribution' | 'missing' | 'tails';

/** How much recent data was merged before judging: the window alone, or the last hour. */
export type Horizon = 'window' | '1h';

/** Why a feature was judged as it was. */
export interface JudgedBy {
  /** In a few words, for a table: "20 bins", "7 values", "psi >= 0.25". */
  readonly summary: string;
  /** In a sentence. */
  readonly explanation: string;
  /** None where nothing was tested. */
  readonly tests: readonly string[];
  /** Bins of the table of the whole distribution. */
  readonly bins?: number;
  /** A fixed limit of the user's that decided in place of the budgeted tests: no promise about false alarms. */
  readonly limit?: {
    readonly method: string;
    readonly of: 'score' | 'p';
    readonly at: number;
    readonly score: number;
    readonly p?: number;
  };
}

/** What one window says about one feature or output. Sizes are in standard deviations of the reference. */
export interface FeatureMeasurement {
  readonly name: string;
  readonly role: 'feature' | 'output';
  readonly kind: 'numeric' | 'categorical' | 'embedding';
  /** After hysteresis: `drift` ends after three evaluated windows without it. */
  readonly state: DriftState;
  readonly horizon: Horizon;
  readonly part: DriftPart;
  /** Non-missing rows judged. */
  readonly rows: number;
  /** In standard deviations, in shares of rows for missing values and tails, or the score that a fixed limit is for. */
  readonly size: number;
  readonly threshold: number;
  readonly detectableSize: number;
  readonly p: number;
  readonly pAdjusted: number;
  /** Which way it moved, in words for people: "higher", "wider", "category \"NY\" more frequent", ... */
  readonly direction: string;
  readonly calibrated: boolean;
  /** Reported methods by name (psi, jensen-shannon, ...); they do not decide by default. */
  readonly scores: Readonly<Record<string, number>>;
  /** Of reported methods that have one; absent in windows of older versions. */
  readonly scorePValues?: Readonly<Record<string, number>>;
  /** Of reported methods to which the buckets do not tell all: between these lies the score of the rows. */
  readonly scoreBounds?: Readonly<Record<string, { readonly lower: number; readonly upper: number }>>;
  /** Shares of all rows seen, by data-quality rule; only rules that were violated. */
  readonly violations: Readonly<Record<string, number>>;
  readonly referenceId: string;
  /** By reference, where a window is judged against several; the worst of them is the feature's. */
  readonly references?: readonly ReferenceVerdict[];
  /** Absent in windows of older versions. */
  readonly judgedBy?: JudgedBy;
  /** Traces in which its value fell outside the reference; absent where none was sampled. */
  readonly sampleTraceIds?: readonly string[];
}

/** What one of several references says about one feature or output. */
export interface ReferenceVerdict
  extends Pick<
    FeatureMeasurement,
    | 'referenceId'
    | 'horizon'
    | 'part'
    | 'size'
    | 'threshold'
    | 'detectableSize'
    | 'pAdjusted'
    | 'direction'
    | 'calibrated'
  > {
  /** `profile`, `captured`, `previous`, `seasonal`. */
  readonly reference: string;
  /** Of this window alone, without memory. */
  readonly state: DriftState;
}

/** A reference that a window was judged against, and what is to be known about it. */
export interface ReferenceMeasurement {
  /** `profile`, `captured`, `previous`, `seasonal`. */
  readonly name: string;
  readonly id: string;
  /** Milliseconds since the epoch; absent where nobody knows. */
  readonly createdAt?: number;
  readonly rows?: number;
  readonly findings: readonly ReferenceFinding[];
}

export interface ReferenceFinding {
  readonly finding:
    | 'learning'
    | 'missing_in_reference'
    | 'missing_in_traffic'
    | 'kind_changed'
    | 'no_common_buckets'
    | 'too_few_periods'
    | 'drift_in_reference'
    | 'drift_left_out'
    | 'too_old';
  readonly features: readonly string[];
  /** Says what to do, where there is something to do. */
  readonly message: string;
  /** How far it has come, of what is still being learnt. */
  readonly progress?: string;
}

/** How far features go together otherwise than in the reference. */
export interface CorrelationMeasurement {
  /** After hysteresis, as of features. */
  readonly state: DriftState;
  readonly horizon: Horizon;
  /** Rows with a value in every numeric feature, as far as they were sampled. */
  readonly rows: number;
  /** The largest change of a correlation that is sure; without one, the surest. The noise of few rows is taken off. */
  readonly size: number;
  /** Frobenius norm of the change of the whole matrix, noise taken off. */
  readonly frobenius: number;
  readonly threshold: number;
  readonly detectableSize: number;
  /** The least p of all pairs, adjusted for their number. */
  readonly p: number;
  /** In words for people: "distance and planned_time 0.97 → 0.12". */
  readonly direction: string;
  readonly calibrated: boolean;
  readonly testedPairs: number;
  /** At most five that changed, the largest change first. */
  readonly pairs: readonly ChangedPair[];
  readonly referenceId: string;
  /** By reference, where there are several; the worst of them is what is told. */
  readonly references?: readonly CorrelationVerdictOfReference[];
}

/** What one of several references says about correlations: of this window alone, without memory. */
export type CorrelationVerdictOfReference = Pick<
  CorrelationMeasurement,
  'referenceId' | 'state' | 'horizon' | 'rows' | 'size' | 'detectableSize' | 'p' | 'direction' | 'calibrated'
>;

export interface ChangedPair {
  readonly features: readonly [string, string];
  /** The correlations, from -1 to 1. */
  readonly reference: number;
  readonly current: number;
  readonly pAdjusted: number;
}

/** How well the principal components of the reference still describe the rows; reported, and decides nothing. */
export interface ReconstructionMeasurement {
  readonly components: number;
  /** Mean squared distance of a row from the components, in variances of a feature. */
  readonly error: number;
  readonly reference: number;
  /** Where the error of so many rows of the reference lies in 19 of 20 cases; absent in merged profiles. */
  readonly expected?: { readonly lowerBound: number; readonly upperBound: number };
  readonly rows: number;
}

/** Whether the rows changed, and whether the answers did: each the worst of its kind. */
export interface RoleStates {
  readonly features?: DriftState;
  readonly predictions?: DriftState;
}

export interface RankingMeasurement {
  /** Names of the judged features, the one that moved farthest first; by importance too, where settings give any. */
  readonly byDrift: readonly string[];
  /** Mean over the features, by importance, of how many times its limit each moved; absent without importances. */
  readonly weightedDrift?: number;
}

export interface PerformanceMeasurement {
  readonly metric: string;
  readonly source: 'realised' | 'estimated';
  readonly value: number;
  readonly lowerBound: number;
  readonly upperBound: number;
  readonly rows: number;
}

/** What one window says about one segment. It is compared with its own reference, never with that of the whole. */
export interface SegmentMeasurement extends Segment {
  readonly rows: number;
  /** Of the window's rows and, where the reference has this segment, of the reference's: how the mix changed. */
  readonly share: number;
  readonly referenceShare?: number;
  /** The worst feature's state; a segment without a reference of its own has `no_reference`. */
  readonly state: DriftState;
  /** Why it is not judged. */
  readonly reason?: string;
  readonly features: readonly FeatureMeasurement[];
  readonly performance: readonly PerformanceMeasurement[];
}

/** What one rule of data quality, or one declared constraint, says of one window. */
export interface QualityFinding {
  /** Absent where it is about whole rows. */
  readonly role?: 'feature' | 'output';
  readonly name?: string;
  /** A rule of the registry, or the key of a constraint: `missing`, `max`. */
  readonly rule: string;
  /** From the settings' `constraints`. */
  readonly isDeclared?: true;
  readonly state: QualityState;
  /** The share that breaks the rule: at least so much. */
  readonly ratio: number;
  /** At most so much, where buckets do not tell. */
  readonly upperRatio?: number;
  /** From above this on it is violated; absent where it is unjudged. */
  readonly limit?: number;
  /** A declared limit, an exact test against the reference, or a bound with a wide margin. */
  readonly judgedBy?: 'limit' | 'reference' | 'margin';
  /** Which reference that was; absent where a limit judged, and in what older versions stored. */
  readonly referenceId?: string;
  /** The window, where it is absent: the last hour speaks for a window that is not sure by itself. */
  readonly horizon?: Horizon;
  /** Of the test, adjusted for all tests of the window. */
  readonly pAdjusted?: number;
  /** What the share is a share of. */
  readonly rows: number;
  /** In words for people: "all rows are the category \"CA\"". */
  readonly detail?: string;
  /** Why it is unjudged, and what to do about it. */
  readonly why?: string;
}

export type QualityState = 'ok' | 'violated' | 'unjudged';

/** Everything one evaluated window says about one model. Plain data: stored, published, shown and alerted on. */
export interface WindowMeasurement {
  readonly model: ModelIdentity;
  /** Milliseconds since the epoch. */
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly rows: number;
  readonly lateRows: number;
  /** The worst of the features, outputs and correlations. */
  readonly state: DriftState;
  readonly features: readonly FeatureMeasurement[];
  readonly performance: readonly PerformanceMeasurement[];
  /** Absent in what older versions stored. */
  readonly references?: readonly ReferenceMeasurement[];
  /** Of the attributes that settings chose, the largest first; absent where none were. */
  readonly segments?: readonly SegmentMeasurement[];
  /** Violations, other shares that are not zero, and declared constraints; absent in what older versions stored. */
  readonly quality?: readonly QualityFinding[];
  /** Absent without co-moments of reference and window, and with `quality.correlation: false`. */
  readonly correlation?: CorrelationMeasurement;
  readonly reconstruction?: ReconstructionMeasurement;
  /** Absent in what older versions stored. */
  readonly states?: RoleStates;
  readonly ranking?: RankingMeasurement;
  /** Absent where nothing was refused and no row was suspicious. */
  readonly security?: SecurityCounts;
  /** Quantiles of the latency distribution in seconds: p50, p95, p99; absent without it. */
  readonly latency?: { readonly p50: number; readonly p95: number; readonly p99: number };
}
