import { describe, expect, it } from 'vitest';
import { featureOf, windowOf } from '../../../../test/support/measurements.ts';
import type { SegmentMeasurement } from '../evaluate/measurement.ts';
import { driftChangeEvents } from './events.ts';
import { capped, pointsOf } from './gauges.ts';
import { afterWindow } from './publication-state.ts';

const segment = (state: 'ok' | 'drift'): SegmentMeasurement => ({
  name: 'country',
  value: 'DE',
  rows: 400,
  share: 0.4,
  state,
  features: [featureOf('age', state), featureOf('pay', 'ok')],
  performance: [{ metric: 'accuracy', source: 'realised', value: 0.9, lowerBound: 0.8, upperBound: 1, rows: 9 }],
});
const features = [featureOf('age', 'ok'), featureOf('pay', 'ok')];
const before = afterWindow(undefined, windowOf({ end: 5, features, segments: [segment('ok')] }));
const window = windowOf({ end: 10, features, segments: [segment('drift')] });
const state = afterWindow(before, window);
const points = pointsOf(
  { state, alerts: [], judgedAt: 0, windowMs: 300_000 },
  { now: 0, pValue: false, methods: 'deciding' },
);
const isOfSegment = ({ attributes }: (typeof points)[number]) => 'ml.segment.name' in attributes;

describe('what is published of a segment', () => {
  it('names it, and says of it what is said of the model and its features', () => {
    const told = points.filter(isOfSegment);
    expect(told.every(({ attributes }) => attributes['ml.segment.value'] === 'DE')).toBe(true);
    const valueOf = (metric: string, about: Readonly<Record<string, string>>) =>
      told.find(
        (point) =>
          point.metric === metric &&
          Object.entries(about).every(([name, value]) => point.attributes[name] === value) &&
          ('ml.feature.name' in about || !('ml.feature.name' in point.attributes)),
      )?.value;
    expect(valueOf('driftline.window.rows', {})).toBe(400);
    expect(valueOf('ml.drift.status', { 'ml.drift.state': 'drift' })).toBe(1);
    expect(valueOf('ml.drift.status', { 'ml.drift.state': 'ok' })).toBe(0);
    expect(valueOf('ml.performance.value', {})).toBe(0.9);
    expect(valueOf('ml.drift.score', { 'ml.feature.name': 'age' })).toBe(0.05);
  });

  it('goes first over the bound where it is ok, before what is ok of the whole', () => {
    const isOk = ({ attributes }: (typeof points)[number]) => attributes['ml.feature.name'] === 'pay';
    const okOfSegment = points.filter((point) => isOfSegment(point) && isOk(point)).length;
    const { kept, cappedSeries } = capped(points, points.length - okOfSegment);
    expect(cappedSeries).toBe(okOfSegment);
    expect(kept.filter((point) => isOfSegment(point) && isOk(point))).toEqual([]);
    expect(kept.filter((point) => !isOfSegment(point)).length).toBe(
      points.filter((point) => !isOfSegment(point)).length,
    );
  });

  it('changes in events of its own, which name it', () => {
    const events = driftChangeEvents(before, window, 'd');
    expect(
      events.map(({ attributes }) => [
        attributes['ml.segment.value'],
        attributes['ml.feature.name'],
        attributes['ml.drift.state'],
      ]),
    ).toEqual([
      ['DE', undefined, 'drift'],
      ['DE', 'age', 'drift'],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(driftChangeEvents(state, window, 'd')).toEqual([]);
  });
});
