import { METRIC_ML_SECURITY_OBSERVATIONS } from '@driftline/semantic-conventions';
import { expect, it } from 'vitest';
import type { HeldSeries } from '../panes/series-state.ts';
import { securityOf } from './security.ts';

const held = (
  key: string,
  pattern: string | undefined,
  value: number,
  metric: string = METRIC_ML_SECURITY_OBSERVATIONS,
): HeldSeries => ({
  series: {
    key,
    metric,
    unit: '{observation}',
    temporality: 'delta',
    attributes: pattern === undefined ? {} : { 'ml.security.pattern': pattern },
  },
  state: { kind: 'sum', value },
});

it('adds what series of one pattern counted, whatever else their senders say of them', () => {
  const series = [held('a', 'flood', 2), held('b', 'probing', 1), held('c', 'flood', 3), held('d', 'invalid', 0)];
  expect(securityOf(series)).toEqual({ flood: 5, probing: 1 });
});

it('leaves out what names no pattern, and other metrics', () => {
  expect(securityOf([held('a', undefined, 2), held('b', 'flood', 2, 'ml.feature.observations')])).toEqual({});
});

it('is bounded, whatever senders make up', () => {
  const series = Array.from({ length: 500 }, (_, i) => held(String(i), `made up ${i}`, 1));
  expect(Object.keys(securityOf(series))).toHaveLength(50);
});
