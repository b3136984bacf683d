import type { AutoInstrumentation } from './auto-instrumentation.ts';
import { inferenceHttp } from './inference-http.ts';
import { onnxruntime } from './onnxruntime.ts';
import { sagemaker } from './sagemaker.ts';
import { tensorflowJs } from './tensorflow-js.ts';
import { transformersJs } from './transformers-js.ts';
import { vertexAi } from './vertex-ai.ts';

export const autoInstrumentations = [
  onnxruntime,
  tensorflowJs,
  transformersJs,
  inferenceHttp,
  sagemaker,
  vertexAi,
] as const satisfies readonly AutoInstrumentation[];
