import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import type * as TensorFlow from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { serveModels } from '../../../../test/support/model-server.ts';
import { type Captured, captureDriftline } from '../testing.ts';
import { type InstrumentedModule, instrumentModule } from './instrument/instrument-module.ts';
import type { AutoInstrumentationConfig } from './instrument/settings.ts';
import { tensorflowJs } from './tensorflow-js.ts';

const flights = [
  [5, 1400, 2, -1, 39],
  [18, 200, 30, 40, 30],
  [8, 750, 20, 10, 50],
];
/** What Keras says of them in Python. */
const scores = [0.061995, 0.61588, 0.287255];

const columns = ['hour', 'distance', 'departures', 'recent_delay', 'temperature'];
const settings = {
  models: [
    { match: 'late-flights', binding: { input: 'flight', columns, score: 'late[0]' } },
    { match: 'late-flights-graph', binding: { input: 'flight', columns, score: 'output_0[0]' } },
  ],
} satisfies AutoInstrumentationConfig;

const require = createRequire(import.meta.url);
const tf: typeof TensorFlow = require('@tensorflow/tfjs');
/** What the modules give to `require`, which is what hooks see. */
const modules: readonly object[] = tensorflowJs.modules.map(({ name }) => require(name));

let models: Awaited<ReturnType<typeof serveModels>>;
beforeAll(async () => {
  models = await serveModels();
  await tf.setBackend('cpu');
});
afterAll(() => models[Symbol.asyncDispose]());

let seen: Captured;
beforeEach(() => {
  seen = captureDriftline();
  onTestFinished(() => seen[Symbol.dispose]());
});

function instrumented(config: AutoInstrumentationConfig = settings): readonly InstrumentedModule<object>[] {
  const instrumentedModules = modules.map((exports) => instrumentModule(tensorflowJs, exports, config));
  onTestFinished(() => instrumentedModules.forEach((module) => module.restore()));
  return instrumentedModules;
}

const layersModel = (): Promise<TensorFlow.LayersModel> =>
  tf.loadLayersModel(`${models.url}/late-flights-layers/model.json`);
const graphModel = (): Promise<TensorFlow.GraphModel> =>
  tf.loadGraphModel(`${models.url}/late-flights-graph/model.json`);

const only = (result: unknown): TensorFlow.Tensor => {
  if (result instanceof tf.Tensor) return result;
  throw new TypeError('one tensor was expected');
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function expectAllThreeFlights(name: string): void {
  const model = seen.model(name);
  expect(model).toMatchObject({ calls: 1, rows: 3, failedCalls: 0, errors: [] });
  columns.forEach((column, index) => {
    const { count, mean: average } = model.feature(column);
    expect([count, average]).toEqual([3, expect.closeTo(mean(flights.map((flight) => flight[index] ?? 0)), 5)]);
  });
  expect(model.output('score')).toMatchObject({ count: 3, mean: expect.closeTo(mean(scores), 5) });
}

describe('a layers model', () => {
  it.each(['predict', 'predictOnBatch'] as const)('is seen once for a call of %s', async (method) => {
    instrumented();
    const model = await layersModel();
    const answer = only(model[method](tf.tensor2d(flights)));
    expect([...answer.dataSync()]).toEqual(scores.map((score) => expect.closeTo(score, 5)));
    expectAllThreeFlights('late-flights');
    expect(() => seen.model('late-flights_model')).toThrow('no model');
  });

  it('that was written in code is called by its own name, one that was loaded without a name by its folder', async () => {
    instrumented({});
    const written = tf.sequential({ name: 'written', layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    written.predict(tf.zeros([4, 2]));
    expect(seen.model('written').calls).toBe(1);

    const unnamed = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    let saved: TensorFlow.io.ModelArtifacts = {};
    await unnamed.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tf.loadLayersModel(
      Object.assign(tf.io.fromMemory(saved), { path: '/models/churn/3/model.json' }),
    );
    loaded.predict(tf.zeros([4, 2]));
    expect(seen.model('churn').calls).toBe(1);
  });

  it('with several inputs and outputs is read by the names of its layers', () => {
    instrumented({
      models: [
        { match: 'pair', binding: { inputs: { left: 'left', right: 'right' }, value: 'sum', score: 'share[0]' } },
      ],
    });
    const inputs = ['left', 'right'].map((name) => tf.input({ shape: [1], name }));
    const sum = tf.layers.add({ name: 'sum' }).apply(inputs);
    const share = tf.layers.activation({ activation: 'sigmoid', name: 'share' }).apply(sum);
    if (!(sum instanceof tf.SymbolicTensor && share instanceof tf.SymbolicTensor)) throw new TypeError('no layers');
    const model = tf.model({ name: 'pair', inputs, outputs: [sum, share] });
    model.predict([tf.tensor2d([[1], [2]]), tf.tensor2d([[10], [20]])]);
    const pair = seen.model('pair');
    expect(pair).toMatchObject({ rows: 2, errors: [] });
    expect(pair.feature('right').mean).toBe(15);
    expect(pair.output('value').mean).toBeCloseTo(16.5);
    expect(pair.output('score').mean).toBeCloseTo(1, 4);
  });

  it('that refuses its input throws the same error to its caller, and the call has failed', async () => {
    const model = await layersModel();
    const tooNarrow = tf.zeros([1, 4]);
    const message = errorOf(() => model.predict(tooNarrow));
    instrumented({ models: [{ match: 'late-flights' }] });
    expect(errorOf(() => model.predict(tooNarrow))).toBe(message);
    expect(seen.model('late-flights')).toMatchObject({ calls: 1, failedCalls: 1 });
  });
});

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error('nothing was thrown');
}

describe('a graph model', () => {
  it.each(['predict', 'execute', 'predictAsync', 'executeAsync'] as const)('is seen once for %s', async (method) => {
    instrumented();
    const model = await graphModel();
    // Disposed of at once: what was answered has been read by then.
    using answer = disposable(only(await model[method](tf.tensor2d(flights))));
    expect([...answer.tensor.dataSync()]).toEqual(scores.map((score) => expect.closeTo(score, 5)));
    expectAllThreeFlights('late-flights-graph');
  });

  it.each([
    ['one tensor', (flight: TensorFlow.Tensor) => flight],
    ['a list', (flight: TensorFlow.Tensor) => [flight]],
    ['tensors by name', (flight: TensorFlow.Tensor) => ({ flight })],
    ['tensors by node', (flight: TensorFlow.Tensor) => ({ 'flight:0': flight })],
  ])('takes %s', async (_, given) => {
    instrumented();
    const model = await graphModel();
    model.predict(given(tf.tensor2d(flights)));
    expectAllThreeFlights('late-flights-graph');
  });

  it('asked for an inner node is read under that name', async () => {
    const hidden = 'StatefulPartitionedCall/late-flights/hidden/Relu';
    instrumented({ models: [{ match: 'late-flights-graph', binding: { value: `${hidden}[0]` } }] });
    const model = await graphModel();
    const activations = only(model.execute(tf.tensor2d(flights), `${hidden}:0`));
    expect(activations.shape).toEqual([3, 8]);
    expect(seen.model('late-flights-graph').output('value').count).toBe(3);
  });
});

const disposable = (tensor: TensorFlow.Tensor) => ({ tensor, [Symbol.dispose]: () => tensor.dispose() });

describe('the memory of TensorFlow.js', () => {
  it('holds no tensor more than without us, in and out of tidy', async () => {
    const [layered, graph] = await Promise.all([layersModel(), graphModel()]);
    const flight = tf.tensor2d(flights);
    const work = async (): Promise<number> => {
      const before = tf.memory().numTensors;
      only(layered.predict(flight)).dispose();
      tf.tidy(() => only(graph.predict(flight))).dispose();
      only(await graph.executeAsync(flight)).dispose();
      return tf.memory().numTensors - before;
    };
    await work();
    const without = await work();
    instrumented();
    expect(await work()).toBe(without);
    expect(without).toBe(0);
    expect(seen.model('late-flights-graph').calls).toBe(2);
  });
});

describe('a backend that computes elsewhere', () => {
  it('is never waited for: answers are read when they come, inputs are left alone and the way out is said', async () => {
    instrumented();
    const waits = await setSlowBackend();
    const model = await graphModel();
    const answer = only(model.predict(tf.tensor2d(flights)));
    answer.dispose();
    expect(waits.count).toBe(0);
    await expect.poll(() => seen.model('late-flights-graph').output('score').count).toBe(3);
    expect(seen.model('late-flights-graph').output('score').mean).toBeCloseTo(mean(scores), 5);
    expect(seen.model('late-flights-graph').errors.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        'tensor "flight" is not read, which would hold up slow. Give the features to monitorModel()',
      ),
    ]);
    expect(waits.count).toBe(0);
  });
});

/** The processor's own kernels behind reading that takes its time, and a count of who waited for it. */
async function setSlowBackend(): Promise<{ readonly count: number }> {
  const waits = { count: 0 };
  tf.copyRegisteredKernels('cpu', 'slow');
  tf.registerBackend('slow', () => {
    const backend = new MathBackendCPU();
    const readSync = backend.readSync.bind(backend);
    return Object.assign(backend, {
      readSync: (dataId: object) => {
        waits.count++;
        return readSync(dataId);
      },
      read: async (dataId: object) => {
        const values = readSync(dataId);
        await setTimeout(5);
        return values;
      },
    });
  });
  await tf.setBackend('slow');
  onTestFinished(async () => {
    await tf.setBackend('cpu');
    tf.removeBackend('slow');
  });
  return waits;
}

describe('instrumented twice', () => {
  it('a call is seen once, and not at all when both are gone', async () => {
    const both = [...instrumented(), ...instrumented()];
    const model = await layersModel();
    model.predict(tf.tensor2d(flights));
    expectAllThreeFlights('late-flights');
    for (const module of both) module.restore();
    model.predict(tf.tensor2d(flights));
    expect(seen.model('late-flights').calls).toBe(1);
  });
});
