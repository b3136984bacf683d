import { describe, expect, it } from 'vitest';
import { alphaOf } from './budget.ts';
import { expectedDelay, type Look } from './expected-delay.ts';

const level = alphaOf({ falseAlarmsPerMonth: 1, stepMs: 300_000, horizons: 2 }) / 60;

function looks(current: number): readonly Look[] {
  const look = { phi: 1, isJudged: true, level };
  return [
    { ...look, horizon: 'window', rows: { reference: 10_000, current } },
    { ...look, horizon: '1h', rows: { reference: 10_000, current: 12 * current } },
  ];
}

const asked = { floor: 0.2, windowsInAnHour: 12, most: 36 };

describe('the expected delay', () => {
  /** Simulated window by window, 2000 streams a cell; see `docs/false-alarms.md`. */
  it.each([
    { current: 100, shift: 0.25, median: 10, nineOfTen: 12 },
    { current: 100, shift: 0.3, median: 9, nineOfTen: 10 },
    { current: 100, shift: 0.5, median: 2, nineOfTen: 5 },
    { current: 300, shift: 0.25, median: 5, nineOfTen: 11 },
    { current: 300, shift: 0.3, median: 2, nineOfTen: 5 },
    { current: 300, shift: 0.5, median: 1, nineOfTen: 1 },
    { current: 1000, shift: 0.25, median: 1, nineOfTen: 2 },
    { current: 1000, shift: 0.3, median: 1, nineOfTen: 1 },
  ])('of $shift sd at $current rows a window is that of the simulation within a window', (known) => {
    const { median, nineOfTen } = expectedDelay({ ...asked, shift: known.shift, looks: looks(known.current) });
    expect(Math.abs((median ?? NaN) - known.median)).toBeLessThanOrEqual(1);
    expect(Math.abs((nineOfTen ?? NaN) - known.nineOfTen)).toBeLessThanOrEqual(1);
  });

  it('is unknown where nothing is judged, or the shift is below the floor', () => {
    const unjudged = looks(50).map((look) => ({ ...look, isJudged: false }));
    expect(expectedDelay({ ...asked, shift: 1, looks: unjudged })).toEqual({ median: undefined, nineOfTen: undefined });
    expect(expectedDelay({ ...asked, shift: 0.1, looks: looks(10_000) }).median).toBeUndefined();
  });
});
