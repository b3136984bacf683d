import type { Milliseconds } from '../settings/units.ts';
import type { AlertCondition } from './alert-condition.ts';

export type AlertSeverity = 'info' | 'warning' | 'critical';

/** How long a condition must hold before the alert fires. */
export type HoldTime = { readonly windows: number } | { readonly ms: Milliseconds };

/** What is worth telling somebody, whom, and how urgently. */
export interface AlertRule {
  readonly name: string;
  readonly when: AlertCondition;
  readonly for: HoldTime;
  readonly severity: AlertSeverity;
  /** Names of channels. */
  readonly notify: readonly string[];
}
