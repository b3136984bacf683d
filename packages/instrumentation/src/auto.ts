import type { Instrumentation } from '@opentelemetry/instrumentation';
import { autoInstrumentations } from './auto/index.ts';
import { type InstrumentationClass, instrumentationClass } from './auto/instrument/instrumentation-class.ts';
import type { AutoInstrumentationConfig } from './auto/instrument/settings.ts';
import { inferenceHttp } from './auto/inference-http.ts';
import { onnxruntime } from './auto/onnxruntime.ts';
import { sagemaker } from './auto/sagemaker.ts';
import { tensorflowJs } from './auto/tensorflow-js.ts';
import { transformersJs } from './auto/transformers-js.ts';
import { vertexAi } from './auto/vertex-ai.ts';

export * from './auto-module.ts';
export type { InstrumentationClass } from './auto/instrument/instrumentation-class.ts';

export const OnnxRuntimeInstrumentation: InstrumentationClass = instrumentationClass(onnxruntime);
export const TensorFlowJsInstrumentation: InstrumentationClass = instrumentationClass(tensorflowJs);
export const TransformersJsInstrumentation: InstrumentationClass = instrumentationClass(transformersJs);
export const InferenceHttpInstrumentation: InstrumentationClass = instrumentationClass(inferenceHttp);
export const SageMakerInstrumentation: InstrumentationClass = instrumentationClass(sagemaker);
export const VertexAiInstrumentation: InstrumentationClass = instrumentationClass(vertexAi);

/** All of them, for `registerInstrumentations` or the `instrumentations` of an SDK. */
export function driftlineInstrumentations(
  config: AutoInstrumentationConfig = {},
): Instrumentation<AutoInstrumentationConfig>[] {
  return autoInstrumentations.map((definition) => new (instrumentationClass(definition))(config));
}
