import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../../../../test/support/model-server.ts';
import { captureDriftline } from '../testing.ts';
import { instrumentModule } from './instrument/instrument-module.ts';
import { onnxruntime } from './onnxruntime.ts';

const columns = ['hour', 'distance', 'departures', 'recent_delay', 'temperature'];
const flights = [
  [5, 1400, 2, -1, 39],
  [18, 200, 30, 40, 30],
  [8, 750, 20, 10, 50],
];

/** No runtime on npm is kept well, so boosted trees run as ONNX, with the tensors that the converter gives them. */
describe.each([
  ['LightGBM', 'late-flights-lightgbm', [0.137706, 0.541855, 0.29822]],
  ['XGBoost', 'late-flights-xgboost', [0.143513, 0.589697, 0.292665]],
])('a model of %s as ONNX', (_, model, scores) => {
  it('is watched with its features, the probability and the class that Python gives', async () => {
    const binding = {
      input: 'flight',
      columns,
      score: 'probabilities[1]',
      class: 'label',
      classes: ['on time', 'late'],
    };
    using seen = captureDriftline();
    const instrumented = instrumentModule(onnxruntime, ort, { models: [{ match: model, binding }] });
    const session = await ort.InferenceSession.create(fileURLToPath(new URL(`${model}.onnx`, modelFolder)));
    await session.run({ flight: new ort.Tensor('float32', Float32Array.from(flights.flat()), [3, columns.length]) });
    instrumented.restore();
    const watched = seen.model(model);
    expect(watched).toMatchObject({ calls: 1, rows: 3, errors: [] });
    expect(watched.feature('distance').mean).toBeCloseTo((1400 + 200 + 750) / 3);
    expect(watched.output('score').mean).toBeCloseTo(scores.reduce((sum, score) => sum + score, 0) / 3, 5);
    expect(watched.output('class').count).toBe(3);
  });
});
