export { autoInstrumentations } from './auto/index.ts';
export type { AutoInstrumentation } from './auto/auto-instrumentation.ts';
export { type Binding, boundTensors } from './auto/binding.ts';
export { type ImageFeatures, imageFeatures, imageTensorFeatures } from './auto/image-features.ts';
export { type InstrumentedModule, instrumentModule } from './auto/instrument/instrument-module.ts';
export type { AutoInstrumentationConfig, WatchedModelConfig } from './auto/instrument/settings.ts';
export type { Image, ModelInputs, ModelOutputs, NamedTensors, Tensor } from './auto/model-data.ts';
export { onnxruntime } from './auto/onnxruntime.ts';
