import { Misuse } from '../faults.ts';
import type { ModelInputs, ModelOutputs, Tensor } from './model-data.ts';
import { isObject } from './module-exports.ts';

/** What a model of TensorFlow.js takes: one tensor, several in the order of `names`, or tensors by name. */
export function inputsOf(given: unknown, names: readonly string[]): ModelInputs {
  return { tensors: Object.fromEntries(named(given, names).map(([name, tensor]) => [name, lazily(name, tensor)])) };
}

/**
 * What it answers, in the same shapes; read before the caller can dispose of it. Where tensors are on a GPU a copy is asked
 * for and comes later: to wait for it would hold up the caller.
 */
export function outputsOf(result: unknown, names: readonly string[]): ModelOutputs | Promise<ModelOutputs> {
  return gpuBackend() === undefined ? inputsOf(result, names) : copied(result, names);
}

/** Of TensorFlow.js: the members that are read. */
interface LibraryTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  data(): Promise<ArrayLike<unknown>>;
  dataSync(): ArrayLike<unknown>;
}

/** The data is read only by who asks for it. */
function lazily(name: string, tensor: LibraryTensor): Tensor {
  return {
    type: tensor.dtype,
    dims: tensor.shape,
    get data() {
      const backend = gpuBackend();
      if (backend === undefined) return tensor.dataSync();
      throw new Misuse(
        `tensor "${name}" is not read, which would hold up ${backend}. Give the features to monitorModel() instead`,
      );
    },
  };
}

/** The name of a backend that cannot be read without waiting for it. */
function gpuBackend(): string | undefined {
  // All copies of the library share one engine, which they keep here.
  const engine: unknown = Reflect.get(globalThis, '_tfengine');
  const backend: unknown = isObject(engine) ? Reflect.get(engine, 'backendName') : undefined;
  return typeof backend !== 'string' || inMainMemory.has(backend) ? undefined : backend;
}

const inMainMemory: ReadonlySet<string> = new Set(['cpu', 'wasm', 'tensorflow']);

async function copied(values: unknown, names: readonly string[]): Promise<ModelOutputs> {
  const copies = named(values, names).map(async ([name, tensor]): Promise<[string, Tensor]> => {
    const { dtype: type, shape: dims } = tensor;
    return [name, { type, dims, data: await tensor.data() }];
  });
  return { tensors: Object.fromEntries(await Promise.all(copies)) };
}

function named(values: unknown, names: readonly string[]): readonly (readonly [string, LibraryTensor])[] {
  if (!isObject(values)) return [];
  const entries: readonly (readonly [string, unknown])[] =
    isTensor(values) || Array.isArray(values)
      ? [values].flat().map((value: unknown, index) => [names[index] ?? String(index), value])
      : Object.entries(values);
  return entries.flatMap(([name, value]) => (isTensor(value) ? [[withoutPort(name), value]] : []));
}

/** `probabilities:0` is the first output of the node `probabilities`. */
const withoutPort = (name: string): string => name.replace(/:\d+$/, '');

function isTensor(value: unknown): value is LibraryTensor {
  return isObject(value) && 'dataSync' in value && 'shape' in value && Array.isArray(value.shape) && 'dtype' in value;
}
