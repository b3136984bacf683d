import { describe, expect, it } from 'vitest';
import { atLeast, atMost } from '../../packages/collector-processor/src/evaluate/drift/decision/hypergeometric.ts';
import { fisherTwoSided } from '../../packages/collector-processor/src/evaluate/drift/decision/fisher.ts';
import { AliasTable } from './alias-table.ts';
import { seeded } from './random.ts';
import { realisedLevels } from './realised-levels.ts';
import { sharesRow } from './tables/exact-tests.ts';
import { scattered, tilted, unmoved } from './tilted-draws.ts';

it('an alias table draws in proportion to its masses', () => {
  const masses = [3, 0, 1, 6];
  const [random, table, draws] = [seeded(1), new AliasTable(masses), 100_000];
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < draws; i++) counts[table.draw(random)]! += 1;
  expect(counts[1]).toBe(0);
  for (const [i, mass] of masses.entries()) {
    const share = mass / 10;
    expect(Math.abs((counts[i] ?? 0) - draws * share)).toBeLessThanOrEqual(5 * Math.sqrt(draws * share * (1 - share)));
  }
});

describe('importance sampling', () => {
  const rows = { reference: 1000, current: 200 };
  const share = 0.1;
  const population = {
    masses: Float64Array.of(1 - share, share),
    scores: [Float64Array.of(-share, 1 - share).map((x) => x / Math.sqrt(share * (1 - share)))],
    partitions: [Int32Array.of(0, 1)],
  };
  const hits = (drawn: Int32Array) => drawn.reduce((sum, row) => sum + row, 0);
  const judge = (reference: Int32Array) => (window: Int32Array) => {
    const p = fisherTwoSided({ reference: hits(reference), current: hits(window) }, rows);
    return { p, isDrift: () => false };
  };
  const along = new Map([[0, 1]]);

  it.each([
    ['tilted', [3.5, 5.5, -3.5, -5.5].map((distance) => tilted(population, rows, along, distance))],
    ['scattered', [6, 12, 24].map((factor) => scattered(population, rows, 0, factor))],
  ])('finds what can be counted in full, down to one in a million: %s', (_, proposals) => {
    const counted = sharesRow(rows, share);
    const row = realisedLevels(seeded(2), {
      population,
      rows,
      proposals: [unmoved(population, rows), ...proposals],
      levels: { '0.05': 0.05, '0.001': 0.001, '1e-6': 1e-6 },
      references: 300,
      windowsPerReference: 4,
      judge,
    });
    expect(Math.abs(Number(row['mean weight']) - 1)).toBeLessThan(0.2);
    for (const level of ['0.05', '0.001', '1e-6']) {
      const [ratio, error] = [Number(row[`sure / ${level}`]), Number(row[`± / ${level}`])];
      expect(error / ratio).toBeLessThan(0.25);
      expect(Math.abs(ratio - Number(counted[`either / ${level}`]))).toBeLessThan(4.9 * error);
    }
  });

  it('is counted in full by probabilities that add up', () => {
    const urn = { rows: 1200, marked: 120, drawn: 200 };
    expect(atLeast(30, urn) + atMost(29, urn)).toBeCloseTo(1, 12);
  });
});
