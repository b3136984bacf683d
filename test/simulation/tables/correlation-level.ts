import { correlationShift } from '../../../packages/collector-processor/src/evaluate/multivariate/correlation-shift.ts';
import {
  columnPool,
  comparedWindow,
  influenceOnCorrelation,
  momentsReference,
  shapes,
  windowMoments,
} from '../correlated-columns.ts';
import { monthlyEach } from '../levels.ts';
import type { Random } from '../random.ts';
import { realisedLevels } from '../realised-levels.ts';
import { repetitions, type Row, type Table } from '../table.ts';
import { tilted, unmoved } from '../tilted-draws.ts';

/** Of each of eleven proposals. */
const REFERENCES = 10;
const WINDOWS = 60;

/** A tenth of the budget of one horizon goes to correlations: to the one pair of two features, or to the 45 of ten. */
const levels = {
  '0.001': 0.001,
  '1e-4': 1e-4,
  '5.8e-6': monthlyEach / 10,
  '1.3e-7': monthlyEach / 10 / 45,
} as const;

interface Cell {
  readonly shape: string;
  readonly correlation: number;
  readonly rows: { readonly reference: number; readonly current: number };
  readonly isCaptured?: boolean;
}

const cells: readonly Cell[] = [
  ...Object.keys(shapes).flatMap((shape) =>
    [0, 0.6, 0.9].flatMap((correlation) =>
      [100, 1400].map((current) => ({ shape, correlation, rows: { reference: 10_000, current } })),
    ),
  ),
  ...['normal', 'lognormal', 'two values, 30 %'].map((shape) => ({
    shape,
    correlation: 0.6,
    rows: { reference: 1000, current: 1000 },
  })),
];

/** Correlations work at one in ten millions: the level of a window, a tenth of it, and that for each of the pairs. */
export const correlationLevel: Table = {
  name: 'correlation-level',
  title: 'Realised false alarms of the correlation of one pair over the nominal level, by importance sampling',
  seed: 20_261_139,
  run: (scale, random) => cells.map((cell) => correlationLevelRow(random, cell, repetitions(REFERENCES, scale))),
};

/** A reference that was captured does not know the shape of its rows: the worst is assumed, so that little is found. */
export const capturedCorrelations: Table = {
  name: 'captured-correlations',
  title: 'Realised false alarms of the correlation of one pair over the nominal level, against a captured reference',
  seed: 20_261_150,
  run: (scale, random) =>
    capturedCells.map((cell) =>
      correlationLevelRow(random, { ...cell, isCaptured: true }, repetitions(REFERENCES, scale)),
    ),
};

const capturedCells: readonly Cell[] = [
  { shape: 'normal', correlation: 0.6, rows: { reference: 2000, current: 1500 } },
  { shape: 'lognormal', correlation: 0.9, rows: { reference: 2000, current: 1500 } },
  { shape: 'two values, 30 %', correlation: 0.9, rows: { reference: 2000, current: 400 } },
  { shape: 'two values, 5 %', correlation: 0.9, rows: { reference: 2000, current: 1500 } },
];

/** Where the reference has fewer rows than the window, it is the reference that leans. */
export const correlationsOfFewRows: Table = {
  name: 'correlations-of-few-rows',
  title: 'Realised false alarms of the correlation of one pair over the nominal level, against a profile of few rows',
  seed: 20_261_151,
  run: (scale, random) => fewRows.map((cell) => correlationLevelRow(random, cell, repetitions(REFERENCES, scale))),
};

const fewRows: readonly Cell[] = [
  { reference: 600, current: 6000 },
  { reference: 1000, current: 5000 },
].flatMap((rows) => ['lognormal', 'two values, 30 %'].map((shape) => ({ shape, correlation: 0.6, rows })));

export function correlationLevelRow(
  random: Random,
  { shape, correlation, rows, isCaptured }: Cell,
  references: number,
): Row {
  const pool = columnPool(random, { shape, features: 2, correlation });
  const population = {
    masses: new Float64Array(pool.rows.length).fill(1 / pool.rows.length),
    scores: [influenceOnCorrelation(pool)],
    partitions: [],
  };
  const along = new Map([[0, 1]]);
  const distances = [3, 4, 5, 6, 8].flatMap((distance) => [distance, -distance]);
  return {
    columns: shape,
    correlation,
    N: rows.reference,
    M: rows.current,
    ...realisedLevels(random, {
      population,
      rows,
      levels,
      references,
      windowsPerReference: WINDOWS,
      proposals: [unmoved(population, rows), ...distances.map((distance) => tilted(population, rows, along, distance))],
      judge(referenceRows) {
        const reference = momentsReference(random, pool, referenceRows);
        return (windowRows) => {
          const compared = comparedWindow(reference, windowMoments(pool, windowRows), isCaptured);
          const { p, testedPairs } = correlationShift(compared, 1);
          return {
            p: testedPairs === 0 ? 1 : p,
            isDrift: (level) => correlationShift(compared, level).state === 'drift',
          };
        };
      },
    }),
  };
}
