import type { AutoInstrumentation } from './auto-instrumentation.ts';
import { onnxruntime } from './onnxruntime.ts';

export const autoInstrumentations = [onnxruntime] as const satisfies readonly AutoInstrumentation[];
