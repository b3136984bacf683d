import { describe, expect, it } from 'vitest';
import { type Binding, boundTensors } from './binding.ts';
import type { NamedTensors } from './model-data.ts';
import { tensorPredictions } from './tensor-predictions.ts';

const ofBoth: NamedTensors = {
  label: { type: 'int64', dims: [2], data: BigInt64Array.of(0n, 1n) },
  probabilities: { type: 'float32', dims: [2, 2], data: Float32Array.of(0.75, 0.25, 0.125, 0.875) },
};
const predictions = (tensors: NamedTensors, binding: Binding, rows = 2) =>
  tensorPredictions(tensors, boundTensors(binding), rows);

describe('bound outputs', () => {
  it('of a classifier are its label and the probability of one class', () => {
    expect(predictions(ofBoth, { class: 'label', classes: ['on time', 'late'], score: 'probabilities[1]' })).toEqual([
      { class: 'on time', score: 0.25, value: undefined },
      { class: 'late', score: 0.875, value: undefined },
    ]);
  });

  it('without an index are the greatest of a row', () => {
    expect(predictions(ofBoth, { class: 'probabilities', score: 'probabilities' })).toMatchObject([
      { class: '0', score: 0.75 },
      { class: '1', score: 0.875 },
    ]);
  });

  it('of one row may come without a batch', () => {
    const scores: NamedTensors = { y: { type: 'float64', dims: [3], data: Float64Array.of(1, 3, 2) } };
    expect(predictions(scores, { class: 'y', classes: ['cat', 'dog'] }, 1)).toMatchObject([{ class: 'dog' }]);
  });

  it('may be logits', () => {
    const logits: NamedTensors = { logits: { type: 'float32', dims: [1, 2], data: Float32Array.of(0, Math.log(3)) } };
    expect(predictions(logits, { score: 'softmax(logits)[1]' }, 1)[0]?.score).toBeCloseTo(0.75, 6);
    expect(predictions(logits, { score: 'sigmoid(logits)[1]' }, 1)[0]?.score).toBeCloseTo(0.75, 6);
  });

  it('that the application did not fetch are left out', () => {
    const { label } = ofBoth;
    expect(label && predictions({ label }, { class: 'label', score: 'probabilities[1]' })).toMatchObject([
      { class: '0', score: undefined },
      { class: '1', score: undefined },
    ]);
  });

  it.each([
    [{ value: 'variable' }, 2, 'the binding names the tensors "variable", the answer has "label", "probabilities"'],
    [
      { score: 'probabilities[2]' },
      2,
      'tensor "probabilities" has 2 columns, the binding names column 2, counted from 0',
    ],
    [{ score: 'label' }, 3, 'tensor "label" has 2 values, which are no 3 rows'],
  ])('%j of %i rows that are not there are refused by name', (binding, rows, message) => {
    expect(() => predictions(ofBoth, binding, rows)).toThrow(message);
  });
});
