import { describe, expect, it } from 'vitest';
import type { Prediction } from '../receive/unit.ts';
import { stateOf } from './series-state.ts';

describe('an outcome', () => {
  it.each<[string, Prediction, Prediction, string, string]>([
    ['a class with a class', { class: 'yes', score: 0.9 }, { class: 'no' }, 'yes', 'no'],
    ['a score of a half and more with 1', { score: 0.5 }, { value: 1 }, '1', '1'],
    ['a score below a half with 1', { score: 0.49 }, { value: 1 }, '0', '1'],
  ])('compares %s', (_, prediction, truth, predicted, actual) => {
    expect(outcome(prediction, truth)).toMatchObject({ confusion: new Map([[predicted, new Map([[actual, 1]])]]) });
  });

  it('keeps the error of a number', () => {
    expect(outcome({ value: 3 }, { value: 5 })).toMatchObject({
      errors: { count: 1, sum: -2, absolute: 2, squared: 4 },
    });
  });

  it.each<[string, Prediction, Prediction]>([
    ['a class with a number', { class: 'yes' }, { value: 1 }],
    ['a score with something that is no yes or no', { score: 0.7 }, { value: 2 }],
    ['a number with a class', { value: 3 }, { class: 'yes' }],
  ])('does not compare %s', (_, prediction, truth) => {
    expect(outcome(prediction, truth)).toBeUndefined();
  });
});

function outcome(prediction: Prediction, truth: Prediction) {
  const series = { key: 'k', metric: 'ml.prediction.outcome', unit: '', temporality: 'none', attributes: {} } as const;
  const collection = { writer: 'w', startNs: 0n, endNs: 1n };
  return stateOf({ tag: 1, series, value: { kind: 'outcome', prediction, truth } }, collection);
}
