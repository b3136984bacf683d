import { ML_SYSTEM_NAME_VALUE_GCP_VERTEX_AI } from '@driftline/semantic-conventions';
import { inputInstances, outputInstances } from './instances.ts';
import { parseObject } from './json.ts';
import { defineWireProtocol } from './wire-protocol.ts';

/** https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/predict */
export const vertexAiRest = defineWireProtocol({
  name: 'vertex-ai',
  system: ML_SYSTEM_NAME_VALUE_GCP_VERTEX_AI,
  asks: '`/v1/projects/{project}/locations/{location}/endpoints/{endpoint}:predict`',
  modelAt(path) {
    const [, name] = /\/projects\/[^/]+\/locations\/[^/]+\/endpoints\/([^/:]+):predict$/.exec(path) ?? [];
    return name === undefined ? undefined : { name };
  },
  inputs: ({ body }) => inputInstances(parseObject(body)['instances']),
  outputs: ({ body }) => outputInstances(parseObject(body)['predictions']),
});
