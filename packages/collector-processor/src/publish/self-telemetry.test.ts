import { METRIC_DRIFTLINE_INGEST_COARSE } from '@driftline/semantic-conventions';
import { expect, it } from 'vitest';
import { SelfTelemetry } from './self-telemetry.ts';

it('models without end are counted, the later ones together', () => {
  const self = new SelfTelemetry({}, 0);
  for (let model = 0; model < 3_000; model += 1) {
    self.count(METRIC_DRIFTLINE_INGEST_COARSE, { 'ml.model.name': `model ${model}` });
  }
  self.count(METRIC_DRIFTLINE_INGEST_COARSE, { 'ml.model.name': 'model 0' });
  const points = self.points();
  expect(points.length).toBeLessThanOrEqual(1_001);
  expect(points.reduce((sum, { value }) => sum + value, 0)).toBe(3_001);
  expect(points[0]).toMatchObject({ value: 2, attributes: { 'ml.model.name': 'model 0' } });
  expect(points.at(-1)?.attributes).toEqual({});
});
