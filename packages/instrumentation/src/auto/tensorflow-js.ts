import { ML_SYSTEM_NAME_VALUE_TENSORFLOW_JS } from '@driftline/semantic-conventions';
import { defineAutoInstrumentation, type ModelDescription, type WatchedMethod } from './auto-instrumentation.ts';
import { isObject, prototypeOf } from './module-exports.ts';
import { inputsOf, outputsOf } from './tensorflow-js-tensors.ts';

export const tensorflowJs = defineAutoInstrumentation({
  name: 'tensorflow-js',
  system: ML_SYSTEM_NAME_VALUE_TENSORFLOW_JS,
  watches:
    '`predict` and `predictOnBatch` of layers models; `predict`, `execute` and their asynchronous twins of graph models. A layers model has the name it was trained under, a graph model that of its folder.',
  modules: [
    { name: '@tensorflow/tfjs', versions: ['>=3 <5'] },
    // Where its classes come from, also those of `@tensorflow/tfjs-node`.
    { name: '@tensorflow/tfjs-layers', versions: ['>=3 <5'] },
    { name: '@tensorflow/tfjs-converter', versions: ['>=3 <5'] },
  ],
  *patches(exports) {
    if (hasOwnFunction(exports, 'loadLayersModel'))
      yield { on: exports, method: 'loadLayersModel', made: rememberSource };
    yield* watched(exports, 'LayersModel', ['predict', 'predictOnBatch'], describeLayersModel);
    yield* watched(exports, 'Sequential', ['predict', 'predictOnBatch'], describeLayersModel);
    // The first of version 3 has no predictAsync.
    yield* watched(exports, 'GraphModel', ['predict', 'predictAsync', 'execute', 'executeAsync'], describeGraphModel);
  },
});

function* watched(
  exports: object,
  className: string,
  methods: readonly string[],
  describe: WatchedMethod['describe'],
): Iterable<WatchedMethod> {
  const prototype = prototypeOf(exports, className);
  if (prototype === undefined) return;
  for (const method of methods) if (Reflect.has(prototype, method)) yield { on: prototype, method, describe };
}

/** Not so where it is re-exported by a getter; that reads what was patched where it comes from. */
function hasOwnFunction(exports: object, name: string): boolean {
  return typeof Reflect.getOwnPropertyDescriptor(exports, name)?.value === 'function';
}

/** A layers model does not keep where it was loaded from. */
const sources = new WeakMap<object, string>();

function rememberSource(model: unknown, [source]: readonly unknown[]): void {
  const path = pathOf(source);
  if (isObject(model) && path !== undefined) sources.set(model, path);
}

function describeLayersModel(model: unknown): ModelDescription {
  const source = isObject(model) ? sources.get(model) : undefined;
  const name = textOf(model, 'name');
  return {
    // `sequential_3` was counted up: after the next deployment another model may be called so.
    name:
      source !== undefined && name !== undefined && /^(?:sequential|model|functional)_?\d*$/.test(name)
        ? undefined
        : name,
    source,
    inputNames: layersOf(model, 'inputs'),
    inputs: ([given]) => inputsOf(given, layersOf(model, 'inputs')),
    outputs: (result) => outputsOf(result, layersOf(model, 'outputs')),
  };
}

function describeGraphModel(model: unknown): ModelDescription {
  return {
    source: pathOf(valueOf(model, 'modelUrl')),
    inputNames: textsOf(valueOf(model, 'inputNodes')),
    inputs: ([given]) => inputsOf(given, textsOf(valueOf(model, 'inputNodes'))),
    outputs: (result, [, wanted]) => {
      const named = typeof wanted === 'string' ? [wanted] : textsOf(wanted);
      return outputsOf(result, named.length > 0 ? named : textsOf(valueOf(model, 'outputNodes')));
    },
  };
}

/** Of the layers, as the model's author named them; empty before a sequential model was built. */
function layersOf(model: unknown, side: 'inputs' | 'outputs'): readonly string[] {
  const symbolic = valueOf(model, side);
  return Array.isArray(symbolic) ? textsOf(symbolic.map((one) => valueOf(valueOf(one, 'sourceLayer'), 'name'))) : [];
}

/** Of what models are loaded by: a URL, or a handler for files that has it. */
function pathOf(source: unknown): string | undefined {
  return typeof source === 'string' ? source : textOf(source, 'path');
}

function valueOf(target: unknown, property: string): unknown {
  return isObject(target) ? Reflect.get(target, property) : undefined;
}

function textOf(target: unknown, property: string): string | undefined {
  const value = valueOf(target, property);
  return typeof value === 'string' ? value : undefined;
}

function textsOf(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
}
