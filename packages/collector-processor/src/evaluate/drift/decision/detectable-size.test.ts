import { describe, expect, it } from 'vitest';
import { detectableSize } from './detectable-size.ts';

describe('the detectable size', () => {
  it.each([
    [100, 0.63],
    [300, 0.37],
    [1000, 0.23],
    [3000, 0.22],
    [10_000, 0.21],
  ])('of %i rows against 10,000 with 60 hypotheses is %d sd', (current, known) => {
    const size = detectableSize({
      rows: { reference: 10_000, current },
      hypotheses: 60,
      alpha: 1.157e-4,
      phi: 1,
      floor: 0.2,
    });
    expect(size).toBeCloseTo(known, 2);
  });

  it('is finite without rows, as it is stored and published', () => {
    const size = detectableSize({ rows: { reference: 0, current: 0 }, hypotheses: 0, alpha: 0.01, phi: 1, floor: 0.2 });
    expect(size).toSatisfy((value: number) => Number.isFinite(value) && value > 4);
  });
});
