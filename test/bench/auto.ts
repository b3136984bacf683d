import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startDriftline } from '@driftline/instrumentation';
import { type Binding, instrumentModule, onnxruntime } from '@driftline/instrumentation/auto/module';
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
  for (const { name, bare, unnamed, bound } of await onnxruntimeCalls()) {
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
  instrumentModule(onnxruntime, ort, { models: [{ match: 'flights.onnx', profile, binding }] });
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
