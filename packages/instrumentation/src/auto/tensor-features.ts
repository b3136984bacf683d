import { Misuse } from '../faults.ts';
import { textFeatures } from '../text-features.ts';
import type { BoundTensors } from './binding.ts';
import { imageTensorFeatures } from './image-features.ts';
import type { NamedTensors, Tensor } from './model-data.ts';
import { batchOf, valueReader, widthOf } from './tensor-values.ts';

type Row = Record<string, unknown>;
/** Of a feature, where something says it. */
export type KindOf = (feature: string) => string | undefined;

/** The rows that a binding finds in the tensors. Throws a Misuse that names the tensor where they are not as it says. */
export function tensorRows(tensors: NamedTensors, binding: BoundTensors, kindOf: KindOf): readonly Row[] {
  const rows = emptyRows(boundRows(tensors, binding, kindOf));
  for (const [name, features] of binding.columns) {
    const tensor = tensorNamed(tensors, name);
    if (typeof features === 'string') fillFeature(rows, { name, tensor }, features, kindOf);
    else fillColumns(rows, { name, tensor }, features, kindOf);
  }
  const { image, text } = binding;
  if (image !== undefined) merge(rows, image, imageTensorFeatures(image, tensorNamed(tensors, image)));
  if (text !== undefined) merge(rows, text, textsIn(tensorNamed(tensors, text)).map(textFeatures));
  return rows;
}

/** Without a binding: tensors that are named like features are these features. */
export function rowsOfNamedTensors(
  tensors: NamedTensors,
  features: readonly string[],
  kindOf: KindOf,
): readonly Row[] | undefined {
  const found = features.filter((feature) => Object.hasOwn(tensors, feature));
  if (found.length === 0) return undefined;
  const rows = emptyRows(Math.max(...found.map((name) => rowsIn(tensorNamed(tensors, name), kindOf(name)))));
  for (const name of found) fillFeature(rows, { name, tensor: tensorNamed(tensors, name) }, name, kindOf);
  return rows;
}

interface Named {
  readonly name: string;
  readonly tensor: Tensor;
}

/** Rows in the batch, as far as the binding says where: else 0. */
export function boundRows(tensors: NamedTensors, { columns, image, text }: BoundTensors, kindOf: KindOf): number {
  for (const [name, features] of columns) {
    const tensor = tensorNamed(tensors, name);
    return typeof features === 'string' ? rowsIn(tensor, kindOf(features)) : batchOf(tensor);
  }
  const other = image ?? text;
  if (other === undefined) return 0;
  const tensor = tensorNamed(tensors, other);
  return image !== undefined && tensor.dims.length === 3 ? 1 : batchOf(tensor);
}

/** A tensor that is one feature has a value in each row, unless the vector is the value. */
function rowsIn({ dims }: Tensor, kind: string | undefined): number {
  return dims.length === 1 && kind === 'embedding' ? 1 : (dims[0] ?? 1);
}

function fillFeature(rows: readonly Row[], { name, tensor }: Named, feature: string, kindOf: KindOf): void {
  const width = widthOf(name, tensor, rows.length);
  const kind = kindOf(feature);
  const read = valueReader(tensor);
  const as = asKind(tensor, kind);
  rows.forEach((row, index) => {
    row[feature] =
      width === 1 && kind !== 'embedding'
        ? as(read(index))
        : Array.from({ length: width }, (_, offset) => read(index * width + offset));
  });
}

function fillColumns(
  rows: readonly Row[],
  { name, tensor }: Named,
  features: readonly (string | null)[],
  kindOf: KindOf,
): void {
  const width = widthOf(name, tensor, rows.length);
  if (width !== features.length) {
    throw new Misuse(`tensor "${name}" has ${width} columns, the binding names ${features.length}`);
  }
  const read = valueReader(tensor);
  const columns = features.flatMap((feature, column) =>
    feature === null ? [] : [{ feature, column, as: asKind(tensor, kindOf(feature)) }],
  );
  rows.forEach((row, index) => {
    for (const { feature, column, as } of columns) row[feature] = as(read(index * width + column));
  });
}

/** A category is a name, also where the model takes a code for it. */
function asKind({ type }: Tensor, kind: string | undefined): (value: unknown) => unknown {
  if (kind === 'categorical') return String;
  return type === 'bool' ? Number : itself;
}

const itself = (value: unknown): unknown => value;

function textsIn({ data }: Tensor): readonly string[] {
  return Array.from(data, String);
}

function merge(rows: readonly Row[], name: string, features: readonly object[]): void {
  if (features.length !== rows.length) {
    throw new Misuse(`tensor "${name}" has ${features.length} rows, the others have ${rows.length}`);
  }
  rows.forEach((row, index) => Object.assign(row, features[index]));
}

function tensorNamed(tensors: NamedTensors, name: string): Tensor {
  const tensor = tensors[name];
  if (tensor !== undefined) return tensor;
  const known = Object.keys(tensors).map((other) => `"${other}"`);
  throw new Misuse(`the binding names the tensor "${name}", the call has ${known.join(', ') || 'none'}`);
}

const emptyRows = (length: number): readonly Row[] => Array.from({ length }, () => ({}));
