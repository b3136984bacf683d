import { describe, expect, it } from 'vitest';
import { designEffect, inflation, inflationOfWindow } from './overdispersion.ts';

describe('the inflation by dependent rows', () => {
  it('allows for knowing the dispersion from few chunks', () => {
    expect(inflation(2.8, 1, 50)).toBeCloseTo(2.8 * (8 / 7));
  });

  it('is never below that of independent rows, nor below that of the features together', () => {
    expect(inflation(0.6, 1, 50)).toBe(1);
    expect(inflation(1, 3, 50)).toBe(3);
  });

  it('grows with windows larger than the chunks, whose level wobbles as much', () => {
    expect(inflationOfWindow(3, 1000, 500)).toBe(3);
    expect(inflationOfWindow(3, 1000, 1000)).toBe(3);
    expect(inflationOfWindow(3, 1000, 4000)).toBe(1 + 2 * 4);
    expect(inflationOfWindow(1, 1000, 4000)).toBe(1);
  });

  it('is 2.9 for twenty rows a user with a correlation of 0.1', () => {
    expect(designEffect(20)).toBeCloseTo(2.9);
  });
});
