import { describe, expect, it } from 'vitest';
import { kolmogorovTail, kuiperTail } from './kolmogorov-tail.ts';

describe.each([
  ['kolmogorovTail', kolmogorovTail],
  ['kuiperTail', kuiperTail],
])('%s', (_, tail) => {
  it('falls from 1 to 0, wherever its series begins and ends', () => {
    const tails = Array.from({ length: 1000 }, (_, i) => tail(i / 200));
    expect(tails[0]).toBe(1);
    expect(tails.at(-1)).toBeLessThan(1e-15);
    for (const [i, p] of tails.entries()) expect(p).toBeLessThanOrEqual((tails[i - 1] ?? 1) + 1e-9);
    expect(Math.max(...tails.slice(1).map((p, i) => (tails[i] ?? 0) - p))).toBeLessThan(0.02);
  });
});
