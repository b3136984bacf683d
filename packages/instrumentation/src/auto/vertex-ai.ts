import { ML_SYSTEM_NAME_VALUE_GCP_VERTEX_AI } from '@driftline/semantic-conventions';
import { isRecord } from '../is-record.ts';
import { defineAutoInstrumentation, type ModelDescription } from './auto-instrumentation.ts';
import { exported, isObject, prototypeOf } from './module-exports.ts';
import { inputInstances, outputInstances } from './wire/instances.ts';
import { protobufValue } from './wire/protobuf-value.ts';

export const vertexAi = defineAutoInstrumentation({
  name: 'vertex-ai',
  system: ML_SYSTEM_NAME_VALUE_GCP_VERTEX_AI,
  watches: '`PredictionServiceClient.predict` without callback; a model is named after its endpoint.',
  modules: [{ name: '@google-cloud/aiplatform', versions: ['>=3 <8'] }],
  *patches(exports) {
    for (const version of ['v1', 'v1beta1']) {
      const api = exported(exports, version);
      const client = isObject(api) ? prototypeOf(api, 'PredictionServiceClient') : undefined;
      if (client !== undefined) yield { on: client, method: 'predict', modelOf, describe };
    }
  },
});

function modelOf(self: unknown, args: readonly unknown[]): string | undefined {
  const endpoint = endpointOf(args);
  if (endpoint === undefined || args.some((arg) => typeof arg === 'function')) return undefined;
  const { address, port } = serverOf(self);
  return `${address}:${port}/${endpoint}`;
}

function describe(self: unknown, args: readonly unknown[]): ModelDescription {
  const endpoint = endpointOf(args);
  const server = serverOf(self);
  return {
    name: endpoint?.split('/').at(-1),
    source: `https://${server.address}/v1/${endpoint}:predict`,
    remote: server,
    readsInputsLate: true,
    inputs: ([request]) => (isRecord(request) ? inputInstances(valuesOf(request['instances'])) : undefined),
    outputs: (answer) => {
      const response: unknown = Array.isArray(answer) ? answer[0] : undefined;
      return isRecord(response) ? outputInstances(valuesOf(response['predictions'])) : undefined;
    },
    // gRPC's metadata, or HTTP's headers with `fallback: true`.
    withHeaders: ([request, options, ...others], headers) => {
      const otherArgs = isRecord(options) && isRecord(options['otherArgs']) ? options['otherArgs'] : {};
      const sent = isRecord(otherArgs['headers']) ? otherArgs['headers'] : {};
      const extended = { ...otherArgs, headers: { ...headers, ...sent } };
      return [request, { ...(isRecord(options) ? options : {}), otherArgs: extended }, ...others];
    },
  };
}

/** `projects/{project}/locations/{location}/endpoints/{endpoint}` */
function endpointOf([request]: readonly unknown[]): string | undefined {
  const endpoint = isRecord(request) ? request['endpoint'] : undefined;
  return typeof endpoint === 'string' ? endpoint : undefined;
}

function serverOf(client: unknown): { readonly address: string; readonly port: number } {
  const options: unknown = isObject(client) ? Reflect.get(client, '_opts') : undefined;
  const { servicePath, port } = isRecord(options) ? options : {};
  return {
    address: typeof servicePath === 'string' ? servicePath : 'aiplatform.googleapis.com',
    port: typeof port === 'number' ? port : 443,
  };
}

function valuesOf(values: unknown): unknown {
  return Array.isArray(values) ? values.map((value) => protobufValue(value)) : values;
}
