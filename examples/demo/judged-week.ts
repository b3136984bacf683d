import type { FeatureMeasurement, WindowMeasurement } from '@driftline/collector-processor';
import type { AlertChange } from './backend.ts';
import type { Week } from './replay.ts';
import type { Change, Summary, WeekRow } from './table.ts';

/** One week of the replay, with what the drift service said of it and what arrived at the backend meanwhile. */
export interface JudgedWeek {
  readonly week: Week;
  readonly window: WindowMeasurement;
  readonly alertChanges: readonly AlertChange[];
}

export function weekRow(weeks: readonly JudgedWeek[]): WeekRow | undefined {
  const judged = weeks.at(-1);
  if (judged === undefined) return undefined;
  const { week, window, alertChanges } = judged;
  const before = new Set(drifted(weeks.at(-2)?.window).map(({ name }) => name));
  const worst = window.features.toSorted(byGravity)[0];
  const accuracy = window.performance.find(({ metric }) => metric === 'accuracy')?.value;
  const alerts = [...alertStates(weeks).values()];
  return {
    ...(!week.isHeldBack && { start: new Date(week.start) }),
    rows: window.rows,
    ...(window.latency && { p95Seconds: window.latency.p95 }),
    drifted: drifted(window).length,
    monitored: window.features.length,
    ...(worst && { worst }),
    ...(accuracy !== undefined && { accuracy }),
    pending: alerts.filter((state) => state === 'pending').length,
    firing: alerts.filter((state) => state === 'firing').length,
    newlyDrifted: drifted(window)
      .filter(({ name }) => !before.has(name))
      .toSorted(byGravity)
      .map(changeOf),
    alertChanges,
  };
}

export function findings(weeks: readonly JudgedWeek[]): Omit<Summary, 'predictions' | 'arrived' | 'cost'> {
  const heldBack = weeks.filter(({ week }) => week.isHeldBack);
  return {
    windows: weeks.length,
    driftedFeatures: new Set(weeks.flatMap(({ window }) => drifted(window).map(({ name }) => name))).size,
    alerts: weeks.reduce((sum, week) => sum + firings(week), 0),
    heldBackWindows: heldBack.length,
    falseAlarms: heldBack.reduce((sum, week) => sum + firings(week), 0),
  };
}

export function drifted(window: WindowMeasurement | undefined): readonly FeatureMeasurement[] {
  return window?.features.filter(({ state }) => state === 'drift') ?? [];
}

export function firings({ alertChanges }: JudgedWeek): number {
  return alertChanges.filter(({ state }) => state === 'firing').length;
}

/** Of every alert that was heard of, the last state. */
function alertStates(weeks: readonly JudgedWeek[]): ReadonlyMap<string, string> {
  return new Map(weeks.flatMap(({ alertChanges }) => alertChanges.map(({ id, state }) => [id, state])));
}

const gravity = ['drift', 'warning', 'ok'];

function byGravity(one: FeatureMeasurement, other: FeatureMeasurement): number {
  return rank(one) - rank(other) || other.size / other.threshold - one.size / one.threshold;
}

function changeOf({ name, part, size, threshold, detectableSize, direction }: FeatureMeasurement): Change {
  return { feature: name, part, size, limit: threshold, detectable: detectableSize, direction };
}

function rank({ state }: FeatureMeasurement): number {
  return gravity.includes(state) ? gravity.indexOf(state) : gravity.length;
}
