import { describe, expect, it } from 'vitest';
import { seededProfile, seededRandom } from '../../../../../../test/support/seeded-profile.ts';
import { learnConstraints } from './learn-constraints.ts';

describe('constraints learned from a reference', () => {
  const profile = seededProfile({ numericFeatures: 1 });
  const [ofNumber] = learnConstraints(profile, { windowRows: 1_000, risk: 1e-4 });
  const reference = profile.features['x0'];

  it('are its minimum and maximum, and as much beyond as chance brings', () => {
    if (reference?.kind !== 'numeric') throw new Error('x0 is numeric');
    expect(ofNumber).toMatchObject({ feature: 'x0', min: reference.min, max: reference.max });
    expect(ofNumber?.violationsAtMost).toBeGreaterThan(0);
    expect(ofNumber?.violationsAtMost).toBeLessThan(0.03);
  });

  it('are wider for smaller windows', () => {
    const limit = (windowRows: number) =>
      learnConstraints(profile, { windowRows, risk: 1e-4 })[0]?.violationsAtMost ?? 0;
    expect(limit(100)).toBeGreaterThan(limit(1_000));
    expect(limit(1_000)).toBeGreaterThanOrEqual(limit(100_000));
  });

  it('leave out categories that the reference has folded', () => {
    const folded = { kind: 'categorical', categories: { CA: 600, _other: 400 }, missing: 0 } as const;
    const named = { kind: 'categorical', categories: { CA: 600, NY: 399, TX: 1 }, missing: 0 } as const;
    const learned = learnConstraints(
      { ...profile, rows: 1_000, features: { folded, named } },
      { windowRows: 500, risk: 1e-4 },
    );
    expect(learned[0]).toEqual({ feature: 'folded', missingAtMost: expect.any(Number) });
    expect(learned[1]).toMatchObject({ feature: 'named', in: ['CA', 'NY', 'TX'] });
  });

  /** 5 % missing in 2,000 rows of the reference, drawn anew each time; no more than its risk of windows may break it. */
  it('are held by windows like the reference', () => {
    const random = seededRandom(11);
    const missingAmong = (rows: number) =>
      Array.from({ length: rows }, () => (random() < 0.05 ? 1 : 0)).reduce<number>((sum, one) => sum + one, 0);
    const broken = Array.from({ length: 400 }, () => {
      const missing = missingAmong(2_000);
      const feature = { kind: 'categorical', categories: { CA: 2_000 - missing }, missing } as const;
      const [learned] = learnConstraints(
        { ...profile, rows: 2_000, features: { feature }, outputs: {} },
        { windowRows: 300, risk: 0.1 },
      );
      return missingAmong(300) / 300 > (learned?.missingAtMost ?? 0);
    }).filter(Boolean).length;
    // 5 % at most for this one of two; a binomial of 400 has fewer than 38 in all but one of 10,000 cases.
    expect(broken).toBeLessThan(38);
  });
});
