import { createHash } from 'node:crypto';
import type { WindowMeasurement } from '../evaluate/measurement.ts';
import type { ModelIdentity } from '../receive/unit.ts';
import { formatDuration, type Milliseconds } from '../settings/units.ts';
import type { Alert, AlertChange } from './alert.ts';
import { judge, type Verdict } from './alert-condition.ts';
import type { AlertRule } from './alert-rule.ts';

export interface AlertStep {
  readonly alerts: readonly Alert[];
  readonly changes: readonly AlertChange[];
}

/** When a model last had a window with rows, by the clock of the service. */
export interface LastData {
  readonly model: ModelIdentity;
  readonly at: number;
}

/**
 * Alerts are level-triggered: inactive → pending → firing → resolved, one for each rule and model. Pure, so a repeat
 * with the same input gives the same alerts.
 */
export interface AlertEngine {
  /** Judges windows; `now` is the end of the window, so that a replay gives the same times. */
  step(alerts: readonly Alert[], measurements: readonly WindowMeasurement[], now: number): AlertStep;
  /** What only the clock can tell: that no data came. */
  tick(alerts: readonly Alert[], lastData: readonly LastData[], now: number): AlertStep;
}

export function alertEngine(rules: readonly AlertRule[]): AlertEngine {
  return {
    step(alerts, measurements, now) {
      const dataRules = rules.filter(({ when }) => when.kind !== 'no_data');
      const judged = measurements.flatMap((window) =>
        dataRules.map((rule) => ({ rule, model: window.model, verdict: judge(rule.when, window) })),
      );
      return advanceAll(withoutAbandoned(alerts, rules, [], now), judged, now);
    },
    tick(alerts, lastData, now) {
      const judged = lastData.flatMap(({ model, at }) =>
        rules.flatMap((rule) => {
          const patience = patienceOf(rule);
          return patience === undefined ? [] : [{ rule, model, verdict: judgeSilence(now - at, patience) }];
        }),
      );
      return advanceAll(withoutAbandoned(alerts, rules, lastData, now), judged, now);
    },
  };
}

/** How long a model must be silent for the clock alone to change an alert. */
export function silencesThatMatter(rules: readonly AlertRule[]): readonly Milliseconds[] {
  return [...rules.flatMap((rule) => patienceOf(rule) ?? []), ABANDONED_AFTER];
}

/** A version that was retired while it drifted would keep its incident open for ever. */
const ABANDONED_AFTER: Milliseconds = 3 * 86_400_000;

interface Judged {
  readonly rule: AlertRule;
  readonly model: ModelIdentity;
  readonly verdict: Verdict;
}

function advanceAll(before: AlertStep, judged: readonly Judged[], now: number): AlertStep {
  const alerts = new Map(before.alerts.map((alert) => [alert.id, alert]));
  const changes = [...before.changes];
  for (const one of judged) {
    const id = alertId(one.rule, one.model);
    const previous = alerts.get(id);
    const next = advance(previous, one, now);
    if (next === undefined) continue;
    alerts.set(id, next);
    if (next.transition !== (previous?.transition ?? 0)) {
      changes.push({ alert: next, previous: previous?.state ?? 'inactive', at: now });
    }
  }
  return { alerts: [...alerts.values()], changes };
}

function advance(alert: Alert | undefined, { rule, model, verdict }: Judged, now: number): Alert | undefined {
  if (verdict.kind === 'unknown') return alert;
  if (verdict.kind === 'clear') return alert && calledOff(alert, now);
  const isActive = alert?.state === 'pending' || alert?.state === 'firing';
  const activeSince = isActive ? alert.activeSince : now;
  const windows = isActive ? alert.windows + 1 : 1;
  const state = alert?.state === 'firing' || hasHeld(rule, now - activeSince, windows) ? 'firing' : 'pending';
  const isSame = state === alert?.state;
  return {
    id: alertId(rule, model),
    rule: rule.name,
    severity: rule.severity,
    model,
    state,
    since: isSame ? alert.since : now,
    activeSince,
    windows,
    transition: (alert?.transition ?? 0) + (isSame ? 0 : 1),
    value: verdict.value,
    threshold: verdict.threshold,
    ...(verdict.limitOf && { limitOf: verdict.limitOf }),
    ...(verdict.feature === undefined ? {} : { feature: verdict.feature }),
    features: verdict.features,
    ...(verdict.segment && { segment: verdict.segment, segments: verdict.segments ?? [] }),
    ...(verdict.direction === undefined ? {} : { direction: verdict.direction }),
  };
}

function hasHeld(rule: AlertRule, duration: Milliseconds, windows: number): boolean {
  // For `no_data` the patience is part of the condition: between two windows there is never any data.
  if (rule.when.kind === 'no_data') return true;
  return 'windows' in rule.for ? windows >= rule.for.windows : duration >= rule.for.ms;
}

function calledOff(alert: Alert, now: number): Alert {
  if (alert.state === 'inactive' || alert.state === 'resolved') return alert;
  const state = alert.state === 'firing' ? 'resolved' : 'inactive';
  return { ...alert, state, since: now, transition: alert.transition + 1 };
}

/** Ends alerts that nothing will ever judge again: of rules that are gone, and of models long without data. */
function withoutAbandoned(
  alerts: readonly Alert[],
  rules: readonly AlertRule[],
  lastData: readonly LastData[],
  now: number,
): AlertStep {
  const changes: AlertChange[] = [];
  const remaining = alerts.map((alert) => {
    const rule = rules.find(({ name }) => name === alert.rule);
    const seen = lastData.find(({ model }) => model.key === alert.model.key);
    const isForgotten = seen !== undefined && now - seen.at >= ABANDONED_AFTER && rule?.when.kind !== 'no_data';
    const next = rule === undefined || isForgotten ? calledOff(alert, now) : alert;
    if (next !== alert) changes.push({ alert: next, previous: alert.state, at: now });
    return next;
  });
  return { alerts: remaining, changes };
}

function patienceOf({ when, for: hold }: AlertRule): Milliseconds | undefined {
  return when.kind === 'no_data' && 'ms' in hold ? hold.ms : undefined;
}

function judgeSilence(silent: Milliseconds, patience: Milliseconds): Verdict {
  if (silent < patience) return { kind: 'clear' };
  return {
    kind: 'holds',
    value: silent / 1_000,
    threshold: patience / 1_000,
    features: [],
    direction: `no data for ${formatDuration(Math.floor(silent / 1_000) * 1_000)}`,
  };
}

/** 32 hex digits over rule and model: known before the alert exists, and the same after every restart. */
function alertId(rule: AlertRule, model: ModelIdentity): string {
  return createHash('sha256')
    .update(JSON.stringify([rule.name, model.key]))
    .digest('hex')
    .slice(0, 32);
}
