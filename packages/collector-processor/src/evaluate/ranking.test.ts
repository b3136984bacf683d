import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankFeatures, statesByRole } from './ranking.ts';

const moved = (name: string, size: number, threshold = 0.2) => ({ name, size, threshold, state: 'ok' }) as const;
const none = () => undefined;

describe('features ranked by drift', () => {
  it('come in the order of how many times their limit they moved, whatever its unit', () => {
    const missing = moved('income', 0.05, 0.01);
    expect(rankFeatures([moved('age', 0.3), missing, moved('hours', 0.1)], none)).toEqual({
      byDrift: ['income', 'age', 'hours'],
    });
  });

  it('have a place by their p-value, where a fixed limit is on it, and not by its method’s score', () => {
    const byP = (name: string, p: number) => {
      const limit = { method: 'chi-squared', of: 'p', at: 0.01, score: 40, p } as const;
      return { ...moved(name, 40, 0.01), judgedBy: { summary: '', explanation: '', tests: [], limit } };
    };
    const features = [byP('even', 0.5), byP('odd', 1e-6), moved('age', 0.4), moved('hours', 0.1)];
    expect(rankFeatures(features, none).byDrift).toEqual(['odd', 'age', 'hours', 'even']);
    expect(rankFeatures([byP('limit', 0.01)], () => 1).weightedDrift).toBeCloseTo(1, 12);
  });

  it('count by their importance, where they have one', () => {
    const importances: Record<string, number> = { age: 0.9, hours: 0.1 };
    const ranking = rankFeatures(
      [moved('hours', 0.6), moved('age', 0.1), moved('noise', 2)],
      (name) => importances[name],
    );
    // age 0.9 × 0.5 limits, hours 0.1 × 3 limits, noise nothing.
    expect(ranking.byDrift).toEqual(['age', 'hours', 'noise']);
    expect(ranking.weightedDrift).toBeCloseTo(0.75, 12);
  });

  it('leave out what was not judged', () => {
    const unjudged = { name: 'new', size: 0, threshold: 0.2, state: 'no_reference' } as const;
    expect(rankFeatures([unjudged, moved('age', 0.1)], none).byDrift).toEqual(['age']);
    expect(rankFeatures([unjudged], () => 1)).toEqual({ byDrift: [] });
  });

  it('have a weighted drift between the least and the greatest move, and a number always', () => {
    const features = fc.array(
      fc.record({
        size: fc.float({ min: 0, max: 50, noNaN: true }),
        importance: fc.float({ min: 0, max: 1, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(features, (rows) => {
        const ranking = rankFeatures(
          rows.map(({ size }, i) => moved(String(i), size)),
          (name) => rows[Number(name)]?.importance,
        );
        expect(ranking.byDrift.toSorted()).toEqual(rows.map((_, i) => String(i)).toSorted());
        const moves = rows.map(({ size }) => size / 0.2);
        if (ranking.weightedDrift !== undefined) {
          expect(ranking.weightedDrift).toBeGreaterThanOrEqual(Math.min(...moves) - 1e-9);
          expect(ranking.weightedDrift).toBeLessThanOrEqual(Math.max(...moves) + 1e-9);
        }
      }),
    );
  });
});

describe('features and predictions', () => {
  it('are told apart, each with its worst state', () => {
    expect(
      statesByRole([
        { role: 'feature', state: 'ok' },
        { role: 'feature', state: 'warning' },
        { role: 'output', state: 'drift' },
      ]),
    ).toEqual({ features: 'warning', predictions: 'drift' });
    expect(statesByRole([{ role: 'feature', state: 'ok' }])).toEqual({ features: 'ok' });
  });
});
