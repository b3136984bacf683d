import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceBetween } from './answer-difference.ts';

const answers = fc.letrec<{ answer: unknown }>((tie) => ({
  answer: fc.oneof(
    { maxDepth: 3 },
    fc.double({ noNaN: true }),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('answer')),
    fc.dictionary(fc.string(), tie('answer')),
  ),
})).answer;

describe('the difference between two answers', () => {
  it('is none between an answer and itself', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        expect(differenceBetween(structuredClone(answer), answer).size).toBe(0);
      }),
    );
  });

  it('does not depend on whether a list is typed', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true }), (numbers) => {
        expect(differenceBetween(numbers, [...numbers]).size).toBe(0);
      }),
    );
  });

  it('is never "not a number"', () => {
    const odd = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1, undefined);
    fc.assert(
      fc.property(fc.oneof(answers, odd), fc.oneof(answers, odd), (actual, expected) => {
        expect(differenceBetween(actual, expected).size).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it.each([
    { actual: 0.9, expected: 0.8, size: 0.1, where: 'answer' },
    { actual: 1010, expected: 1000, size: 0.01, where: 'answer' },
    {
      actual: [{ score: 0.1 }, { score: 0.5 }],
      expected: [{ score: 0.1 }, { score: 0.75 }],
      size: 0.25,
      where: 'answer[1].score',
    },
    { actual: { class: 'a' }, expected: { class: 'b' }, size: Infinity, where: 'answer.class' },
    { actual: [1], expected: [1, 2], size: Infinity, where: 'answer[1]' },
    { actual: [1, 2], expected: [1], size: Infinity, where: 'answer[1]' },
    { actual: Number.NaN, expected: 1, size: Infinity, where: 'answer' },
    { actual: Number.NaN, expected: Number.NaN, size: Infinity, where: 'answer' },
    { actual: undefined, expected: 0.5, size: Infinity, where: 'answer' },
    { actual: '0.5', expected: 0.5, size: Infinity, where: 'answer' },
  ])('$actual against $expected is $size at $where', ({ actual, expected, size, where }) => {
    const difference = differenceBetween(actual, expected);
    expect(difference.size).toBeCloseTo(size, 12);
    expect(difference.where).toBe(where);
  });
});
