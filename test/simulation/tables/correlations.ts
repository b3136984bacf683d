import { correlationShift } from '../../../packages/collector-processor/src/evaluate/multivariate/correlation-shift.ts';
import {
  type ColumnPool,
  columnPool,
  type Columns,
  comparedWindow,
  drawnRows,
  momentsReference,
  shapes,
  windowMoments,
} from '../correlated-columns.ts';
import { monthlyEach } from '../levels.ts';
import type { Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const WINDOWS = 3000;
const REFERENCE = 10_000;
/** A reference of ten thousand rows takes as long as a hundred windows. */
const WINDOWS_A_REFERENCE = 150;
const levels = { '0.05': 0.05, '0.01': 0.01, '0.001': 0.001 } as const;

/** Ten columns whose correlations do not change. How often does any of the pairs say that one did? */
export const correlations: Table = {
  name: 'correlations',
  title: 'Share of windows with a false alarm of correlations, ten columns, each at 0.5 with each, N = 10,000',
  seed: 20_261_140,
  run(scale, random) {
    return [...Object.keys(shapes), 'mixed'].flatMap((shape) => {
      const pool = columnPool(random, { shape, correlation: 0.5, features: 10 });
      return (shape === 'mixed' ? [300, 1000] : [300]).map((current) => ({
        columns: shape,
        ...correlationRow(random, pool, current, repetitions(WINDOWS / WINDOWS_A_REFERENCE, scale)),
      }));
    });
  },
};

export function correlationRow(random: Random, pool: ColumnPool, current: number, references: number): Row {
  const counts = { sure: new Map<string, number>(), drift: new Map<string, number>() };
  let pairs = 0;
  for (let i = 0; i < references; i++) {
    const reference = momentsReference(random, pool, drawnRows(random, pool, REFERENCE));
    for (let window = 0; window < WINDOWS_A_REFERENCE; window++) {
      const compared = comparedWindow(reference, windowMoments(pool, drawnRows(random, pool, current)));
      const { p, testedPairs } = correlationShift(compared, 0);
      pairs += testedPairs;
      for (const [name, level] of Object.entries(levels)) {
        if (testedPairs === 0 || p >= level) continue;
        counts.sure.set(name, (counts.sure.get(name) ?? 0) + 1);
        if (correlationShift(compared, level).state !== 'drift') continue;
        counts.drift.set(name, (counts.drift.get(name) ?? 0) + 1);
      }
    }
  }
  const windows = references * WINDOWS_A_REFERENCE;
  const shares = (which: keyof typeof counts) =>
    Object.keys(levels).map((name) => [`${which} at ${name}`, rounded((counts[which].get(name) ?? 0) / windows)]);
  return {
    M: current,
    windows,
    'tested pairs': rounded(pairs / windows),
    ...Object.fromEntries([...shares('sure'), ...shares('drift')]),
  };
}

interface CorrelationChange {
  readonly columns: Omit<Columns, 'features' | 'ofFirstTwo'>;
  readonly now: number;
}

const changes: readonly CorrelationChange[] = [
  ...[0.1, 0.2, 0.3, 0.4, 0.5].map((now) => ({ columns: { shape: 'normal', correlation: 0 }, now })),
  ...[0.4, 0.2, 0].map((now) => ({ columns: { shape: 'normal', correlation: 0.6 }, now })),
  ...['lognormal', 't with 3 degrees', 'zero-inflated, 60 %', 'two values, 30 %'].flatMap((shape) => [
    { columns: { shape, correlation: 0 }, now: 0.5 },
    { columns: { shape, correlation: 0.6 }, now: 0 },
  ]),
];

/** The first two of ten columns go together otherwise: by how much, to be found? */
export const correlationPower: Table = {
  name: 'correlation-power',
  title:
    'Share of windows in which a changed correlation of two of ten columns is found, N = 10,000, one false alarm a month',
  seed: 20_261_141,
  run: (scale, random) => changes.map((change) => correlationPowerRow(random, change, repetitions(200, scale))),
};

export function correlationPowerRow(random: Random, { columns, now }: CorrelationChange, windows: number): Row {
  const before = columnPool(random, { ...columns, features: 10 });
  const after = { ...columnPool(random, { ...columns, features: 10, ofFirstTwo: now }), standards: before.standards };
  const reference = momentsReference(random, before, drawnRows(random, before, REFERENCE));
  const found = (current: number) => {
    const states = Array.from({ length: windows }, () => {
      const compared = comparedWindow(reference, windowMoments(after, drawnRows(random, after, current)));
      return correlationShift(compared, monthlyEach / 10).state;
    });
    return rounded(states.filter((state) => state === 'drift').length / windows);
  };
  return {
    columns: columns.shape,
    'of normals, before': columns.correlation,
    after: now,
    windows,
    ...Object.fromEntries([100, 300, 1000, 3000].map((current) => [`drift, M = ${current}`, found(current)])),
  };
}
