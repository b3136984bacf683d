import type { DriftState, FeatureMeasurement, WindowMeasurement } from '@driftline/collector-processor';
import { describe, expect, it } from 'vitest';
import { findings, type JudgedWeek, weekRow } from './judged-week.ts';
import { brokenPromises } from './promises.ts';
import { WEEK_MS } from './replay.ts';

const expected = ['temperature', 'departures', 'recent_delay', 'planned_time'];
const firing = [{ id: 'a', state: 'firing', feature: 'temperature' }];

function feature(name: string, state: DriftState, size = 0.5): FeatureMeasurement {
  return {
    name,
    role: 'feature',
    kind: 'numeric',
    state,
    horizon: 'window',
    part: 'distribution',
    rows: 1_200,
    size,
    threshold: 0.2,
    detectableSize: 0.22,
    p: 0,
    pAdjusted: 0,
    direction: 'higher',
    calibrated: false,
    scores: {},
    violations: {},
    referenceId: 'sha256:b40d8fdcdbc05a83',
  };
}

function judgedWeek(
  index: number,
  {
    isHeldBack = false,
    features = [],
    alertChanges = [],
    accuracy = 0.8,
  }: Partial<JudgedWeek> & {
    readonly isHeldBack?: boolean;
    readonly features?: readonly FeatureMeasurement[];
    readonly accuracy?: number | undefined;
  },
): JudgedWeek {
  const [start, end] = [index * WEEK_MS, (index + 1) * WEEK_MS];
  const window: WindowMeasurement = {
    model: { key: 'm', tenant: '', name: 'late-arrival', version: '2013-03', resource: {} },
    windowStart: start,
    windowEnd: end,
    rows: 0,
    lateRows: 0,
    state: 'ok',
    features,
    performance: [
      { metric: 'accuracy', source: 'realised', value: accuracy, lowerBound: 0.7, upperBound: 0.9, rows: 1_000 },
    ],
  };
  return { week: { isHeldBack, start, end, moments: [] }, window, alertChanges };
}

describe('a row of the table', () => {
  it('names as worst what drifted before what is merely large', () => {
    const row = weekRow([
      judgedWeek(0, {
        features: [feature('hour', 'ok', 0.9), feature('seats', 'drift', 0.3), feature('age', 'drift')],
      }),
    ]);
    expect(row).toMatchObject({ drifted: 2, monitored: 3, worst: { name: 'age', size: 0.5 } });
  });

  it('tells of a feature once, when its drift begins', () => {
    const first = judgedWeek(0, { features: [feature('hour', 'drift'), feature('seats', 'ok')] });
    const second = judgedWeek(1, { features: [feature('hour', 'drift'), feature('seats', 'drift')] });
    expect(weekRow([first])?.newlyDrifted.map((change) => change.feature)).toEqual(['hour']);
    expect(weekRow([first, second])?.newlyDrifted.map((change) => change.feature)).toEqual(['seats']);
  });

  it('shows an alert as it was last heard of, in later weeks too', () => {
    const weeks = [
      judgedWeek(0, { alertChanges: [{ id: 'a', state: 'pending', feature: '' }] }),
      judgedWeek(1, { alertChanges: firing }),
      judgedWeek(2, {}),
    ];
    expect(weekRow(weeks.slice(0, 1))).toMatchObject({ pending: 1, firing: 0 });
    expect(weekRow(weeks)).toMatchObject({ pending: 0, firing: 1 });
  });
});

describe('the promises of the demo', () => {
  const quiet = judgedWeek(0, { isHeldBack: true, features: expected.map((name) => feature(name, 'ok', 0.05)) });
  const drifting = judgedWeek(1, { features: expected.map((name) => feature(name, 'drift')), alertChanges: firing });
  const seen = { played: 2, largestDrift: () => 0.5 };

  it('are kept by quiet rows held back, and drift and an alert after them', () => {
    expect(brokenPromises({ ...seen, weeks: [quiet, drifting] })).toEqual([]);
    expect(findings([quiet, drifting])).toEqual({
      windows: 2,
      driftedFeatures: 4,
      alerts: 1,
      heldBackWindows: 1,
      falseAlarms: 0,
    });
  });

  it('are broken by an alert on rows held back', () => {
    const alarmed = { ...quiet, alertChanges: firing };
    expect(brokenPromises({ ...seen, weeks: [alarmed, drifting] })).toEqual(['an alert fired on the rows held back']);
    expect(findings([alarmed, drifting]).falseAlarms).toBe(1);
  });

  it('are broken by drift on rows held back', () => {
    const moved = judgedWeek(0, { isHeldBack: true, features: [feature('hour', 'drift', 0.31)] });
    expect(brokenPromises({ ...seen, weeks: [moved, drifting] })).toEqual(['hour drifted by 0.31 in held-back week 1']);
  });

  it('are broken by a feature that should have drifted, or whose gauge never arrived', () => {
    const silent = { ...drifting, window: { ...drifting.window, features: [feature('temperature', 'drift')] } };
    expect(brokenPromises({ ...seen, weeks: [quiet, silent] })).toEqual([
      'departures was not found to drift',
      'recent_delay was not found to drift',
      'planned_time was not found to drift',
    ]);
    expect(brokenPromises({ ...seen, largestDrift: () => 0.19, weeks: [quiet, drifting] })).toEqual(
      expected.map((name) => `no drift gauge of ${name} above the limit arrived over OTLP`),
    );
  });

  it('are broken by lost rows, a lost week, and truth that nobody counted', () => {
    const lost = { ...drifting, window: { ...drifting.window, rows: 7 } };
    expect(brokenPromises({ ...seen, weeks: [quiet, lost] })).toEqual([
      'the week from 1970-01-08T00:00:00.000Z had 0 departures, and a window of 7 rows was judged',
    ]);
    expect(brokenPromises({ ...seen, weeks: [drifting] })).toEqual(['1 of 2 weeks were judged']);
    const blind = { ...drifting, window: { ...drifting.window, performance: [] } };
    expect(brokenPromises({ ...seen, weeks: [quiet, blind] })).toEqual([
      'no accuracy for the week from 1970-01-08T00:00:00.000Z',
    ]);
  });
});
