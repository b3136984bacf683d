import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberList } from './number-list.ts';

describe('a list of numbers', () => {
  it('gives back what was pushed, also where a run goes over the end of a block', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 12 }), (lengths) => {
        const list = new NumberList();
        let next = 0;
        const runs = lengths.map((length) => {
          const run = Array.from({ length }, () => (next += 1));
          for (const number of run) list.push(number);
          return { run, taken: list.take() };
        });
        for (const { run, taken } of runs) expect([...taken]).toEqual(run);
      }),
      { numRuns: 50 },
    );
  });
});
