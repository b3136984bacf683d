import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding, HealthStatus } from './checks/health-check.ts';
import { settle, type Settled } from './flap-protection.ts';

const answer = (status: HealthStatus): readonly Finding[] => [
  { measurement: 'm', status, ...(status !== 'pass' && { output: `it is ${status}` }) },
];
const after = (answers: readonly HealthStatus[], limits: { failAfter: number; recoverAfter: number }) =>
  answers.reduce<Settled | undefined>((known, status) => settle(known, answer(status), limits), undefined);
const isFailingAfter = (text: string, limits: { failAfter: number; recoverAfter: number }) =>
  after(
    [...text].map((letter) => (letter === 'f' ? 'fail' : 'pass')),
    limits,
  )?.isFailing;

describe('flap protection', () => {
  const limits = { failAfter: 3, recoverAfter: 2 };

  it.each([
    ['p', false],
    ['f', true],
    ['pff', false],
    ['pfff', true],
    ['pffpff', false],
    ['pffpfff', true],
    ['fp', true],
    ['fpp', false],
    ['fpfp', true],
  ])('after %s (passes and failures) failing is %s', (answers, isFailing) => {
    expect(isFailingAfter(answers, limits)).toBe(isFailing);
  });

  it('shows a failure that does not count yet as a warning, with its reason', () => {
    expect(after(['pass', 'fail'], limits)?.findings).toEqual([
      { measurement: 'm', status: 'warn', output: 'it is fail; 1 of 3 times in a row that make it fail' },
    ]);
  });

  it('says what a check that passes again waits for', () => {
    expect(after(['fail', 'warn'], limits)?.findings).toContainEqual({
      measurement: 'recovery',
      status: 'fail',
      output: 'it failed, and passed since: 1 of 2 times in a row that it takes',
    });
  });

  it('turns exactly when enough answers in a row say otherwise', () => {
    const statuses = fc.array(fc.constantFrom<HealthStatus>('pass', 'warn', 'fail'), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        statuses,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (answers, fail, recover) => {
          const failures = answers.map((status) => status === 'fail');
          const turned = (upTo: number, isFailing: boolean): boolean => {
            const needed = isFailing ? recover : fail;
            const last = failures.slice(Math.max(0, upTo - needed + 1), upTo + 1);
            return last.length === needed && last.every((failed) => failed !== isFailing);
          };
          let isFailing = failures[0];
          for (let index = 1; index < failures.length; index += 1)
            if (turned(index, isFailing ?? false)) isFailing = !isFailing;
          expect(after(answers, { failAfter: fail, recoverAfter: recover })?.isFailing).toBe(isFailing);
        },
      ),
    );
  });

  it('without protection believes every answer', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<HealthStatus>('pass', 'warn', 'fail'), { minLength: 1 }), (answers) => {
        const known = after(answers, { failAfter: 1, recoverAfter: 1 });
        expect(known?.findings).toEqual(answer(answers.at(-1) ?? 'pass'));
      }),
    );
  });
});
