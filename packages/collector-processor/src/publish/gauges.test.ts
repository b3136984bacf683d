import { describe, expect, it } from 'vitest';
import { alertOf, featureOf, hour, minute, windowOf } from '../../../../test/support/measurements.ts';
import { seriesName } from '../../../../test/support/otlp-series.ts';
import type { WindowMeasurement } from '../evaluate/measurement.ts';
import { capped, type GaugeOptions, isQuiet, type PublishedModel, pointsOf } from './gauges.ts';
import { afterWindow, type PublicationState } from './publication-state.ts';

describe('the points of a model', () => {
  it('have a status series for every state of the model, and for those a feature was ever in', () => {
    const series = seriesOf(
      judged(
        windowOf({ end: 5, features: [featureOf('age', 'ok'), featureOf('pay', 'ok')] }),
        windowOf({ end: 10, features: [featureOf('age', 'drift'), featureOf('pay', 'ok')] }),
      ),
    );
    const status = Object.entries(series).filter(([name]) => name.startsWith('ml.drift.status'));
    expect(Object.fromEntries(status)).toEqual({
      'ml.drift.status{state=ok}': 0,
      'ml.drift.status{state=warning}': 0,
      'ml.drift.status{state=drift}': 1,
      'ml.drift.status{state=insufficient_data}': 0,
      'ml.drift.status{state=no_reference}': 0,
      'ml.drift.status{feature=age,state=ok}': 0,
      'ml.drift.status{feature=age,state=drift}': 1,
      'ml.drift.status{feature=pay,state=ok}': 1,
    });
  });

  it('have the weighted drift of a model whose features have an importance', () => {
    const [plain, weighted] = [undefined, 1.4].map((weightedDrift) =>
      seriesOf(
        judged({
          ...windowOf({ end: 5, features: [featureOf('age', 'ok')] }),
          ranking: { byDrift: ['age'], ...(weightedDrift !== undefined && { weightedDrift }) },
        }),
      ),
    );
    expect(Object.keys(plain ?? {}).filter((name) => name.includes('weighted'))).toEqual([]);
    expect(Object.entries(weighted ?? {}).filter(([name]) => name.includes('weighted'))).toEqual([
      ['ml.drift.score{method=weighted}', 1.4],
    ]);
  });

  it('keep a violated rule at zero once it is over, and count late rows from the start', () => {
    const series = seriesOf(
      judged(
        windowOf({ end: 5, lateRows: 3, features: [featureOf('age', 'ok', { violations: { missing: 0.04 } })] }),
        windowOf({ end: 10, lateRows: 4, features: [featureOf('age', 'ok')] }),
      ),
    );
    expect(series['ml.data_quality.violation.ratio{feature=age,rule=missing}']).toBe(0);
    expect(series['driftline.window.late_rows{}']).toBe(7);
  });

  it('have the share of drifted features among those that were judged', () => {
    const features = [featureOf('a', 'drift'), featureOf('b', 'ok'), featureOf('c', 'insufficient_data')];
    expect(seriesOf(judged(windowOf({ end: 5, features })))['ml.drift.feature.ratio{}']).toBe(0.5);
  });

  it('have performance with its interval, the age of the reference and of the window, and active alerts', () => {
    const accuracy = {
      metric: 'accuracy',
      source: 'realised',
      value: 0.8,
      lowerBound: 0.7,
      upperBound: 0.9,
      rows: 9,
    } as const;
    const model = {
      ...judged(windowOf({ end: 5, performance: [accuracy] })),
      alerts: [alertOf('firing')],
      referenceCreatedAt: -hour,
    };
    expect(seriesOf(model, { now: 6 * minute })).toMatchObject({
      'ml.performance.value{metric=accuracy,source=realised}': 0.8,
      'ml.performance.lower_bound{metric=accuracy,source=realised}': 0.7,
      'ml.performance.upper_bound{metric=accuracy,source=realised}': 0.9,
      'driftline.window.lag{}': 60,
      'driftline.reference.age{}': 3_960,
      'driftline.alert.status{rule=drift,severity=warning,state=firing}': 1,
      'driftline.alert.status{rule=drift,severity=warning,state=pending}': 0,
      'driftline.alert.status{rule=drift,severity=warning,state=resolved}': 0,
    });
  });

  it('leave out what cannot be computed rather than say NaN', () => {
    const features = [featureOf('age', 'insufficient_data', { size: Number.NaN, detectableSize: Infinity })];
    const points = pointsOf(judged(windowOf({ end: 5, features })), { now: 0, pValue: true, methods: 'all' });
    expect(points.every(({ value }) => Number.isFinite(value))).toBe(true);
    expect(points.some(({ metric }) => metric === 'ml.drift.score')).toBe(false);
  });

  it('name the method whose fixed limit decided', () => {
    const limit = { method: 'psi', of: 'score', at: 0.25, score: 0.3 } as const;
    const judgedBy = { summary: 'psi >= 0.25', explanation: '', tests: ['psi'], limit };
    const scores = { psi: 0.3, hellinger: 0.2 };
    const ofScore = featureOf('age', 'drift', { size: 0.3, threshold: 0.25, scores, judgedBy });
    expect(seriesOf(judged(windowOf({ end: 5, features: [ofScore] })), { methods: 'all' })).toMatchObject({
      'ml.drift.score{feature=age,method=psi}': 0.3,
      'ml.drift.score{feature=age,method=hellinger}': 0.2,
      'ml.drift.threshold{feature=age,method=psi}': 0.25,
    });
    const byP = { ...judgedBy, limit: { ...limit, of: 'p', at: 0.01, p: 0.002 } } as const;
    const series = seriesOf(judged(windowOf({ end: 5, features: [{ ...ofScore, judgedBy: byP }] })), { pValue: true });
    expect(series).toMatchObject({ 'ml.drift.p_value{feature=age,method=psi}': 0.002 });
    expect(Object.keys(series).filter((name) => name.includes('threshold'))).toEqual([]);
  });

  it('have every method and the p-value only when asked', () => {
    const features = [featureOf('age', 'ok', { scores: { psi: 0.01, hellinger: 0.05 } })];
    const model = judged(windowOf({ end: 5, features }));
    expect(seriesOf(model, { pValue: true, methods: 'all' })).toMatchObject({
      'ml.drift.score{feature=age,method=psi}': 0.01,
      'ml.drift.score{feature=age,method=hellinger}': 0.05,
      'ml.drift.p_value{feature=age,method=size}': 0.5,
    });
    const scores = Object.keys(seriesOf(model)).filter((name) => /score|p_value/.test(name));
    expect(scores).toEqual(['ml.drift.score{feature=age,method=size}']);
  });
});

describe('the bound on series', () => {
  it('costs features that are ok first, the model last', () => {
    const features = [featureOf('a', 'ok'), featureOf('b', 'drift'), featureOf('c', 'ok')];
    const points = pointsOf(judged(windowOf({ end: 5, features })), { now: 0, pValue: false, methods: 'deciding' });
    const ofModel = points.filter(({ dispensability }) => dispensability === 0).length;
    const { kept, cappedSeries } = capped(points, ofModel + 4);
    expect(cappedSeries).toBe(points.length - ofModel - 4);
    expect(new Set(kept.map(({ attributes }) => attributes['ml.feature.name']))).toEqual(new Set([undefined, 'b']));
  });
});

describe('a model without data', () => {
  it.each([
    [5 * minute, hour, false],
    [5 * minute, hour + 1, true],
    [24 * hour, 72 * hour, false],
    [24 * hour, 72 * hour + 1, true],
  ])('with windows of %d ms is quiet after %d ms: %s', (windowMs, now, expected) => {
    expect(isQuiet({ ...judged(windowOf({ end: 0 })), windowMs }, now)).toBe(expected);
  });
});

function judged(first: WindowMeasurement, ...others: readonly WindowMeasurement[]): PublishedModel {
  const state = others.reduce<PublicationState>(afterWindow, afterWindow(undefined, first));
  return { state, alerts: [], judgedAt: state.latest.windowEnd, windowMs: 5 * minute };
}

function seriesOf(model: PublishedModel, options: Partial<GaugeOptions> = {}): Readonly<Record<string, number>> {
  return Object.fromEntries(
    pointsOf(model, { now: 0, pValue: false, methods: 'deciding', ...options }).map(({ metric, attributes, value }) => [
      seriesName(metric, attributes),
      value,
    ]),
  );
}
