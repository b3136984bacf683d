import type { ModelIdentity } from '../receive/unit.ts';
import type { SecurityCounts } from './security.ts';

/** The judgement on one feature, one output or a whole model (drift-decision: first condition that holds). */
export type DriftState = 'no_reference' | 'insufficient_data' | 'drift' | 'warning' | 'ok';

export type DriftPart = 'distribution' | 'missing' | 'tails';

/** How much recent data was merged before judging: the window alone, or the last hour. */
export type Horizon = 'window' | '1h';

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
  /** Traces in which its value fell outside the reference; absent where none was sampled. */
  readonly sampleTraceIds?: readonly string[];
}

export interface PerformanceMeasurement {
  readonly metric: string;
  readonly source: 'realised' | 'estimated';
  readonly value: number;
  readonly lowerBound: number;
  readonly upperBound: number;
  readonly rows: number;
}

/** Everything one evaluated window says about one model. Plain data: stored, published, shown and alerted on. */
export interface WindowMeasurement {
  readonly model: ModelIdentity;
  /** Milliseconds since the epoch. */
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly rows: number;
  readonly lateRows: number;
  /** The worst feature's state. */
  readonly state: DriftState;
  readonly features: readonly FeatureMeasurement[];
  readonly performance: readonly PerformanceMeasurement[];
  /** Absent where nothing was refused and no row was suspicious. */
  readonly security?: SecurityCounts;
  /** Quantiles of the latency distribution in seconds: p50, p95, p99; absent without it. */
  readonly latency?: { readonly p50: number; readonly p95: number; readonly p99: number };
}
