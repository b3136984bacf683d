import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseReferenceProfile, withProfileId } from '@driftline/sketches';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Captured, captureDriftline } from '../testing.ts';
import type { Binding } from './binding.ts';
import { type InstrumentedModule, instrumentModule } from './instrument/instrument-module.ts';
import type { AutoInstrumentationConfig } from './instrument/settings.ts';
import { onnxruntime } from './onnxruntime.ts';

type OnnxRuntime = typeof import('onnxruntime-node');

const demo = (name: string) => fileURLToPath(new URL(`../../../../examples/demo/${name}`, import.meta.url));
const flights = demo('flights.onnx');
const binding: Binding = {
  model: 'flights.onnx',
  inputs: {
    numbers: [
      'hour',
      'distance',
      'planned_time',
      'departures',
      'recent_delay',
      'seats',
      'aircraft_age',
      'temperature',
      'precipitation',
    ],
    names: ['carrier', 'origin', 'weekday'],
  },
  class: 'label',
  classes: ['on time', 'late'],
  score: 'probabilities[1]',
};
const profile = withProfileId({
  ...parseReferenceProfile(JSON.parse(await readFile(demo('flights.profile.json'), 'utf8'))),
  binding: { ...binding },
});

/** Each has types of its own, which are the same. */
async function loaded(name: string): Promise<{ readonly name: string; readonly ort: OnnxRuntime }> {
  return { name, ort: await import(name) };
}

/** Two flights at once. */
const feeds = ({ Tensor }: OnnxRuntime) => ({
  numbers: new Tensor(
    'float32',
    [8, 1400, 247, 29, 12.04, 191, 1, 46.04, 0, 17, 500, 90, 20, Number.NaN, 100, 3, 60, 0.1],
    [2, 9],
  ),
  names: new Tensor('string', ['UA', 'EWR', 'Thursday', 'B6', 'JFK', 'Friday'], [2, 3]),
});

let captured: Captured;
let instrumented: InstrumentedModule<object>;
beforeEach(() => {
  captured = captureDriftline();
});
afterEach(() => {
  instrumented.restore();
  captured[Symbol.dispose]();
});

describe.each(await Promise.all(['onnxruntime-node', 'onnxruntime-web'].map(loaded)))(
  'a session of $name',
  ({ ort }) => {
    function instrument(config: AutoInstrumentationConfig): void {
      instrumented = instrumentModule(onnxruntime, ort, config);
    }

    it('is the model of the profile that names its file: features, labels and scores of the batch', async () => {
      instrument({ profiles: [profile] });
      const session = await ort.InferenceSession.create(flights);
      const { label, probabilities } = await session.run(feeds(ort));
      const model = captured.model('late-arrival');
      expect(model).toMatchObject({ calls: 1, rows: 2, failedCalls: 0, errors: [] });
      expect(model.feature('distance')).toMatchObject({ count: 2, mean: 950 });
      expect(model.feature('recent_delay')).toMatchObject({ statuses: { valid: 1, not_a_number: 1 } });
      expect(model.feature('carrier').categories).toMatchObject({ UA: 1, B6: 1 });
      const [, first = Number.NaN, , second = Number.NaN] = Array.from(probabilities?.data ?? [], Number);
      expect(model.output('score').mean).toBeCloseTo((first + second) / 2, 6);
      const late = Array.from(label?.data ?? [], Number).filter((code) => code === 1).length;
      expect(model.output('class').categories).toEqual({ late, 'on time': 2 - late });
    });

    it('made from bytes is found by its tensors, where one profile binds them', async () => {
      const { model: _, ...anywhere } = binding;
      instrument({ profiles: [withProfileId({ ...profile, binding: { ...anywhere } })] });
      const session = await ort.InferenceSession.create(await readFile(flights));
      await session.run(feeds(ort));
      expect(captured.model('late-arrival').feature('hour').count).toBe(2);
    });

    it('may be settled in code, with mappers of its own', async () => {
      instrument({
        models: [
          {
            match: /flights/,
            name: 'late',
            version: '3',
            features: ({ tensors }) => ({ batch: tensors?.['numbers']?.dims[0] }),
            prediction: ({ tensors }) => ({ score: Number(tensors?.['probabilities']?.data[1]) }),
          },
        ],
      });
      await (await ort.InferenceSession.create(flights)).run(feeds(ort));
      expect(captured.model('late').feature('batch').mean).toBe(2);
      expect(captured.model('late').output('score').count).toBe(1);
    });

    it('that nobody named is told by calls and latency alone', async () => {
      instrument({});
      await (await ort.InferenceSession.create(flights)).run(feeds(ort));
      expect(captured.model('flights')).toMatchObject({ calls: 1, errors: [] });
      expect(() => captured.model('flights').feature('distance')).toThrow('distance');
      expect(() => captured.model('flights').output('score')).toThrow('score');
    });

    it('that shall be ignored is', async () => {
      instrument({ models: [{ match: 'flights', ignore: true }] });
      await (await ort.InferenceSession.create(flights)).run(feeds(ort));
      expect(() => captured.model('flights')).toThrow('flights');
    });

    it('rejects as before, with the same error, and the call has failed', async () => {
      instrument({ profiles: [profile] });
      const session = await ort.InferenceSession.create(flights);
      await expect(session.run({})).rejects.toThrow("input 'numbers' is missing in 'feeds'.");
      expect(captured.model('late-arrival')).toMatchObject({ calls: 1, failedCalls: 1 });
    });

    it('whose tensors are not as bound answers all the same, and the reason is told', async () => {
      instrument({ models: [{ match: 'flights', binding: { input: 'numbers', columns: ['hour'], value: 'answer' } }] });
      const { label } = await (await ort.InferenceSession.create(flights)).run(feeds(ort));
      expect(label?.dims).toEqual([2]);
      expect(captured.model('flights').errors.map(({ message }) => message)).toEqual([
        expect.stringContaining('tensor "numbers" has 9 columns, the binding names 1'),
        expect.stringContaining('the binding names the tensors "answer", the answer has "label", "probabilities"'),
      ]);
    });

    it('of which only some outputs are fetched is read as far as it answers', async () => {
      instrument({ profiles: [profile] });
      await (await ort.InferenceSession.create(flights)).run(feeds(ort), ['label']);
      const model = captured.model('late-arrival');
      expect(model.errors).toEqual([]);
      expect(model.output('class').count).toBe(2);
      expect(() => model.output('score')).toThrow('score');
    });

    it('from before, made by a class that the application already holds, is watched too', async () => {
      const session = await ort.InferenceSession.create(flights);
      instrument({ profiles: [profile] });
      await session.run(feeds(ort));
      expect(captured.model('late-arrival')).toMatchObject({ calls: 1, rows: 2, errors: [] });
    });
  },
);
