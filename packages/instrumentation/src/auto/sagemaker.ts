import { ML_SYSTEM_NAME_VALUE_AWS_SAGEMAKER } from '@driftline/semantic-conventions';
import { isRecord } from '../is-record.ts';
import { defineAutoInstrumentation, type ModelDescription } from './auto-instrumentation.ts';
import { bytesOf } from './http/body.ts';
import { exported, isObject, prototypeOf } from './module-exports.ts';
import { type Interceptor, patchMethod } from './patched-module.ts';
import { endpointOf, UNKNOWN_ENDPOINT } from './sagemaker-endpoint.ts';
import { sagemakerInputs, sagemakerOutputs } from './wire/sagemaker-payload.ts';
import type { Message } from './wire/message.ts';

/** The trace goes on by headers that `inference-http` adds to what the client sends; they are not part of its signature. */
export const sagemaker = defineAutoInstrumentation({
  name: 'sagemaker',
  system: ML_SYSTEM_NAME_VALUE_AWS_SAGEMAKER,
  watches:
    '`SageMakerRuntimeClient.send` of an `InvokeEndpointCommand` without callback; a model is named after its endpoint, ' +
    'or after the target model where the endpoint has many.',
  modules: [{ name: '@aws-sdk/client-sagemaker-runtime', versions: ['>=3 <4'] }],
  *patches(exports) {
    const client = prototypeOf(exports, 'SageMakerRuntimeClient');
    const command = exported(exports, 'InvokeEndpointCommand');
    if (client === undefined || typeof command !== 'function') return;
    const invocationOf = ([sent, ...others]: readonly unknown[]): Invocation | undefined =>
      sent instanceof command && !others.some((other) => typeof other === 'function') ? invocation(sent) : undefined;
    yield {
      listen: (intercept) => patchMethod(client, 'send', onceEndpointIsKnown(invocationOf, intercept)),
      modelOf: (self, args) => JSON.stringify([knownEndpoint(self).origin, invocationOf(args)]),
      describe: (self, args) => describe(knownEndpoint(self), invocationOf(args)),
    };
  },
});

/** Which model a command asks. */
interface Invocation {
  readonly endpoint: string;
  readonly variant: string | undefined;
  readonly target: string | undefined;
}

const endpoints = new WeakMap<object, URL>();

const knownEndpoint = (client: unknown): URL => (isObject(client) && endpoints.get(client)) || UNKNOWN_ENDPOINT;

/** A client tells its address asynchronously, which its first call would wait for anyway. */
function onceEndpointIsKnown(
  invocationOf: (args: readonly unknown[]) => Invocation | undefined,
  intercept: Interceptor,
): Interceptor {
  return (original, self, args) => {
    if (!isObject(self) || invocationOf(args) === undefined) return Reflect.apply(original, self, args);
    if (endpoints.has(self)) return intercept(original, self, args);
    return endpointOf(self).then((endpoint) => {
      endpoints.set(self, endpoint);
      return intercept(original, self, args);
    });
  };
}

function invocation(command: unknown): Invocation | undefined {
  const { EndpointName, TargetVariant, TargetModel } = inputOf(command);
  if (typeof EndpointName !== 'string') return undefined;
  return { endpoint: EndpointName, variant: textOf(TargetVariant), target: textOf(TargetModel) };
}

function describe({ origin, hostname, port, protocol }: URL, asked: Invocation | undefined): ModelDescription {
  return {
    name: asked?.target?.replace(/\.tar\.gz$/, '') ?? asked?.endpoint,
    version: asked?.variant,
    source: `${origin}/endpoints/${asked?.endpoint}/invocations`,
    remote: { address: hostname, port: Number(port) || (protocol === 'http:' ? 80 : 443) },
    readsInputsLate: true,
    inputs: ([command]) => {
      const { Body, ContentType } = inputOf(command);
      const sent = messageOf(Body, ContentType);
      return sent && sagemakerInputs(sent);
    },
    outputs: (answer) => {
      const { Body, ContentType } = isRecord(answer) ? answer : {};
      const received = messageOf(Body, ContentType);
      return received && sagemakerOutputs(received);
    },
  };
}

function inputOf(command: unknown): Readonly<Record<string, unknown>> {
  return isRecord(command) && isRecord(command['input']) ? command['input'] : {};
}

/** Undefined for streams and what is too long. */
function messageOf(content: unknown, contentType: unknown): Message | undefined {
  const body = bytesOf(content);
  return body && { body, header: (name) => (name === 'content-type' ? textOf(contentType) : undefined) };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
