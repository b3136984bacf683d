import { Misuse } from '../faults.ts';
import { isRecord } from '../is-record.ts';

/**
 * Which tensors of a model are its features and its answer: the `binding` of a profile.
 * `{ "input": "X", "columns": ["age", "hours"], "score": "probabilities[1]" }`
 */
export interface Binding {
  /** The model's file, the end of its path or its name, where the profile's name is another. */
  readonly model?: string;
  /** One tensor with a feature in each column; null for a column that is not watched. */
  readonly input?: string;
  readonly columns?: readonly (string | null)[];
  /** Several tensors, each with the feature that it is, or the features of its columns. */
  readonly inputs?: Readonly<Record<string, string | readonly (string | null)[]>>;
  /** A tensor of pixels, N x C x H x W or N x H x W x C: brightness, contrast and size become features. */
  readonly image?: string;
  /** A tensor of texts: length, words and script become features. */
  readonly text?: string;
  /** `probabilities[1]`, `softmax(logits)[1]`, `sigmoid(logit)`; without an index the greatest of a row. */
  readonly score?: string;
  /** A tensor of labels, or one with a column for each class, of which the greatest is meant. */
  readonly class?: string;
  /** The names of labels 0, 1, ... */
  readonly classes?: readonly string[];
  readonly value?: string;
}

/** A binding taken apart. */
export interface BoundTensors {
  readonly model: string | undefined;
  readonly columns: ReadonlyMap<string, string | readonly (string | null)[]>;
  readonly image: string | undefined;
  readonly text: string | undefined;
  readonly score: OutputReference | undefined;
  readonly class: OutputReference | undefined;
  readonly classes: readonly string[];
  readonly value: OutputReference | undefined;
}

export interface OutputReference {
  readonly tensor: string;
  readonly column: number | undefined;
  readonly link: 'softmax' | 'sigmoid' | undefined;
}

/** Throws a Misuse that names the part, its value and the way out. */
export function boundTensors(binding: unknown): BoundTensors {
  if (!isRecord(binding) || Array.isArray(binding)) throw refused('', binding, 'an object is needed');
  const unknown = Object.keys(binding).find((key) => !knownParts.includes(key));
  if (unknown !== undefined) throw refused(unknown, binding[unknown], `known parts: ${knownParts.join(', ')}`);
  const { model, image, text } = binding;
  return {
    model: optionalText('model', model),
    columns: columnsOf(binding),
    image: optionalText('image', image),
    text: optionalText('text', text),
    score: outputReference('score', binding['score']),
    class: outputReference('class', binding['class']),
    classes:
      binding['classes'] === undefined ? [] : names('classes', binding['classes']).filter((name) => name !== null),
    value: outputReference('value', binding['value']),
  };
}

const knownParts: readonly string[] = [
  'model',
  'input',
  'columns',
  'inputs',
  'image',
  'text',
  'score',
  'class',
  'classes',
  'value',
] satisfies readonly (keyof Binding)[];

function columnsOf({ input, columns, inputs }: Readonly<Record<string, unknown>>): BoundTensors['columns'] {
  const bound = new Map<string, string | readonly (string | null)[]>();
  if (input !== undefined || columns !== undefined) {
    if (typeof input !== 'string')
      throw refused('input', input, 'the name of the tensor that has the columns is needed');
    bound.set(input, names('columns', columns));
  }
  if (inputs === undefined) return bound;
  if (!isRecord(inputs)) throw refused('inputs', inputs, 'an object of tensors and their features is needed');
  for (const [tensor, features] of Object.entries(inputs)) {
    bound.set(tensor, typeof features === 'string' ? features : names(`inputs.${tensor}`, features));
  }
  return bound;
}

function outputReference(part: string, reference: unknown): OutputReference | undefined {
  const text = optionalText(part, reference);
  if (text === undefined) return undefined;
  const [, link, linked, plain, column] = /^(?:(softmax|sigmoid)\((.+)\)|(.+?))(?:\[(\d+)\])?$/.exec(text) ?? [];
  const tensor = linked ?? plain;
  if (tensor === undefined) throw refused(part, reference, 'a tensor is needed, such as "probabilities[1]"');
  return {
    tensor,
    column: column === undefined ? undefined : Number(column),
    link: link === 'softmax' || link === 'sigmoid' ? link : undefined,
  };
}

function optionalText(part: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw refused(part, value, 'a name is needed');
}

function names(part: string, value: unknown): readonly (string | null)[] {
  if (Array.isArray(value) && value.every((name) => typeof name === 'string' || name === null)) return value;
  throw refused(part, value, 'a list of names is needed');
}

function refused(part: string, value: unknown, wayOut: string): Misuse {
  const shown = JSON.stringify(value) ?? String(value);
  return new Misuse(`binding${part === '' ? '' : `.${part}`} is ${shown.slice(0, 80)}: ${wayOut}`);
}
