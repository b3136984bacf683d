import { describe, expect, it } from 'vitest';
import { featureOf, minute, windowOf } from '../../../../test/support/measurements.ts';
import type { SegmentMeasurement } from '../evaluate/measurement.ts';
import { formatCondition, parseCondition } from './alert-condition.ts';
import { alertEngine } from './alert-engine.ts';
import { notificationOf } from './notification.ts';

function segmentOf(value: string, more: Partial<SegmentMeasurement> = {}): SegmentMeasurement {
  return { name: 'country', value, rows: 500, share: 0.5, state: 'ok', features: [], performance: [], ...more };
}

const drifted = (value: string, size: number) =>
  segmentOf(value, { state: 'drift', features: [featureOf('pay', 'drift', { size }), featureOf('age', 'ok')] });

function alertsOf(when: string, segments: readonly SegmentMeasurement[]) {
  const parsed = parseCondition(when);
  if ('complaint' in parsed) throw new Error(parsed.complaint);
  const rule = { name: 'apart', when: parsed.condition, for: { windows: 1 }, severity: 'warning', notify: [] } as const;
  // The whole is well, whatever segments are.
  return alertEngine([rule]).step([], [windowOf({ end: 5, features: [featureOf('pay', 'ok')], segments })], 5 * minute)
    .alerts;
}

describe('a condition about segments', () => {
  it.each(['segments.drift', 'segments.accuracy < 0.7', 'segments.missing > 0.05', 'segments.features.pay.size > 0.3'])(
    '%s is read as it is written',
    (when) => {
      const parsed = parseCondition(when);
      expect('condition' in parsed && formatCondition(parsed.condition)).toBe(when);
    },
  );

  it.each([
    ['segments.drfit', /drift/],
    ['segments.no_data', /unknown/],
    ['segments.latency.p99 > 5ms', /metric latency\.p99 is unknown/],
    ['segments.', /unknown/],
    ['segments.duplicate_rows > 1%', /known: drift, size, rows, .*missing/],
    ['segments.invalid_rows > 1%', /unknown/],
    ['segments.correlation > 0.2', /unknown/],
    ['segments.reconstruction_error > 2', /unknown/],
    ['segments.weighted_drift > 1', /unknown/],
    ['segments.quality.cardinality > 1%', /unknown/],
    ['segments.features.pay.constant > 1%', /unknown/],
    ['segments.schema > 1%', /unknown/],
    ['segments', /segments\.drift/],
  ])('%s is refused', (when, complaint) => {
    const parsed = parseCondition(when);
    expect('complaint' in parsed ? parsed.complaint : '').toMatch(complaint);
  });

  it('holds where any segment does, and names the worst first', () => {
    const [alert] = alertsOf('segments.drift', [drifted('DE', 0.3), segmentOf('FR'), drifted('IT', 0.7)]);
    expect(alert).toMatchObject({
      state: 'firing',
      value: 0.7,
      feature: 'pay',
      segment: { name: 'country', value: 'IT' },
      segments: [
        { name: 'country', value: 'IT' },
        { name: 'country', value: 'DE' },
      ],
    });
    expect(alert && notificationOf(alert, 'firing').text).toBe(
      'apart is firing on employment 7 (hiring-api): country=IT pay at 0.7 (limit 0.2), higher. Also in: country=DE.',
    );
  });

  it('tells the segment farthest beyond a limit on p, and the p-value beside the limit', () => {
    const unsure = (value: string, p: number) => {
      const limit = { method: 'chi-squared', of: 'p', at: 0.01, score: 30 / p, p } as const;
      const judgedBy = { summary: '', explanation: '', tests: [], limit };
      const pay = featureOf('pay', 'drift', { size: limit.score, threshold: 0.01, judgedBy });
      return segmentOf(value, { state: 'drift', features: [pay] });
    };
    // One in standard deviations, at 1.5 times its limit, stands between them.
    const [alert] = alertsOf('segments.drift', [unsure('DE', 0.005), drifted('IT', 0.3), unsure('FR', 1e-8)]);
    expect(alert?.segments?.map(({ value }) => value)).toEqual(['FR', 'IT', 'DE']);
    expect(alert && notificationOf(alert, 'firing').text).toBe(
      'apart is firing on employment 7 (hiring-api): country=FR pay at p = 1e-8 (limit p < 0.01), higher. Also in: country=IT, country=DE.',
    );
  });

  it('finds the segment that the model does worst for, and the one that disappeared', () => {
    const accuracy = (value: number) =>
      ({ metric: 'accuracy', source: 'realised', value, lowerBound: 0, upperBound: 1, rows: 9 }) as const;
    const segments = [
      segmentOf('DE', { performance: [accuracy(0.65)] }),
      segmentOf('FR', { performance: [accuracy(0.4)] }),
      segmentOf('IT', { rows: 0, state: 'insufficient_data' }),
    ];
    expect(alertsOf('segments.accuracy < 0.7', segments)[0]).toMatchObject({ value: 0.4, segment: { value: 'FR' } });
    expect(alertsOf('segments.rows < 100', segments)[0]).toMatchObject({ value: 0, segment: { value: 'IT' } });
  });

  it('neither begins nor ends where no segment can tell', () => {
    expect(alertsOf('segments.drift', [])).toEqual([]);
    expect(alertsOf('segments.drift', [segmentOf('DE', { state: 'no_reference' })])).toEqual([]);
  });
});
