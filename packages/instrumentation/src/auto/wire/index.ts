import { openInferenceProtocol } from './open-inference-protocol.ts';
import { tensorflowServing } from './tensorflow-serving.ts';
import { vertexAiRest } from './vertex-ai.ts';
import type { WireProtocol } from './wire-protocol.ts';

export const wireProtocols = [
  openInferenceProtocol,
  tensorflowServing,
  vertexAiRest,
] as const satisfies readonly WireProtocol[];
