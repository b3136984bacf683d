import { drifted, firings, type JudgedWeek } from './judged-week.ts';

/** What choose_features.py found before, by the same rule written a second time. */
const EXPECTED_DRIFT = ['temperature', 'departures', 'recent_delay', 'planned_time'];
const DRIFT_FLOOR = 0.2;

export interface Evidence {
  readonly weeks: readonly JudgedWeek[];
  /** How many weeks were played. */
  readonly played: number;
  /** The largest drift of a feature that a gauge showed at the backend. */
  readonly largestDrift: (feature: string) => number;
}

/** What the demo promises and this run did not keep, one line each. */
export function brokenPromises({ weeks, played, largestDrift }: Evidence): readonly string[] {
  const heldBack = weeks.filter(({ week }) => week.isHeldBack);
  const production = weeks.filter(({ week }) => !week.isHeldBack);
  const found = new Set(production.flatMap(({ window }) => drifted(window).map(({ name }) => name)));
  return [
    ...(weeks.length === played ? [] : [`${weeks.length} of ${played} weeks were judged`]),
    ...weeks.flatMap(rowsLost),
    ...heldBack.flatMap(({ window }, index) =>
      drifted(window).map(({ name, size }) => `${name} drifted by ${size.toFixed(2)} in held-back week ${index + 1}`),
    ),
    ...(heldBack.some((week) => firings(week) > 0) ? ['an alert fired on the rows held back'] : []),
    ...EXPECTED_DRIFT.filter((name) => !found.has(name)).map((name) => `${name} was not found to drift`),
    ...EXPECTED_DRIFT.filter((name) => largestDrift(name) < DRIFT_FLOOR).map(
      (name) => `no drift gauge of ${name} above the limit arrived over OTLP`,
    ),
    ...(production.some((week) => firings(week) > 0) ? [] : ['no alert arrived over OTLP']),
    ...production
      .filter(({ window }) => window.performance.length === 0)
      .map(({ window }) => `no accuracy for the week from ${new Date(window.windowStart).toISOString()}`),
  ];
}

function rowsLost({ week, window }: JudgedWeek): readonly string[] {
  const departures = week.moments.filter(({ kind }) => kind === 'departure').length;
  if (window.windowStart === week.start && window.rows === departures) return [];
  const start = new Date(week.start).toISOString();
  return [`the week from ${start} had ${departures} departures, and a window of ${window.rows} rows was judged`];
}
