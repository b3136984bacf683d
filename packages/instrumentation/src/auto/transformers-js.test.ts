import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as Transformers from '@huggingface/transformers';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { modelFolder } from '../../../../test/support/model-server.ts';
import { type Captured, captureDriftline } from '../testing.ts';
import { type InstrumentedModule, instrumentModule } from './instrument/instrument-module.ts';
import type { AutoInstrumentationConfig } from './instrument/settings.ts';
import { onnxruntime } from './onnxruntime.ts';
import { transformersJs } from './transformers-js.ts';

const require = createRequire(import.meta.url);
const transformers: typeof Transformers = require('@huggingface/transformers');
transformers.env.allowRemoteModels = false;
transformers.env.localModelPath = fileURLToPath(modelFolder);

const praise = 'A great camera, and the battery is excellent.';
const complaint = 'It broke after two days; support was terrible.';
/** What the network says of them in Python. */
const [praiseScore, complaintScore] = [0.999948, 0.999403];

const settings = { models: [{ match: 'review-sentiment' }] } satisfies AutoInstrumentationConfig;

let seen: Captured;
beforeEach(() => {
  seen = captureDriftline();
  onTestFinished(() => seen[Symbol.dispose]());
});

function instrumented(config: AutoInstrumentationConfig = settings): InstrumentedModule<object> {
  const module = instrumentModule(transformersJs, transformers, config);
  onTestFinished(() => module.restore());
  return module;
}

const sentiment = () => seen.model('review-sentiment');

describe('a text classifier', () => {
  it.each([
    ['a text', praise, {}],
    ['a text and all classes', praise, { top_k: 2 }],
    ['a list of one text', [praise], {}],
  ])('asked for %s is one prediction, and the text is told by its features only', async (_, given, options) => {
    instrumented();
    const classify = await transformers.pipeline('text-classification', 'review-sentiment');
    const [answer] = [await classify(given, options)].flat(2);
    expect(answer).toEqual({ label: 'positive', score: expect.closeTo(praiseScore, 5) });
    expect(sentiment()).toMatchObject({ calls: 1, rows: 1, failedCalls: 0, errors: [] });
    expect(sentiment().feature('length').mean).toBe(praise.length);
    expect(sentiment().feature('words').mean).toBe(8);
    expect(sentiment().output('score')).toMatchObject({ count: 1, mean: expect.closeTo(praiseScore, 5) });
    expect(sentiment().output('class')).toMatchObject({ count: 1, categories: {} });
  });

  it.each([{}, { top_k: 2 }])('asked for several texts with %j makes a prediction for each', async (options) => {
    instrumented();
    const classify = await transformers.pipeline('text-classification', 'review-sentiment');
    await classify([praise, complaint], options);
    expect(sentiment()).toMatchObject({ calls: 1, rows: 2, errors: [] });
    expect(sentiment().feature('length').mean).toBe((praise.length + complaint.length) / 2);
    expect(sentiment().output('score').mean).toBeCloseTo((praiseScore + complaintScore) / 2, 5);
  });

  it('with features and prediction of the user is read by these', async () => {
    instrumented({
      models: [
        {
          match: /sentiment$/,
          name: 'reviews',
          version: '5',
          features: ({ texts = [] }) => texts.map((text) => ({ exclamations: text.split('!').length - 1 })),
          prediction: ({ predictions = [] }) => predictions,
        },
      ],
    });
    const classify = await transformers.pipeline('text-classification', 'review-sentiment');
    await classify(['Wow!!!', 'Well.']);
    expect(seen.model('reviews').feature('exclamations').mean).toBe(1.5);
    expect(seen.model('reviews').output('score').count).toBe(2);
  });

  it('that fails hands its own error to the caller', async () => {
    instrumented();
    const classify = await transformers.pipeline('text-classification', 'review-sentiment');
    await classify.dispose();
    await expect(classify(praise)).rejects.toThrow(/released|disposed|session/i);
    expect(sentiment()).toMatchObject({ calls: 1, failedCalls: 1 });
  });

  it('keeps its tokenizer, model and task', async () => {
    instrumented();
    const classify = await transformers.pipeline('sentiment-analysis', 'review-sentiment');
    expect(classify).toBeInstanceOf(transformers.TextClassificationPipeline);
    expect(classify.task).toBe('text-classification');
    expect(classify.tokenizer.encode('great')).toHaveLength(1);
  });
});

describe('an embedding', () => {
  it('is an operation of its own, with a tensor for the answer', async () => {
    const shapes: (readonly number[] | undefined)[] = [];
    instrumented({
      models: [
        {
          match: 'review-sentiment',
          prediction: ({ tensors = {} }) => {
            shapes.push(tensors['embedding']?.dims);
            return [];
          },
        },
      ],
    });
    const embed = await transformers.pipeline('feature-extraction', 'review-sentiment');
    const answer = await embed([praise, complaint], { pooling: 'mean', normalize: true });
    expect(answer.dims).toEqual([2, 16]);
    expect(shapes).toEqual([[2, 16]]);
    expect(sentiment()).toMatchObject({ calls: 1, rows: 2, errors: [] });
  });
});

describe('a model', () => {
  it.each(['review-sentiment', fileURLToPath(new URL('review-sentiment/', modelFolder))])(
    'loaded from %s is named after its folder',
    async (source) => {
      instrumented({});
      const classify = await transformers.pipeline('text-classification', source);
      await classify(praise);
      expect(sentiment().calls).toBe(1);
    },
  );

  it('is one prediction where the session below is watched too', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    onTestFinished(() => context.disable());
    instrumented({});
    using session = instrumentModule(onnxruntime, require('onnxruntime-common'), {});
    expect(session).toBeDefined();
    const classify = await transformers.pipeline('text-classification', 'review-sentiment');
    await classify(praise);
    expect(sentiment().calls).toBe(1);
    expect(() => seen.model('onnx')).toThrow('no model "onnx"; seen: review-sentiment');
  });
});

describe('instrumented twice', () => {
  it('a call is seen once, and not at all when both are gone', async () => {
    const both = [instrumented(), instrumented()];
    const classify = await transformers.pipeline('text-classification', 'review-sentiment');
    await classify(praise);
    for (const module of both) module.restore();
    await classify(praise);
    expect(sentiment().calls).toBe(1);
  });
});

describe('patches', () => {
  it('cover every pipeline that the library has', () => {
    const patched = [...transformersJs.patches(transformers)].map(({ on }) => on);
    const pipelines = Object.entries(transformers).flatMap(([name, exported]: [string, unknown]) =>
      typeof exported === 'function' && name.endsWith('Pipeline') ? [exported] : [],
    );
    expect(pipelines.length).toBeGreaterThan(20);
    for (const { name, prototype } of pipelines) {
      const isPatched = patched.some((on) => on === prototype || Object.prototype.isPrototypeOf.call(on, prototype));
      expect(isPatched, name).toBe(true);
    }
  });
});
