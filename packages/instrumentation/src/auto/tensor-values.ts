import { Misuse } from '../faults.ts';
import type { Tensor } from './model-data.ts';

/** One value of a tensor as JavaScript has it: 64-bit integers as numbers, half floats decoded, booleans as such. */
export function valueReader({ type, data }: Tensor): (index: number) => unknown {
  if (type === 'int64' || type === 'uint64') return (index) => Number(data[index]);
  if (type === 'bool') return (index) => Boolean(data[index]);
  // Runtimes without Float16Array hold the bits.
  if (type === 'float16' && data instanceof Uint16Array) return (index) => halfFloat(data[index] ?? 0);
  return (index) => data[index];
}

export function numberReader(tensor: Tensor): (index: number) => number {
  const read = valueReader(tensor);
  return (index) => Number(read(index));
}

/** Rows in the batch: the leading dimension. A vector is a row, unless of texts. */
export function batchOf({ dims, type }: Tensor): number {
  return dims.length > 1 || (dims.length === 1 && type === 'string') ? (dims[0] ?? 1) : 1;
}

/** Values to a row; throws a Misuse where they do not divide. */
export function widthOf(name: string, { data }: Tensor, rows: number): number {
  const width = data.length / rows;
  if (Number.isInteger(width)) return width;
  throw new Misuse(`tensor "${name}" has ${data.length} values, which are no ${rows} rows`);
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
