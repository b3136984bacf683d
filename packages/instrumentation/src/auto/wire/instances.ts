import type { Prediction } from '../../prediction.ts';
import type { ModelInputs, ModelOutputs, NamedTensors, Tensor } from '../model-data.ts';
import { isObject, type JsonObject } from './json.ts';
import { jsonTensor } from './json-tensor.ts';

/** How a lone tensor is called, which the row and column formats leave nameless. */
const NAMELESS_INPUT = 'inputs';
const NAMELESS_OUTPUT = 'outputs';

/** The row format: `[[39, 13], [50, 9]]`, `[{ age: 39, hours: 13 }]`, or objects of tensors. */
export function inputInstances(instances: unknown): ModelInputs {
  const list = listOf(instances, 'instances');
  const objects = objectsIn(list);
  if (objects === undefined) return { tensors: { [NAMELESS_INPUT]: jsonTensor(list) } };
  const rows = objects.map(scalarsOf);
  return rows.every((row) => row !== undefined) ? { rows } : { tensors: stacked(objects) };
}

/** `[0.7, 0.2]`, `[[0.3, 0.7]]`, objects of tensors, or `{ score, predicted_label }` as SageMaker's own models answer. */
export function outputInstances(predictions: unknown): ModelOutputs {
  const list = listOf(predictions, 'predictions');
  const objects = objectsIn(list);
  if (objects === undefined) return { tensors: { [NAMELESS_OUTPUT]: jsonTensor(list) } };
  return objects.every(isScored) ? { predictions: objects.map(scored) } : { tensors: stacked(objects) };
}

/** The column format: one nameless tensor, or tensors by name. */
export function inputColumns(inputs: unknown): ModelInputs {
  return { tensors: columns(inputs, NAMELESS_INPUT) };
}

export function outputColumns(outputs: unknown): ModelOutputs {
  return { tensors: columns(outputs, NAMELESS_OUTPUT) };
}

function columns(value: unknown, nameless: string): NamedTensors {
  if (!isObject(value) || isBytes(value)) return { [nameless]: jsonTensor(value) };
  return Object.fromEntries(Object.entries(value).map(([name, tensor]) => [name, jsonTensor(tensor)]));
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError(`${name} is no array`);
}

function objectsIn(list: readonly unknown[]): readonly JsonObject[] | undefined {
  return list.length > 0 && list.every((one): one is JsonObject => isObject(one) && !isBytes(one)) ? list : undefined;
}

/** A feature may stand in an array of one. Undefined where an input is a tensor of its own. */
function scalarsOf(instance: JsonObject): JsonObject | undefined {
  const entries = Object.entries(instance).map(([name, value]): [string, unknown] => [
    name,
    Array.isArray(value) && value.length === 1 ? value[0] : value,
  ]);
  return entries.some(([, value]) => typeof value === 'object' && value !== null)
    ? undefined
    : Object.fromEntries(entries);
}

/** One tensor a name, its leading dimension the instances. */
function stacked(instances: readonly JsonObject[]): NamedTensors {
  const tensors: Record<string, Tensor> = Object.create(null);
  for (const name of Object.keys(instances[0] ?? {})) tensors[name] = jsonTensor(instances.map((one) => one[name]));
  return tensors;
}

/** How TensorFlow Serving and Vertex AI write bytes. */
function isBytes(value: JsonObject): boolean {
  return typeof value['b64'] === 'string' && Object.keys(value).length === 1;
}

const LABELS = ['predicted_label', 'predicted_class', 'label', 'class'];

function isScored(one: JsonObject): one is JsonObject & { readonly score: number } {
  return typeof one['score'] === 'number';
}

function scored({ score, ...one }: JsonObject & { readonly score: number }): Prediction {
  const label = LABELS.map((name) => one[name]).find((value) => typeof value === 'string' || typeof value === 'number');
  return label === undefined ? { score } : { class: String(label), score };
}
