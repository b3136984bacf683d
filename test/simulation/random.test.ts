import gammaln from '@stdlib/math-base-special-gammaln';
import { describe, expect, it } from 'vitest';
import { dirichlet, multinomial, seeded } from './random.ts';

describe('draws', () => {
  it.each([
    [1000, 0.0167],
    [50, 0.3],
    [30, 0.34],
    [900, 0.97],
    [300, 0.02],
    [10_000, 0.3],
  ])('of binomials of %i trials at %d follow their distribution', (trials, share) => {
    const random = seeded(trials);
    const draws = 100_000;
    const times = new Float64Array(trials + 1);
    for (let i = 0; i < draws; i++) {
      const count = random.binomial(trials, share);
      times[count] = (times[count] ?? 0) + 1;
    }
    let statistic = 0;
    let cells = 0;
    for (const [count, seen] of times.entries()) {
      const logChoose = gammaln(trials + 1) - gammaln(count + 1) - gammaln(trials - count + 1);
      const expected = draws * Math.exp(logChoose + count * Math.log(share) + (trials - count) * Math.log1p(-share));
      if (expected < 10) continue;
      statistic += (seen - expected) ** 2 / expected;
      cells += 1;
    }
    expect(statistic).toBeLessThan(cells + 4 * Math.sqrt(2 * cells));
  });

  it('of several buckets lose no row, and add up to the shares', () => {
    const random = seeded(2);
    const sum = [0, 0, 0];
    for (let i = 0; i < 2000; i++) {
      const counts = multinomial(random, 100, [0.2, 0.3, 0.5]);
      expect(counts.reduce((total, count) => total + count, 0)).toBe(100);
      for (const [bucket, count] of counts.entries()) sum[bucket] = (sum[bucket] ?? 0) + count / 200_000;
    }
    expect(sum.map((share) => Math.round(share * 50) / 50)).toEqual([0.2, 0.3, 0.5]);
  });

  it('of the shares between order statistics have their mean and their variance', () => {
    const random = seeded(3);
    const first = Array.from({ length: 20_000 }, () => dirichlet(random, [10, 90, 0])[0] ?? NaN);
    const mean = first.reduce((sum, share) => sum + share, 0) / first.length;
    const variance = first.reduce((sum, share) => sum + (share - mean) ** 2, 0) / first.length;
    expect(mean).toBeCloseTo(0.1, 2);
    expect(variance / ((0.1 * 0.9) / 101)).toBeCloseTo(1, 1);
  });

  it('are the same for the same seed', () => {
    expect(Array.from({ length: 5 }, seeded(4).normal)).toEqual(Array.from({ length: 5 }, seeded(4).normal));
  });
});
