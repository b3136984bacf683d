import { describe, expect, it } from 'vitest';
import { alphaOf, horizonsOf } from './budget.ts';

const MINUTE = 60_000;

describe('the false-alarm budget', () => {
  it('spreads one false alarm a month over its windows of five minutes', () => {
    expect(alphaOf({ falseAlarmsPerMonth: 1, stepMs: 5 * MINUTE, horizons: 1 })).toBeCloseTo(1.157e-4, 7);
  });

  it('splits the level between the horizons', () => {
    expect(alphaOf({ falseAlarmsPerMonth: 1, stepMs: 60 * MINUTE, horizons: 2 })).toBeCloseTo(1.4e-3 / 2, 4);
  });

  it('never exceeds one window in a hundred, however rarely it judges', () => {
    expect(alphaOf({ falseAlarmsPerMonth: 1, stepMs: 1440 * MINUTE, horizons: 1 })).toBe(0.01);
  });

  it('judges the last hour beside shorter windows only', () => {
    expect(horizonsOf(5 * MINUTE)).toEqual(['window', '1h']);
    expect(horizonsOf(60 * MINUTE)).toEqual(['window']);
  });
});
