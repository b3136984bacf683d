import { InvalidArgumentError } from 'commander';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ordered } from './ordinal-option.ts';

describe('--ordinal', () => {
  it('takes words by commas, and a JSON array where they have some', () => {
    const first = ordered('grade=low, medium,high', {});
    expect(ordered('income=["1,000", "> 1,000", "[a"]', first)).toEqual({
      grade: ['low', 'medium', 'high'],
      income: ['1,000', '> 1,000', '[a'],
    });
  });

  it.each(['grade', '=low,high', ' =a,b', 'grade=[1,2]', 'grade=["a"', ''])('refuses %j', (written) => {
    expect(() => ordered(written, {})).toThrow(InvalidArgumentError);
  });

  it('refuses a second order of one column', () => {
    expect(() => ordered('grade=b,a', { grade: ['a', 'b'] })).toThrow(/grade has an order already/);
  });

  it('reads any order that is written as JSON, and throws nothing but its own error', () => {
    const column = fc.string({ minLength: 1 }).filter((name) => !name.includes('=') && name.trim() === name);
    fc.assert(
      fc.property(column, fc.array(fc.string({ unit: 'binary' })), (name, words) => {
        const orders = ordered(`${name}=${JSON.stringify(words)}`, {});
        expect(Object.entries(orders)).toEqual([[name, words]]);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (written) => {
        expect(readOrRefused(written)).toBe(true);
      }),
    );
  });
});

function readOrRefused(written: string): boolean {
  try {
    return Object.keys(ordered(written, {})).every((column) => column !== '' && written.includes(column));
  } catch (error) {
    return error instanceof InvalidArgumentError;
  }
}
