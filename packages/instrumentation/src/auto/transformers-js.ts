import { ML_OPERATION_NAME_VALUE_EMBED, ML_SYSTEM_NAME_VALUE_TRANSFORMERS_JS } from '@driftline/semantic-conventions';
import { isRecord } from '../is-record.ts';
import type { Prediction } from '../prediction.ts';
import { defineAutoInstrumentation, type ModelDescription } from './auto-instrumentation.ts';
import type { Image, ModelInputs, ModelOutputs, Tensor } from './model-data.ts';
import { exported, isObject, prototypeOf } from './module-exports.ts';

export const transformersJs = defineAutoInstrumentation({
  name: 'transformers-js',
  system: ML_SYSTEM_NAME_VALUE_TRANSFORMERS_JS,
  watches: 'Pipelines, each call one prediction; a model is named after its repository or folder, without the owner.',
  modules: [
    { name: '@huggingface/transformers', versions: ['>=3 <5'] },
    { name: '@xenova/transformers', versions: ['>=2.17 <3'] },
  ],
  *patches(exports) {
    const model = exported(exports, 'PreTrainedModel');
    if (isObject(model)) yield { on: model, method: 'from_pretrained', made: rememberOrigin };
    for (const [className, task] of Object.entries(tasks)) {
      const prototype = prototypeOf(exports, className);
      // A class without a call of its own inherits one that is watched.
      if (prototype === undefined || !Object.hasOwn(prototype, '_call')) continue;
      yield { on: prototype, method: '_call', describe: (pipeline) => describe(pipeline, task) };
    }
  },
});

/** How to read a pipeline of one class. */
interface Task {
  readonly operation?: string;
  readonly inputs?: (given: unknown) => ModelInputs | undefined;
  readonly outputs?: (result: unknown, isBatch: boolean) => ModelOutputs | undefined;
}

/** Where neither is said, as of sounds and generated texts, a call has a span and a latency. */
const tasks: Readonly<Record<string, Task>> = {
  TextClassificationPipeline: { inputs: texts, outputs: rankings },
  ZeroShotClassificationPipeline: { inputs: texts, outputs: rankings },
  TokenClassificationPipeline: { inputs: texts },
  QuestionAnsweringPipeline: { inputs: texts, outputs: rankings },
  FillMaskPipeline: { inputs: texts, outputs: rankings },
  FeatureExtractionPipeline: { operation: ML_OPERATION_NAME_VALUE_EMBED, inputs: texts, outputs: embeddings },
  Text2TextGenerationPipeline: { inputs: texts },
  SummarizationPipeline: { inputs: texts },
  TranslationPipeline: { inputs: texts },
  TextGenerationPipeline: { inputs: texts },
  TextToAudioPipeline: { inputs: texts },
  ImageClassificationPipeline: { inputs: images, outputs: rankings },
  ZeroShotImageClassificationPipeline: { inputs: images, outputs: rankings },
  ImageFeatureExtractionPipeline: { operation: ML_OPERATION_NAME_VALUE_EMBED, inputs: images, outputs: embeddings },
  ObjectDetectionPipeline: { inputs: images },
  ZeroShotObjectDetectionPipeline: { inputs: images },
  ImageSegmentationPipeline: { inputs: images },
  BackgroundRemovalPipeline: { inputs: images },
  DepthEstimationPipeline: { inputs: images },
  ImageToImagePipeline: { inputs: images },
  ImageToTextPipeline: { inputs: images },
  DocumentQuestionAnsweringPipeline: { inputs: images },
  AudioClassificationPipeline: { outputs: rankings },
  ZeroShotAudioClassificationPipeline: { outputs: rankings },
  AutomaticSpeechRecognitionPipeline: {},
};

interface Origin {
  readonly source: string;
  readonly version: string | undefined;
}

/** A model does not keep what it was loaded as. */
const origins = new WeakMap<object, Origin>();

function rememberOrigin(model: unknown, [source, options]: readonly unknown[]): void {
  if (!isObject(model) || typeof source !== 'string') return;
  const revision = isRecord(options) ? options.revision : undefined;
  origins.set(model, { source, version: typeof revision === 'string' && revision !== 'main' ? revision : undefined });
}

function describe(pipeline: unknown, { operation, inputs, outputs }: Task): ModelDescription {
  const model: unknown = isObject(pipeline) ? Reflect.get(pipeline, 'model') : undefined;
  const origin = isObject(model) ? origins.get(model) : undefined;
  return {
    // Not left to the source, which would lose what follows the last dot of `bge-small-en-v1.5`.
    name: origin?.source.split(/[\\/]/).findLast((segment) => segment !== ''),
    version: origin?.version,
    source: origin?.source,
    operation,
    inputs: ([given]) => inputs?.(given),
    outputs: (result, [given]) => outputs?.(result, Array.isArray(given)),
  };
}

function texts(given: unknown): ModelInputs | undefined {
  const all = [given].flat();
  return all.every((text) => typeof text === 'string') ? { texts: all } : undefined;
}

/** Those that are images already: to fetch a URL a second time only to describe it would be too much. */
function images(given: unknown): ModelInputs | undefined {
  const all = [given].flat();
  return all.every(isImage) ? { images: all } : undefined;
}

function isImage(value: unknown): value is Image {
  return isRecord(value) && ['width', 'height', 'channels', 'data'].every((part) => part in value);
}

/** One answer a row, or several of which the likeliest counts. */
function rankings(result: unknown, isBatch: boolean): ModelOutputs {
  const rows = isBatch && Array.isArray(result) ? result : [result];
  return { predictions: rows.flatMap((row) => likeliest([row].flat().flatMap(answersIn)) ?? []) };
}

interface Answer {
  readonly label: unknown;
  readonly score: number;
}

function answersIn(answer: unknown): readonly Answer[] {
  if (!isRecord(answer)) return [];
  const { label, score, labels, scores } = answer;
  // Zero-shot classification of texts answers in two lists.
  if (Array.isArray(scores))
    return scores.map((one, index) => ({ label: Array.isArray(labels) && labels[index], score: one }));
  return typeof score === 'number' ? [{ label, score }] : [];
}

/** Not every pipeline sorts them. */
function likeliest(answers: readonly Answer[]): Prediction | undefined {
  const [first, ...others] = answers;
  if (first === undefined) return undefined;
  const { label, score } = others.reduce((best, answer) => (answer.score > best.score ? answer : best), first);
  return typeof label === 'string' ? { class: label, score } : { score };
}

function embeddings(result: unknown): ModelOutputs | undefined {
  return isTensor(result) ? { tensors: { embedding: result } } : undefined;
}

function isTensor(value: unknown): value is Tensor {
  return isRecord(value) && ['type', 'dims', 'data'].every((part) => part in value);
}
