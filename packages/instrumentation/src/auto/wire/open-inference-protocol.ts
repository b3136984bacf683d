import { ML_SYSTEM_NAME_VALUE_KSERVE } from '@driftline/semantic-conventions';
import type { NamedTensors, Tensor } from '../model-data.ts';
import { binaryTensor } from './binary-tensor.ts';
import { isObject, type JsonObject, parseObject } from './json.ts';
import { elementCount, flat } from './json-tensor.ts';
import type { Message } from './message.ts';
import { defineWireProtocol } from './wire-protocol.ts';

/** https://github.com/kserve/open-inference-protocol, with Triton's binary tensors. */
export const openInferenceProtocol = defineWireProtocol({
  name: 'open-inference-protocol',
  system: ML_SYSTEM_NAME_VALUE_KSERVE,
  asks: '`/v2/models/{name}[/versions/{version}]/infer`: KServe, Triton, MLServer, ...',
  modelAt(path) {
    const [, name, version] = /\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?\/infer$/.exec(path) ?? [];
    if (name === undefined) return undefined;
    return version === undefined ? { name } : { name, version };
  },
  inputs: (request) => ({ tensors: tensorsIn(request, 'inputs') }),
  outputs: (response) => ({ tensors: tensorsIn(response, 'outputs') }),
});

/** The protocol's names beside those that everybody else uses. */
const typeNames: Readonly<Record<string, string>> = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  BF16: 'bfloat16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
};

/** Binary tensors follow the JSON, in the order in which the JSON tells their sizes. */
function tensorsIn(message: Message, list: 'inputs' | 'outputs'): NamedTensors {
  const jsonLength = lengthOfJson(message);
  const told = parseObject(message.body.subarray(0, jsonLength))[list];
  if (!Array.isArray(told)) throw new TypeError(`${list} is no array`);
  const tensors: Record<string, Tensor> = Object.create(null);
  let offset = jsonLength;
  for (const one of told) {
    const { name, type, dims, size, data } = readTensor(one);
    if (size === undefined) {
      // A response may leave out what it puts into shared memory.
      if (data !== undefined) tensors[name] = { type, dims, data: sized(flat(data), dims) };
      continue;
    }
    if (offset + size > message.body.length) throw new TypeError(`the body ends before its tensors do`);
    tensors[name] = { type, dims, data: sized(binaryTensor(type, message.body.subarray(offset, offset + size)), dims) };
    offset += size;
  }
  return tensors;
}

function lengthOfJson({ body, header }: Message): number {
  const told = header('inference-header-content-length');
  if (told === undefined) return body.length;
  const length = Number(told);
  if (Number.isInteger(length) && length >= 0 && length <= body.length) return length;
  throw new TypeError('Inference-Header-Content-Length is no length within the body');
}

function readTensor(one: unknown) {
  if (!isObject(one)) throw new TypeError('a tensor is no object');
  const { name, datatype, shape, data } = one;
  if (typeof name !== 'string') throw new TypeError('a tensor has no name');
  const type = typeof datatype === 'string' ? typeNames[datatype] : undefined;
  if (type === undefined) throw new TypeError(`datatype is none of ${Object.keys(typeNames).join(', ')}`);
  if (!isShape(shape)) throw new TypeError('shape is no array of lengths');
  if (data !== undefined && !Array.isArray(data)) throw new TypeError('data is no array');
  return { name, type, dims: shape, size: binarySize(one), data };
}

function isShape(shape: unknown): shape is readonly number[] {
  return Array.isArray(shape) && shape.every((dim) => Number.isSafeInteger(dim) && dim >= 0);
}

function binarySize({ parameters }: JsonObject): number | undefined {
  const size = isObject(parameters) ? parameters['binary_data_size'] : undefined;
  if (size === undefined) return undefined;
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size;
  throw new TypeError('binary_data_size is no size');
}

function sized<Data extends ArrayLike<unknown>>(data: Data, dims: readonly number[]): Data {
  if (data.length === elementCount(dims)) return data;
  throw new TypeError('a tensor has more or fewer values than its shape says');
}
