import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startDriftline } from '@driftline/instrumentation';
import { env, pipeline, PreTrainedModel, TextClassificationPipeline } from '@huggingface/transformers';
import * as tf from '@tensorflow/tfjs';
import {
  type Binding,
  instrumentModule,
  onnxruntime,
  tensorflowJs,
  transformersJs,
} from '@driftline/instrumentation/auto/module';
import { parseReferenceProfile } from '@driftline/sketches';
import { bench, do_not_optimize, group, summary } from 'mitata';
import * as ort from 'onnxruntime-node';
import { realTracer } from './real-tracer.ts';

/** A call of a real model as the library makes it, and the same call watched. */
interface WatchedCall {
  readonly name: string;
  readonly bare: () => Promise<unknown>;
  /** Nobody named the model: span and latency. */
  readonly unnamed: () => Promise<unknown>;
  /** With a profile and its binding: features and predictions too. */
  readonly bound: () => Promise<unknown>;
}

/** What each auto-instrumentation costs against the bare call. */
export async function autoBenchmarks(): Promise<void> {
  realTracer();
  startDriftline({ service: 'bench', endpoint: 'http://127.0.0.1:9' }).metricProducer();
  for (const { name, bare, unnamed, bound } of [
    ...(await onnxruntimeCalls()),
    ...(await tensorflowCalls()),
    ...(await transformersCalls()),
  ]) {
    group(name, () => {
      summary(() => {
        bench('bare', async () => do_not_optimize(await bare())).baseline();
        bench('watched: span and latency', async () => do_not_optimize(await unnamed()));
        bench('watched: features and predictions too', async () => do_not_optimize(await bound()));
      });
    });
  }
}

const demo = new URL('../../examples/demo/', import.meta.url);
const binding: Binding = {
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
  score: 'probabilities[1]',
};

/** The gradient-boosted trees of the demo, 12 features. */
async function onnxruntimeCalls(): Promise<readonly WatchedCall[]> {
  const path = fileURLToPath(new URL('flights.onnx', demo));
  const profile = parseReferenceProfile(JSON.parse(await readFile(new URL('flights.profile.json', demo), 'utf8')));
  const options = { intraOpNumThreads: 1 };
  const unpatched = await ort.InferenceSession.create(path, options);
  const bare = unpatched.run.bind(unpatched);
  instrumentModule(onnxruntime, ort, {
    models: [
      { match: 'flights.onnx', profile, binding },
      // Below the bare pipeline.
      { match: 'review-sentiment/onnx/model.onnx', ignore: true },
    ],
  });
  const unnamed = await ort.InferenceSession.create(await readFile(path), options);
  const bound = await ort.InferenceSession.create(path, options);
  return [1, 100].map((rows) => {
    const feeds = {
      numbers: new ort.Tensor('float32', new Float32Array(9 * rows).fill(8), [rows, 9]),
      names: new ort.Tensor('string', Array.from({ length: rows }, () => ['UA', 'EWR', 'Monday']).flat(), [rows, 3]),
    };
    return {
      name: `onnxruntime-node: trees on 12 features, a batch of ${rows}`,
      bare: () => bare(feeds),
      unnamed: () => unnamed.run(feeds),
      bound: () => bound.run(feeds),
    };
  });
}

const models = new URL('../auto/models/', import.meta.url);

/** A network of 57 weights: nothing but what TensorFlow.js takes for a call. */
async function tensorflowCalls(): Promise<readonly WatchedCall[]> {
  await tf.setBackend('cpu');
  const bare = await graphModel('bare');
  const execute = bare.execute.bind(bare);
  const columns = ['hour', 'distance', 'departures', 'recent_delay', 'temperature'];
  instrumentModule(tensorflowJs, tf, {
    models: [{ match: 'bound', binding: { input: 'flight', columns, score: 'output_0[0]' } }],
  });
  const [unnamed, bound] = await Promise.all([graphModel('unnamed'), graphModel('bound')]);
  return [1, 100].map((rows) => {
    const flights = tf.ones([rows, columns.length]);
    return {
      name: `tensorflow-js: a graph model of two layers on the processor, a batch of ${rows}`,
      bare: async () => tf.dispose(execute(flights)),
      unnamed: async () => tf.dispose(unnamed.execute(flights)),
      bound: async () => tf.dispose(bound.execute(flights)),
    };
  });
}

async function graphModel(name: string): Promise<tf.GraphModel> {
  const folder = new URL('late-flights-graph/', models);
  const { weightsManifest, ...model } = JSON.parse(await readFile(new URL('model.json', folder), 'utf8'));
  const weights = await readFile(new URL('group1-shard1of1.bin', folder));
  const artifacts = { ...model, weightSpecs: weightsManifest[0].weights, weightData: Uint8Array.from(weights).buffer };
  return tf.loadGraphModel(Object.assign(tf.io.fromMemory(artifacts), { path: `/models/${name}/model.json` }));
}

/** A tokenizer and a linear model of words, in ONNX Runtime. */
async function transformersCalls(): Promise<readonly WatchedCall[]> {
  env.allowRemoteModels = false;
  env.localModelPath = fileURLToPath(models);
  const classifier = (source: string) => pipeline('text-classification', source);
  const unpatched = await classifier('review-sentiment');
  // What a pipeline calls when it is called.
  const call = Reflect.get(TextClassificationPipeline.prototype, '_call');
  instrumentModule(
    transformersJs,
    { TextClassificationPipeline, PreTrainedModel },
    { models: [{ match: 'models/review-sentiment' }] },
  );
  const unnamed = await classifier('review-sentiment');
  const bound = await classifier(fileURLToPath(new URL('review-sentiment', models)));
  const review = 'A great camera, and the battery is excellent for the price.';
  return [
    {
      name: 'transformers-js: text classification, 12 words',
      bare: () => Reflect.apply(call, unpatched, [review]),
      unnamed: () => unnamed(review),
      bound: () => bound(review),
    },
  ];
}
