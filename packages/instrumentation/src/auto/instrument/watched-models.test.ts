import { fileURLToPath } from 'node:url';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { profileOfRows } from '../../../../../test/support/profile-of-rows.ts';
import { rowAnomalies } from '../../row-anomalies.ts';
import { captureDriftline } from '../../testing.ts';
import { onnxruntime } from '../onnxruntime.ts';
import { instrumentModule } from './instrument-module.ts';
import type { WatchedModelConfig } from './settings.ts';

const flights = fileURLToPath(new URL('../../../../../examples/demo/flights.onnx', import.meta.url));

const binding = {
  inputs: {
    numbers: [null, 'distance', null, null, null, null, null, null, null],
    names: ['carrier', 'origin', 'weekday'],
  },
  score: 'probabilities[1]',
};

describe('the settings of a watched model', () => {
  const exporter = new InMemorySpanExporter();
  let seen: Disposable;
  beforeEach(() => {
    seen = captureDriftline();
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
    exporter.reset();
  });
  afterEach(() => {
    seen[Symbol.dispose]();
    trace.disable();
  });

  /** What the spans of so many flights tell under these settings. */
  async function spansOf(config: Partial<WatchedModelConfig>, calls = 1) {
    const watched = instrumentModule(onnxruntime, ort, {
      models: [{ match: 'flights', name: 'late', binding, ...config }],
    });
    try {
      const session = await ort.InferenceSession.create(flights);
      for (let i = 0; i < calls; i += 1) {
        await session.run({
          numbers: new ort.Tensor('float32', [8, 1400, 247, 29, 12.04, 191, 1, 46.04, 0], [1, 9]),
          names: new ort.Tensor('string', ['UA', 'EWR', 'Thursday'], [1, 3]),
        });
      }
    } finally {
      watched.restore();
    }
    return exporter.getFinishedSpans().map(({ attributes }) => attributes);
  }

  it('let no value out by default', async () => {
    const [attributes = {}] = await spansOf({});
    expect(Object.keys(attributes).filter((name) => /^ml\.(feature|prediction)/.test(name))).toEqual([]);
    expect(attributes['ml.model.name']).toBe('late');
  });

  it('let those out that its policy allows, as it has them', async () => {
    const allow = ['distance', 'carrier', 'origin', 'ml.prediction.score'];
    const privacy = { allow, deny: ['origin'], round: { distance: 1000, 'ml.prediction.score': 1 } };
    const [attributes = {}] = await spansOf({ privacy });
    expect(attributes['ml.feature.values.distance']).toBe(1000);
    expect(attributes['ml.feature.values.carrier']).toBe('UA');
    expect([0, 1]).toContain(attributes['ml.prediction.score']);
    expect(Object.keys(attributes)).not.toContain('ml.feature.values.origin');
    expect(Object.keys(attributes)).not.toContain('ml.feature.values.weekday');
  });

  it('score its rows where they are asked to, by the profile', async () => {
    const distances = Array.from({ length: 400 }, (_, i) => ({ distance: i }));
    const profile = profileOfRows(distances, { together: false });
    const [attributes = {}] = await spansOf({ profile, anomalies: rowAnomalies });
    expect(attributes['ml.prediction.anomaly_score']).toBeGreaterThan(5);
    expect(attributes['ml.prediction.anomaly_features']).toEqual(['distance']);
  });

  it('say which of its calls have a span', async () => {
    expect(await spansOf({ sampling: { ratio: 1 } }, 20)).toHaveLength(20);
    exporter.reset();
    // The first call of a process has its span whatever the ratio, and it was above.
    expect(await spansOf({ sampling: { ratio: 0 } }, 20)).toHaveLength(0);
  });
});
