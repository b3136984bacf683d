import { describe, expect, it } from 'vitest';
import { columnPool } from './correlated-columns.ts';
import { mixedFeatures } from './features.ts';
import { seeded } from './random.ts';
import type { Row } from './table.ts';
import { correlatedRow } from './tables/correlated-features.ts';
import { correlationLevelRow } from './tables/correlation-level.ts';
import { correlationPowerRow, correlationRow } from './tables/correlations.ts';
import { dataQualityRow } from './tables/data-quality.ts';
import { dependentRows } from './tables/dependent-rows.ts';
import { discreteFeatures, discreteLevelRow } from './tables/discrete-level.ts';
import { exactTests } from './tables/exact-tests.ts';
import { foldedRow } from './tables/folded-categories.ts';
import { repeatedLooksRow } from './tables/repeated-looks.ts';
import { drawnShapes, shapeRow } from './tables/shapes.ts';
import { sketched, sketchLevelRow } from './tables/sketch-level.ts';

/** A right rule leaves these bands once in a million seeds. */
const WIDE = 4.9;

/** Events that have this chance at most, in so many windows. */
function expectAtMost(share: unknown, chance: number, windows: unknown): void {
  expect(Number(share)).toBeLessThanOrEqual(chance + WIDE * Math.sqrt((chance * (1 - chance)) / Number(windows)));
}

/** Realised over nominal level, by importance sampling. */
function expectLevelKept(row: Row, levels: readonly string[]): void {
  expect(Math.abs(Number(row['mean weight']) - 1)).toBeLessThan(0.5);
  for (const level of levels) {
    const [ratio, error] = [Number(row[`sure / ${level}`]), Number(row[`± / ${level}`])];
    expect(error).toBeGreaterThan(0);
    // Else nothing would be shown by what follows.
    expect(error, `${level}: ${ratio}`).toBeLessThan(0.6);
    expect(ratio - WIDE * error, `${level}: ${ratio}`).toBeLessThan(1.5);
  }
}

describe('a single test where it works, at one in a million', () => {
  it.each(
    discreteFeatures.filter(({ name }) => !name.startsWith('50')).map((feature) => [feature.name, feature] as const),
  )('keeps its level on %s', (_, feature) => {
    const row = discreteLevelRow(seeded(1), feature, { reference: 1000, current: 100 }, 1);
    expectLevelKept(row, ['0.001', '1.9e-6']);
    expect(row['sure / 0.05']).toBeGreaterThan(0.2);
  });

  it('keeps its level on exponential buckets', () => {
    for (const one of sketched.slice(0, 2)) expectLevelKept(sketchLevelRow(seeded(2), one, 0.25), ['1.9e-6']);
  });

  it.each([
    ['normal', 0.6, 300],
    ['two values, 30 %', 0.9, 100],
    ['two values, 50 %', 0.9, 300],
  ])('of a correlation keeps its level at one in ten millions: %s, %d, %d rows', (shape, correlation, current) => {
    const cell = { shape, correlation, rows: { reference: 1000, current } };
    expectLevelKept(correlationLevelRow(seeded(3), cell, 6), ['0.001', '5.8e-6', '1.3e-7']);
  });

  it('is exact, and never above its level, where it is Fisher’s', () => {
    for (const row of exactTests.run(1, seeded(4))) {
      for (const [column, ratio] of Object.entries(row)) {
        if (/^(?:more|either) /.test(column)) expect(Number(ratio), column).toBeLessThan(1 + 1e-6);
      }
    }
  });
});

describe('a window without a change, more often than a test allows', () => {
  it('has no false alarm of correlations', () => {
    const pool = columnPool(seeded(5), { shape: 'mixed', correlation: 0.5, features: 8 });
    const row = correlationRow(seeded(5), pool, 300, 2);
    expect(row['tested pairs']).toBeGreaterThan(15);
    expectAtMost(row['sure at 0.05'], 0.05, row['windows']);
  });

  it('has no violation of data quality', () => {
    const cell = { reference: 1000, current: 1000 };
    const row = dataQualityRow(seeded(6), mixedFeatures(), cell, 15);
    expectAtMost(row['sure at 0.05'], 0.05, row['windows']);
  });

  it.each(['profile', 'captured'])('has none of three hundred categories alike: %s', (folding) => {
    const row = foldedRow(seeded(7), { folding, names: 'alike', current: 1000 }, 20);
    expectAtMost(row['p < 0.05'], 0.05, row['windows']);
  });

  it('has none of features that go together', () => {
    const row = correlatedRow(seeded(8), 0.9, 10);
    expectAtMost(row['sure at 0.05'], 0.05, row['windows']);
  });

  it.each(Object.entries(drawnShapes))('has none, whatever the shape: %s', (name, shape) => {
    const row = shapeRow(seeded(9), name, shape, 10);
    expectAtMost(row['p < 0.05'], 0.05, row['windows']);
    expect(row['0.3 sd is drift']).toBeGreaterThan(name.startsWith('60 %') ? 0 : 0.6);
  });

  it('has none of rows that come by the user, once they are calibrated', () => {
    for (const row of dependentRows.run(0.05, seeded(10)).filter(({ rows }) => String(rows).includes('a user'))) {
      expect(row['independent, 0.001']).toBeGreaterThan(0.002);
      expect(row['calibrated, 0.001']).toBeLessThan(0.004);
    }
  });
});

it('two windows of one small reference are false together, of a large one they are not', () => {
  const [small, large] = [
    { reference: 1000, current: 1000 },
    { reference: 30_000, current: 300 },
  ].map((cell) => repeatedLooksRow(seeded(11), cell, 600));
  expect(Number(small?.['sure / 0.05'])).toBeGreaterThan(1.3);
  expect(Number(large?.['sure / 0.05']) - WIDE * Number(large?.['± / 0.05'])).toBeLessThan(1.2);
});

it('a correlation that is lost is found in 300 rows', () => {
  const change = { columns: { shape: 'normal', correlation: 0.6 }, now: 0 };
  expect(correlationPowerRow(seeded(12), change, 30)['drift, M = 300']).toBeGreaterThan(0.7);
});
