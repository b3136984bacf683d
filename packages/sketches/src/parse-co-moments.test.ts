import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCoMoments } from './parse-co-moments.ts';
import { ProfileError, ProfilePart } from './profile-part.ts';

const good = {
  features: ['x', 'y'],
  count: 10,
  means: [0, 0.5],
  sums: [9, -3, 4],
  variances: [1],
  skewness: [0, 1],
  kurtosis: [3, 5],
  pairSkewness: [-0.5],
  reconstruction: { components: 1, error: 0.2, sd: 0.1 },
};
const features = { x: { kind: 'numeric' }, y: { kind: 'numeric' }, colour: { kind: 'categorical' } };

function check(coMoments: unknown): void {
  checkCoMoments(new ProfilePart('coMoments', coMoments), new ProfilePart('features', features), 10);
}

describe('co-moments of a profile', () => {
  it('are taken as they were built', () => {
    expect(() => check(good)).not.toThrow();
  });

  it.each([
    [{ features: ['x'] }, /coMoments\.features .*2 to 50 features/],
    [{ features: ['x', 'x'] }, /coMoments\.features\[1\].*named twice/],
    [{ features: ['x', 'colour'] }, /coMoments\.features\[1\].*no numeric feature/],
    [{ count: 11 }, /coMoments\.count is 11: the profile has only 10 rows/],
    [{ means: [0] }, /coMoments\.means .*1 numbers; 2 are needed/],
    [{ sums: [9, -7, 4] }, /coMoments\.sums\[1\] is -7: no correlation is beyond 1/],
    [{ sums: [9, Number.NaN, 4] }, /coMoments\.sums\[1\] is NaN: a finite number/],
    [{ pairSkewness: [0, 1] }, /coMoments\.pairSkewness .*2 numbers; 1 are needed/],
    [{ variances: [0.5] }, /coMoments\.variances\[0\] is 0\.5: it must be at least 1/],
    [{ reconstruction: { components: 2, error: 0, sd: 0 } }, /components is 2: fewer than the 2 features/],
  ])('are refused with the part and its value: %j', (wrong, message) => {
    expect(() => check({ ...good, ...wrong })).toThrow(message);
  });

  it('are refused as a profile is, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ ...recordOf(good) })), (wrong) => {
        try {
          check(wrong);
        } catch (error) {
          expect(error).toBeInstanceOf(ProfileError);
        }
      }),
    );
  });
});

/** Each part as it should be, or anything. */
function recordOf(parts: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, fc.oneof(fc.constant(part), fc.anything())]),
  );
}
