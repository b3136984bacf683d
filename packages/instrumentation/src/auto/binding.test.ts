import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundTensors } from './binding.ts';

describe('a binding', () => {
  it('of the README names a tensor of columns and a column of probabilities', () => {
    expect(boundTensors({ input: 'X', columns: ['age', 'hours'], score: 'probabilities[1]' })).toMatchObject({
      columns: new Map([['X', ['age', 'hours']]]),
      score: { tensor: 'probabilities', column: 1, link: undefined },
    });
  });

  it('may bind several tensors, one of them a single feature', () => {
    const { columns } = boundTensors({ inputs: { numbers: ['age', null], vector: 'profile' } });
    expect([...columns]).toEqual([
      ['numbers', ['age', null]],
      ['vector', 'profile'],
    ]);
  });

  it.each([
    ['softmax(logits)[2]', { tensor: 'logits', column: 2, link: 'softmax' }],
    ['sigmoid(logit)', { tensor: 'logit', column: undefined, link: 'sigmoid' }],
    ['StatefulPartitionedCall:0', { tensor: 'StatefulPartitionedCall:0', column: undefined, link: undefined }],
    ['dense/softmax(1)', { tensor: 'dense/softmax(1)', column: undefined, link: undefined }],
  ])('reads %s', (score, reference) => {
    expect(boundTensors({ score }).score).toEqual(reference);
  });

  it.each([
    [[], 'binding is []: an object is needed'],
    ['X', 'binding is "X": an object is needed'],
    [{ columms: ['age'] }, 'binding.columms is ["age"]: known parts: model, input, columns, inputs'],
    [{ columns: ['age'] }, 'binding.input is undefined: the name of the tensor that has the columns is needed'],
    [{ input: 'X' }, 'binding.columns is undefined: a list of names is needed'],
    [{ inputs: { X: 3 } }, 'binding.inputs.X is 3: a list of names is needed'],
    [{ score: 1 }, 'binding.score is 1: a name is needed'],
  ])('%j is refused with the part, its value and the way out', (binding, message) => {
    expect(() => boundTensors(binding)).toThrow(message);
  });

  it('is read or refused by a TypeError, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (binding) => {
        try {
          boundTensors(binding);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          expect(error).toHaveProperty('message', expect.stringMatching(/^binding/));
        }
      }),
    );
  });
});
