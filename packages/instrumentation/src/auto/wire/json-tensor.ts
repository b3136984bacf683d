import type { Tensor } from '../model-data.ts';

/** Deeper nesting is no model's input, and flattening follows the depth. */
const MAX_RANK = 16;

/** The type by which the data of JSON can be told. */
const typeNames: Readonly<Record<string, string>> = { number: 'float64', string: 'string', boolean: 'bool' };

/** `[[1, 2], [3, 4]]` has dims `[2, 2]`, a lone number has none. Throws a TypeError where rows differ in length. */
export function jsonTensor(nested: unknown): Tensor {
  const dims = dimsOf(nested);
  const data = flattened(nested, dims);
  return { type: typeNames[typeof data.find((value) => value !== null)] ?? 'unknown', dims, data };
}

/** What `nested` holds, in row-major order, however it is nested: for tensors that tell their shape themselves. */
export function flat(nested: readonly unknown[]): readonly unknown[] {
  return nested.flat(MAX_RANK);
}

export const elementCount = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);

function dimsOf(nested: unknown): readonly number[] {
  const dims: number[] = [];
  for (let inner = nested; Array.isArray(inner); inner = inner[0]) {
    if (dims.push(inner.length) > MAX_RANK) throw new TypeError(`arrays are nested deeper than ${MAX_RANK}`);
  }
  return dims;
}

function flattened(nested: unknown, [dim, ...inner]: readonly number[]): readonly unknown[] {
  if (dim === undefined) {
    if (Array.isArray(nested)) throw new TypeError('an array stands where its neighbours are values');
    return [nested];
  }
  if (!Array.isArray(nested) || nested.length !== dim) throw new TypeError('nested arrays differ in length');
  return inner.length === 0 && !nested.some(Array.isArray) ? nested : nested.flatMap((one) => flattened(one, inner));
}
