import { describe, expect, it } from 'vitest';
import { simulateCorrelations } from './correlation-windows.ts';

const shared = { features: 6, referenceRows: 5000, windowsPerReference: 250, windows: 500, alphas: [0.05], seed: 3 };

describe('a change of correlations, of windows without one', () => {
  // 500 windows at 0.05: 25 are expected, and 42 is exceeded by a right test once in two thousand times.
  it.each([
    ['normal', 0],
    ['lognormal', 0.5],
    ['t with 3 degrees', 0.5],
    ['zero-inflated, 60 %', 0],
    ['two values, 30 %', 0.5],
    ['mixed', 0.5],
  ])('is called sure no more often than its level allows: %s, %d', { timeout: 120_000 }, (shape, correlation) => {
    const { testedPairs, levels } = simulateCorrelations({ ...shared, shape, correlation, windowRows: 300 });
    expect(testedPairs).toBeGreaterThan(3);
    expect(Math.round((levels[0]?.significant ?? 1) * shared.windows)).toBeLessThanOrEqual(42);
  });

  it('is found where two features that went together no longer do', { timeout: 120_000 }, () => {
    const changed = { shape: 'normal', correlation: 0.6, changedCorrelation: 0, windowRows: 300, windows: 100 };
    const { levels } = simulateCorrelations({ ...shared, ...changed, alphas: [5.8e-6] });
    expect(levels[0]?.drift).toBeGreaterThan(0.95);
  });
});
