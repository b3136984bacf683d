import { describe, expect, it } from 'vitest';
import { type Binding, boundTensors } from './binding.ts';
import type { NamedTensors, Tensor } from './model-data.ts';
import { rowsOfNamedTensors, tensorRows } from './tensor-features.ts';

const tensor = (type: string, dims: readonly number[], data: Tensor['data']): Tensor => ({ type, dims, data });
const noKinds = (): undefined => undefined;

function rows(tensors: NamedTensors, binding: Binding, kinds: Readonly<Record<string, string>> = {}) {
  return tensorRows(tensors, boundTensors(binding), (feature) => kinds[feature]);
}

describe('bound tensors', () => {
  it('are rows: the leading dimension is the batch', () => {
    const X = tensor('float32', [2, 3], Float32Array.of(30, 0, 40, 50, 1, 20));
    expect(rows({ X }, { input: 'X', columns: ['age', null, 'hours'] })).toEqual([
      { age: 30, hours: 40 },
      { age: 50, hours: 20 },
    ]);
  });

  it('of several inputs are side by side', () => {
    const tensors = {
      age: tensor('int64', [2, 1], BigInt64Array.of(30n, 50n)),
      state: tensor('string', [2], ['CA', 'NY']),
      member: tensor('bool', [2], Uint8Array.of(1, 0)),
    };
    expect(rows(tensors, { inputs: { age: 'age', state: 'state', member: 'member' } })).toEqual([
      { age: 30, state: 'CA', member: 1 },
      { age: 50, state: 'NY', member: 0 },
    ]);
  });

  it('that are categories are named, though the model takes codes', () => {
    const X = tensor('float32', [1, 2], Float32Array.of(7, 1));
    expect(rows({ X }, { input: 'X', columns: ['zone', 'on'] }, { zone: 'categorical' })).toEqual([
      { zone: '7', on: 1 },
    ]);
  });

  it.each([
    ['one row of a vector', [3], [{ text: [1, 2, 3] }]],
    ['rows of a matrix', [3, 1], [{ text: [1] }, { text: [2] }, { text: [3] }]],
  ])('that are an embedding are %s', (_, dims, expected) => {
    const tensors = { hidden: tensor('float32', dims, Float32Array.of(1, 2, 3)) };
    expect(rowsOfNamedTensors({ text: tensors.hidden }, ['text'], () => 'embedding')).toEqual(expected);
    expect(rows(tensors, { inputs: { hidden: 'text' } }, { text: 'embedding' })).toEqual(expected);
  });

  it('decode half floats where the runtime holds their bits', () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00, 0x7e00, 0x3555);
    const X = tensor('float16', [1, 6], bits);
    expect(rows({ X }, { input: 'X', columns: ['a', 'b', 'c', 'd', 'e', 'f'] })).toEqual([
      { a: 1, b: -2, c: 2 ** -24, d: Number.POSITIVE_INFINITY, e: Number.NaN, f: expect.closeTo(1 / 3, 3) },
    ]);
  });

  it('that are images become brightness, contrast and size, in either layout', () => {
    // Two pixels, black and white, each grey or in three colours.
    const first = tensor('float32', [1, 3, 1, 2], Float32Array.of(0, 1, 0, 1, 0, 1));
    const last = tensor('float32', [1, 1, 2, 3], Float32Array.of(0, 0, 0, 1, 1, 1));
    const expected = [{ width: 2, height: 1, aspectRatio: 2, brightness: 0.5, contrast: 0.5 }];
    expect(rows({ first }, { image: 'first' })).toEqual(expected);
    expect(rows({ last }, { image: 'last' })).toEqual(expected);
  });

  it('that are texts become what may be told of a text', () => {
    const texts = tensor('string', [2, 1], ['two words', 'ß']);
    expect(rows({ texts }, { text: 'texts' })).toMatchObject([{ length: 9, words: 2 }, { nonAsciiShare: 1 }]);
  });

  it.each([
    [{ input: 'Y', columns: ['age'] }, 'the binding names the tensor "Y", the call has "X"'],
    [{ input: 'X', columns: ['age'] }, 'tensor "X" has 2 columns, the binding names 1'],
    [{ image: 'X' }, 'tensor "X" of 2 x 2 is no batch of images: N x C x H x W or N x H x W x C'],
  ])('%j that are not as the binding says are refused by name', (binding, message) => {
    const X = tensor('float32', [2, 2], Float32Array.of(1, 2, 3, 4));
    expect(() => rows({ X }, binding)).toThrow(message);
  });

  it('need no binding where they are named like features', () => {
    const tensors = { age: tensor('float32', [2], Float32Array.of(1, 2)), mask: tensor('int64', [1], [0n]) };
    expect(rowsOfNamedTensors(tensors, ['age', 'hours'], noKinds)).toEqual([{ age: 1 }, { age: 2 }]);
    expect(rowsOfNamedTensors(tensors, ['hours'], noKinds)).toBeUndefined();
  });
});
