import { describe, expect, it } from 'vitest';
import { alertOf, featureOf, windowOf } from '../../../../test/support/measurements.ts';
import type { DriftState } from '../evaluate/measurement.ts';
import { alertChangeEvents, driftChangeEvents, securityChangeEvents } from './events.ts';
import { afterWindow, type PublicationState } from './publication-state.ts';

describe('change events of drift', () => {
  it('tell of a change only, never of a window, and nothing of windows that cannot tell', () => {
    const course = [
      'no_reference',
      'ok',
      'ok',
      'drift',
      'drift',
      'insufficient_data',
      'drift',
      'warning',
      'ok',
    ] as const;
    expect(story(course)).toEqual([
      'model: ok → drift',
      'age: ok → drift',
      'model: drift → warning',
      'age: drift → warning',
      'model: warning → ok',
      'age: warning → ok',
    ]);
  });

  it('warn of drift, and inform of everything else', () => {
    const drifted = driftChangeEvents(undefined, windowOf({ end: 5, features: [featureOf('age', 'drift')] }), 'd');
    const warned = driftChangeEvents(undefined, windowOf({ end: 5, features: [featureOf('age', 'warning')] }), 'd');
    expect([...drifted, ...warned].map(({ severity }) => severity)).toEqual([13, 13, 9, 9]);
  });

  it('have the same id whoever finds the change, and another one for another change', () => {
    const before = afterWindow(undefined, windowOf({ end: 5, features: [featureOf('age', 'ok')] }));
    const ids = (end: number, deployment = 'd') =>
      driftChangeEvents(before, windowOf({ end, features: [featureOf('age', 'drift')] }), deployment).map(
        ({ id }) => id,
      );
    expect(ids(10)).toEqual(ids(10));
    expect(new Set([...ids(10), ...ids(15), ...ids(10, 'other')]).size).toBe(6);
  });

  it('say nothing of a floor where a fixed limit on a p-value decided', () => {
    const limit = { method: 'chi-squared', of: 'p', at: 0.01, score: 40, p: 1e-6 } as const;
    const judgedBy = { summary: '', explanation: '', tests: [], limit };
    const features = [featureOf('age', 'drift', { size: 40, threshold: 0.01, judgedBy }), featureOf('pay', 'drift')];
    const [, age, pay] = driftChangeEvents(undefined, windowOf({ end: 5, features }), 'd');
    expect(age?.attributes).not.toHaveProperty('ml.drift.floor');
    expect(age?.attributes).toMatchObject({ 'ml.drift.p_value': 1e-6 });
    expect(pay?.attributes).toMatchObject({ 'ml.drift.floor': 0.2 });
  });

  it('lead to traces where there are any', () => {
    const features = [featureOf('age', 'drift', { sampleTraceIds: ['a'.repeat(32)] }), featureOf('pay', 'drift')];
    const told = driftChangeEvents(undefined, windowOf({ end: 5, features }), 'd');
    expect(told.map(({ attributes }) => attributes['ml.sample.trace_ids'])).toEqual([
      undefined,
      ['a'.repeat(32)],
      undefined,
    ]);
  });

  it('tell a feature from an output of the same name', () => {
    const features = [featureOf('score', 'drift'), featureOf('score', 'drift', { role: 'output' })];
    const events = driftChangeEvents(undefined, windowOf({ end: 5, features }), 'd');
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
    expect(events[2]?.attributes).toMatchObject({ 'ml.output.name': 'score' });
  });
});

describe('change events of security', () => {
  it('tell when a pattern begins and when it is over, once each', () => {
    const course: readonly Readonly<Record<string, number>>[] = [
      {},
      { flood: 3 },
      { flood: 9, constructor: 1 },
      {},
      {},
    ];
    let before: PublicationState | undefined;
    const told = course.flatMap((security, i) => {
      const window = windowOf({ end: 5 * (i + 1), security });
      const events = securityChangeEvents(before, window, 'd');
      before = afterWindow(before, window);
      return events.map(({ severity, attributes }) => [severity, attributes['ml.security.pattern'], i]);
    });
    expect(told).toEqual([
      [13, 'flood', 1],
      [13, 'constructor', 2],
      [9, 'flood', 3],
      [9, 'constructor', 3],
    ]);
    expect(before?.security).toEqual({ flood: 12, constructor: 1 });
  });
});

describe('change events of alerts', () => {
  it('are as severe as the rule while it fires, and information once over', () => {
    const firing = { alert: alertOf('firing', { severity: 'critical' }), previous: 'pending', at: 1_000 } as const;
    const over = { alert: alertOf('resolved', { severity: 'critical' }), previous: 'firing', at: 2_000 } as const;
    expect(alertChangeEvents([firing, over], 'd').map(({ severity }) => severity)).toEqual([17, 9]);
  });

  it('carry what somebody needs to look further', () => {
    const change = { alert: alertOf('firing', { activeSince: 500 }), previous: 'pending', at: 1_000 } as const;
    expect(alertChangeEvents([change], 'd', 'https://drift.example.com/')[0]).toMatchObject({
      name: 'driftline.alert.change',
      at: 1_000,
      resource: { 'service.name': 'hiring-api' },
      attributes: {
        'ml.model.name': 'employment',
        'ml.feature.name': 'age',
        'driftline.rule.name': 'drift',
        'driftline.alert.state': 'firing',
        'driftline.alert.previous_state': 'pending',
        'driftline.alert.value': 0.3123,
        'driftline.alert.threshold': 0.2,
        'driftline.alert.since': 0.5,
        'url.full': 'https://drift.example.com/',
      },
    });
  });

  it('call one that was called off resolved', () => {
    const change = { alert: alertOf('inactive'), previous: 'pending', at: 1_000 } as const;
    expect(alertChangeEvents([change], 'd')[0]?.attributes).toMatchObject({
      'driftline.alert.state': 'resolved',
      'driftline.alert.previous_state': 'pending',
    });
  });
});

/** The changes that this course of states of one feature tells of. */
function story(states: readonly DriftState[]): readonly string[] {
  let before: PublicationState | undefined;
  return states.flatMap((state, index) => {
    const next = windowOf({ end: 5 * (index + 1), features: [featureOf('age', state)] });
    const events = driftChangeEvents(before, next, 'd');
    before = afterWindow(before, next);
    return events.map(({ attributes }) =>
      [
        attributes['ml.feature.name'] ?? 'model',
        ': ',
        attributes['ml.drift.previous_state'],
        ' → ',
        attributes['ml.drift.state'],
      ].join(''),
    );
  });
}
