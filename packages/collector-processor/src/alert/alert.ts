import type { Segment } from '../evaluate/segment.ts';
import type { ModelIdentity } from '../receive/unit.ts';
import type { AlertSeverity } from './alert-rule.ts';

export type AlertState = 'pending' | 'firing' | 'resolved';

/** One rule about one model, from the first time its condition held. Plain JSON, kept in the evaluation state. */
export interface Alert {
  /** 32 hex digits over rule and model: the same in every restart, on every replica. */
  readonly id: string;
  readonly rule: string;
  readonly severity: AlertSeverity;
  readonly model: ModelIdentity;
  /** `inactive` once a pending alert was called off; kept so that `transition` never goes back. */
  readonly state: 'inactive' | AlertState;
  /** When it entered this state, in milliseconds since the epoch: the window's end, or the clock for `no_data`. */
  readonly since: number;
  /** When the condition began to hold. */
  readonly activeSince: number;
  /** Windows in a row for which the condition held. */
  readonly windows: number;
  /** Grows by one with every change of state: the `seq` of notifications and part of the event's id. */
  readonly transition: number;
  /** The last reading for which the condition held; of the worst feature, where it is about features. */
  readonly value: number;
  readonly threshold: number;
  /** Where a fixed limit on a p-value decided: value and threshold are p-values, and drift is below. */
  readonly limitOf?: 'p';
  readonly feature?: string;
  /** All features concerned, worst first. */
  readonly features: readonly string[];
  /** Where the condition is about segments: the worst one, which `value` and the features are of. */
  readonly segment?: Segment;
  /** All segments concerned, worst first. */
  readonly segments?: readonly Segment[];
  /** Which way the worst feature moved, in words. */
  readonly direction?: string;
}

/** A step from one state to the next, worth an event and, except for `pending`, a notification. */
export interface AlertChange {
  readonly alert: Alert;
  readonly previous: Alert['state'];
  /** What the time of the change is: the end of the window, or the clock. */
  readonly at: number;
}
