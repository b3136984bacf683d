import type { Instrumentation } from '@opentelemetry/instrumentation';
import { autoInstrumentations } from './auto/index.ts';
import { type InstrumentationClass, instrumentationClass } from './auto/instrument/instrumentation-class.ts';
import type { AutoInstrumentationConfig } from './auto/instrument/settings.ts';
import { onnxruntime } from './auto/onnxruntime.ts';

export * from './auto-module.ts';
export type { InstrumentationClass } from './auto/instrument/instrumentation-class.ts';

export const OnnxRuntimeInstrumentation: InstrumentationClass = instrumentationClass(onnxruntime);

/** All of them, for `registerInstrumentations` or the `instrumentations` of an SDK. */
export function driftlineInstrumentations(
  config: AutoInstrumentationConfig = {},
): readonly Instrumentation<AutoInstrumentationConfig>[] {
  return autoInstrumentations.map((definition) => new (instrumentationClass(definition))(config));
}
