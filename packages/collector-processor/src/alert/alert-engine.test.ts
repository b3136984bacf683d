import { assert, constantFrom, property, array as listOf } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { employment, featureOf, minute, windowOf } from '../../../../test/support/measurements.ts';
import type { DriftState, WindowMeasurement } from '../evaluate/measurement.ts';
import type { Alert } from './alert.ts';
import { alertEngine } from './alert-engine.ts';
import { parseCondition } from './alert-condition.ts';
import type { AlertRule, HoldTime } from './alert-rule.ts';

const driftStates = ['ok', 'warning', 'drift', 'insufficient_data', 'no_reference'] as const;

describe('an alert', () => {
  it('fires only after the condition held for 2 windows', () => {
    play(rule('drift', { windows: 2 }), [
      '5m   ok      inactive',
      '10m  drift   pending',
      '15m  drift   firing',
      '20m  drift   firing',
      '25m  ok      resolved',
    ]);
  });

  it('fires at once without a hold time', () => {
    play(rule('drift'), ['5m ok inactive', '10m drift firing', '15m ok resolved', '20m drift firing']);
  });

  it('fires only after the condition held for 10 minutes', () => {
    play(rule('drift', { ms: 10 * minute }), ['5m   drift   pending', '10m  drift   pending', '15m  drift   firing']);
  });

  it('starts counting again when the condition was interrupted', () => {
    play(rule('drift', { windows: 2 }), [
      '5m   drift    pending',
      '10m  warning  inactive',
      '15m  drift    pending',
      '20m  drift    firing',
    ]);
  });

  it('is neither started nor ended by windows that cannot tell', () => {
    play(rule('drift', { windows: 2 }), [
      '5m   insufficient_data  inactive',
      '10m  drift              pending',
      '15m  insufficient_data  pending',
      '20m  drift              firing',
      '25m  no_reference       firing',
      '30m  insufficient_data  firing',
      '35m  ok                 resolved',
    ]);
  });

  it('changes once for each state, and its transitions count up', () => {
    const seen = play(rule('drift', { windows: 2 }), [
      '5m drift pending',
      '10m drift firing',
      '15m drift firing',
      '20m ok resolved',
      '25m ok resolved',
      '30m drift pending',
    ]);
    expect(seen).toEqual([
      'inactive → pending #1 at 5m',
      'pending → firing #2 at 10m',
      'firing → resolved #3 at 20m',
      'resolved → pending #4 at 30m',
    ]);
  });

  it('goes on after a restart, from plain JSON', () => {
    const engine = alertEngine([rule('drift', { windows: 2 })]);
    const before = engine.step([], [windowAt(5, 'drift')], 5 * minute);
    const kept: readonly Alert[] = JSON.parse(JSON.stringify(before.alerts));
    const after = engine.step(kept, [windowAt(10, 'drift')], 10 * minute);
    expect(after).toEqual(engine.step(before.alerts, [windowAt(10, 'drift')], 10 * minute));
    expect(after.alerts[0]).toMatchObject({ state: 'firing', activeSince: 5 * minute, since: 10 * minute });
  });

  it('is one for each rule and model, with the worst feature first and all drifted ones', () => {
    const { alerts } = alertEngine([rule('drift')]).step(
      [],
      [
        windowOf({
          end: 5,
          features: [
            featureOf('age', 'drift', { size: 0.3 }),
            featureOf('hours', 'ok', { size: 0.05 }),
            featureOf('pay', 'drift', { size: 0.7 }),
          ],
        }),
        windowOf({
          end: 5,
          model: { ...employment, key: 'other' },
          features: [featureOf('age', 'drift', { size: 0.4 })],
        }),
      ],
      5 * minute,
    );
    expect(alerts).toHaveLength(2);
    expect(alerts[0]).toMatchObject({ feature: 'pay', value: 0.7, threshold: 0.2, features: ['pay', 'age'] });
    expect(alerts[0]?.id).not.toBe(alerts[1]?.id);
  });

  it('ends when its rule is removed', () => {
    const { alerts } = alertEngine([rule('drift')]).step([], [windowAt(5, 'drift')], 5 * minute);
    const { alerts: later, changes } = alertEngine([]).step(alerts, [windowAt(10, 'drift')], 10 * minute);
    expect(later[0]?.state).toBe('resolved');
    expect(changes).toHaveLength(1);
  });
});

describe('no data', () => {
  const silence = rule('no_data', { ms: 30 * minute }, 'silent');
  const model = windowAt(0, 'ok').model;

  it('fires by the clock once the patience is over, and resolves when data comes back', () => {
    const engine = alertEngine([silence]);
    let alerts: readonly Alert[] = [];
    const states = [
      [10, 0],
      [29, 0],
      [30, 0],
      [45, 0],
      [46, 45],
      [76, 45],
    ].map(([now = 0, at = 0]) => {
      ({ alerts } = engine.tick(alerts, [{ model, at: at * minute }], now * minute));
      return alerts[0]?.state ?? 'inactive';
    });
    expect(states).toEqual(['inactive', 'inactive', 'firing', 'firing', 'resolved', 'firing']);
  });

  it('ends a drift alert of a model that was retired, after three days', () => {
    const engine = alertEngine([rule('drift')]);
    const { alerts } = engine.step([], [windowAt(5, 'drift')], 5 * minute);
    const day = 24 * 60 * minute;
    expect(engine.tick(alerts, [{ model, at: 0 }], 2 * day).alerts[0]?.state).toBe('firing');
    expect(engine.tick(alerts, [{ model, at: 0 }], 3 * day).alerts[0]?.state).toBe('resolved');
  });
});

describe('a comparison', () => {
  it.each([
    ['latency.p99 > 50ms', { latency: { p50: 0.01, p95: 0.02, p99: 0.051 } }, 'firing'],
    ['latency.p99 > 50ms', { latency: { p50: 0.01, p95: 0.02, p99: 0.05 } }, 'none'],
    ['latency.p99 > 50ms', {}, 'none'],
    ['security.probing > 0', { security: { probing: 1 } }, 'firing'],
    ['security.unauthenticated >= 20', { security: { unauthenticated: 19 } }, 'none'],
    ['security.flood > 0', {}, 'none'],
    ['accuracy < 0.75', { performance: [accuracy(0.74)] }, 'firing'],
    ['accuracy < 0.75', { performance: [accuracy(0.75)] }, 'none'],
    ['accuracy <= 0.75', { performance: [accuracy(0.75)] }, 'firing'],
    ['accuracy < 0.75', { performance: [] }, 'none'],
    ['missing > 5%', { features: [featureOf('age', 'ok', { size: 0, violations: { missing: 0.06 } })] }, 'firing'],
    ['missing > 5%', { features: [featureOf('age', 'ok', { size: 0 })] }, 'none'],
    [
      'features.age.missing > 0.05',
      { features: [featureOf('age', 'ok', { size: 0, violations: { missing: 0.06 } })] },
      'firing',
    ],
    [
      'features.pay.missing > 0.05',
      { features: [featureOf('age', 'ok', { size: 0, violations: { missing: 0.06 } })] },
      'none',
    ],
    ['features.net pay.v2.size >= 0.3', { features: [featureOf('net pay.v2', 'ok', { size: 0.3 })] }, 'firing'],
    ['size > 0.3', { features: [featureOf('age', 'insufficient_data', { size: 0.9 })] }, 'none'],
    ['rows < 100', { rows: 99 }, 'firing'],
  ])('%s with %j is %s', (when, contents, expected) => {
    const { alerts } = alertEngine([rule(when)]).step([], [windowOf({ end: 5, ...contents })], 5 * minute);
    expect(alerts[0]?.state ?? 'none').toBe(expected);
  });

  it('keeps firing through windows without outcomes, since they cannot tell', () => {
    const engine = alertEngine([rule('accuracy < 0.75')]);
    const first = engine.step([], [windowOf({ end: 5, performance: [accuracy(0.6)] })], 5 * minute);
    const second = engine.step(first.alerts, [windowOf({ end: 10 })], 10 * minute);
    expect(second.alerts[0]).toMatchObject({ state: 'firing', value: 0.6 });
    const third = engine.step(second.alerts, [windowOf({ end: 15, performance: [accuracy(0.8)] })], 15 * minute);
    expect(third.alerts[0]?.state).toBe('resolved');
  });

  it('names the worst feature in the direction of the comparison', () => {
    const features = [featureOf('age', 'ok', { size: 0.25 }), featureOf('pay', 'ok', { size: 0.35 })];
    expect(alertEngine([rule('size > 0.2')]).step([], [windowOf({ end: 5, features })], 5).alerts[0]?.feature).toBe(
      'pay',
    );
    expect(alertEngine([rule('size < 0.4')]).step([], [windowOf({ end: 5, features })], 5).alerts[0]?.feature).toBe(
      'age',
    );
  });
});

describe('any course of events', () => {
  const states = constantFrom(...driftStates);

  it('moves along inactive → pending → firing → resolved only, one transition at a time', () => {
    const allowed = [
      'inactive → pending',
      'resolved → pending',
      'pending → firing',
      'pending → inactive',
      'firing → resolved',
    ];
    assert(
      property(listOf(states, { maxLength: 40 }), (course) => {
        const engine = alertEngine([rule('drift', { windows: 2 })]);
        let alerts: readonly Alert[] = [];
        let transition = 0;
        for (const [index, state] of course.entries()) {
          const step = engine.step(alerts, [windowAt(index * 5, state)], index * 5 * minute);
          for (const { alert, previous } of step.changes) {
            expect(allowed).toContain(`${previous} → ${alert.state}`);
            expect(alert.transition).toBe(++transition);
          }
          alerts = step.alerts;
        }
      }),
    );
  });
});

/** Plays lines of `time  state of the window  expected state of the alert`; returns the changes in words. */
function play(alertRule: AlertRule, script: readonly string[]): readonly string[] {
  const engine = alertEngine([alertRule]);
  let alerts: readonly Alert[] = [];
  const seen: string[] = [];
  for (const line of script) {
    const [time = '', word = '', expected] = line.split(/\s+/);
    const state = driftStates.find((known) => known === word) ?? 'ok';
    const minutes = Number.parseInt(time, 10);
    const step = engine.step(alerts, [windowAt(minutes, state)], minutes * minute);
    alerts = step.alerts;
    seen.push(
      ...step.changes.map(
        ({ alert, previous, at }) => `${previous} → ${alert.state} #${alert.transition} at ${at / minute}m`,
      ),
    );
    expect(`${time} ${alerts[0]?.state ?? 'inactive'}`).toBe(`${time} ${expected}`);
  }
  return seen;
}

function rule(when: string, hold: HoldTime = { ms: 0 }, name = when): AlertRule {
  const parsed = parseCondition(when);
  if ('complaint' in parsed) throw new Error(parsed.complaint);
  return { name, when: parsed.condition, for: hold, severity: 'warning', notify: [] };
}

function windowAt(end: number, state: DriftState): WindowMeasurement {
  return windowOf({ end, features: [featureOf('age', state, { size: state === 'drift' ? 0.31 : 0.05 })] });
}

function accuracy(value: number) {
  return { metric: 'accuracy', source: 'realised', value, lowerBound: 0, upperBound: 1, rows: 500 } as const;
}
