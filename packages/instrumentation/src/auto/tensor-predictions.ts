import { Misuse } from '../faults.ts';
import type { PredictionParts } from '../prediction.ts';
import type { BoundTensors, OutputReference } from './binding.ts';
import type { NamedTensors } from './model-data.ts';
import { numberReader, valueReader, widthOf } from './tensor-values.ts';

/**
 * What a binding finds in a model's outputs, one prediction a row. Outputs that were not asked for, or that the runtime
 * cannot hand over as a tensor (scikit-learn's ZipMap), are left out. Throws a Misuse where none of them is there or one
 * is not as the binding says.
 */
export function tensorPredictions(
  tensors: NamedTensors,
  binding: BoundTensors,
  rows: number,
): readonly PredictionParts[] {
  const references = [binding.value, binding.score, binding.class].filter((reference) => reference !== undefined);
  if (references.length === 0) return [];
  if (!references.some(({ tensor }) => Object.hasOwn(tensors, tensor))) {
    const wanted = references.map(({ tensor }) => `"${tensor}"`).join(', ');
    const known = Object.keys(tensors).map((name) => `"${name}"`);
    throw new Misuse(`the binding names the tensors ${wanted}, the answer has ${known.join(', ') || 'none'}`);
  }
  const value = binding.value && numberOf(tensors, binding.value, rows);
  const score = binding.score && numberOf(tensors, binding.score, rows);
  const label = binding.class && labelOf(tensors, binding.class, binding.classes, rows);
  return Array.from({ length: rows }, (_, row) => ({
    value: value?.(row),
    class: label?.(row),
    score: score?.(row),
  }));
}

type OfRow<Value> = (row: number) => Value;

function numberOf(tensors: NamedTensors, reference: OutputReference, rows: number): OfRow<number> | undefined {
  const output = outputOf(tensors, reference, rows);
  if (output === undefined) return undefined;
  const { read, width, values } = output;
  const { column, link } = reference;
  if (link === undefined && (width === 1 || column !== undefined)) return (row) => read(row * width + (column ?? 0));
  if (column === undefined) return (row) => Math.max(...values(row));
  return (row) => values(row)[column] ?? Number.NaN;
}

interface Output {
  readonly read: (index: number) => number;
  readonly width: number;
  /** A row's, after the link function. */
  readonly values: OfRow<readonly number[]>;
}

function outputOf(
  tensors: NamedTensors,
  { tensor: name, column, link }: OutputReference,
  rows: number,
): Output | undefined {
  const tensor = tensors[name];
  if (tensor === undefined) return undefined;
  const width = widthOf(name, tensor, rows);
  if (column !== undefined && column >= width) {
    throw new Misuse(`tensor "${name}" has ${width} columns, the binding names column ${column}, counted from 0`);
  }
  const read = numberReader(tensor);
  const values: OfRow<readonly number[]> = (row) => Array.from({ length: width }, (_, at) => read(row * width + at));
  if (link === undefined) return { read, width, values };
  return { read, width, values: (row) => (link === 'softmax' ? softmax(values(row)) : values(row).map(sigmoid)) };
}

function labelOf(
  tensors: NamedTensors,
  reference: OutputReference,
  classes: readonly string[],
  rows: number,
): OfRow<string> | undefined {
  const tensor = tensors[reference.tensor];
  if (tensor === undefined) return undefined;
  const width = widthOf(reference.tensor, tensor, rows);
  const read = valueReader(tensor);
  const named = (label: unknown): string => (typeof label === 'number' ? classes[label] : undefined) ?? String(label);
  if (width === 1) return (row) => named(read(row));
  const output = outputOf(tensors, reference, rows);
  return output && ((row) => named(greatest(output.values(row))));
}

function greatest(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? Number.NaN) ? index : best), 0);
}

function softmax(values: readonly number[]): readonly number[] {
  const greatestValue = Math.max(...values);
  const exponentials = values.map((value) => Math.exp(value - greatestValue));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
