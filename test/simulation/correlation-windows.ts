import { CoMoments } from '@driftline/sketches';
import { compareMoments } from '../../packages/collector-processor/src/evaluate/multivariate/compared-moments.ts';
import { correlationShift } from '../../packages/collector-processor/src/evaluate/multivariate/correlation-shift.ts';
import { CoMomentReferenceCounter } from '../../packages/collector-processor/src/reference/co-moment-reference.ts';
import { normal, seededRandom } from '../support/seeded-profile.ts';

type Shape = (standardNormal: number, random: () => number) => number;

/** What real columns look like, made from normals that may go together. */
export const shapes: Readonly<Record<string, Shape>> = {
  normal: (z) => z,
  lognormal: (z) => Math.exp(z),
  't with 3 degrees': (z, random) =>
    z / Math.sqrt((normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2) / 3),
  'zero-inflated, 60 %': (z) => (z < 0.2533 ? 0 : Math.exp(z)),
  'whole numbers': (z) => Math.max(0, Math.round(1 + z)),
  'two values, 30 %': (z) => (z > 0.5244 ? 1 : 0),
  'two values, 5 %': (z) => (z > 1.6449 ? 1 : 0),
};

export interface CorrelationSimulation {
  /** A name of `shapes`, or `mixed`: one after the other. */
  readonly shape: string;
  readonly features: number;
  /** Correlation of the normals behind the features. */
  readonly correlation: number;
  readonly referenceRows: number;
  readonly windowRows: number;
  readonly windows: number;
  readonly windowsPerReference: number;
  readonly seed: number;
  readonly alphas: readonly number[];
  /** Of the first two features in the windows; without it nothing changes. */
  readonly changedCorrelation?: number;
}

export interface SimulatedLevel {
  readonly alpha: number;
  /** Share of windows with any adjusted p below alpha. */
  readonly significant: number;
  readonly drift: number;
}

export interface SimulatedCorrelations {
  readonly testedPairs: number;
  readonly levels: readonly SimulatedLevel[];
}

const POOL_ROWS = 100_000;

/** Windows and references drawn from one population; with a change, windows from another. */
export function simulateCorrelations(simulation: CorrelationSimulation): SimulatedCorrelations {
  const { shape, features, correlation, referenceRows, windowRows, windows, windowsPerReference, alphas } = simulation;
  const random = seededRandom(simulation.seed);
  const kinds = shape === 'mixed' ? Object.values(shapes) : [shapes[shape] ?? shapes.normal!];
  const population = (changed?: number) =>
    Array.from({ length: POOL_ROWS }, () => {
      const common = normal(random);
      const row = Array.from({ length: features }, () => mixed(common, normal(random), correlation));
      if (changed !== undefined) row[1] = mixed(row[0] ?? 0, normal(random), changed ** 2);
      return Float64Array.from(row, (z, i) => kinds[i % kinds.length]!(z, random));
    });
  const before = population();
  const now = simulation.changedCorrelation === undefined ? before : population(simulation.changedCorrelation);
  const standards = Array.from({ length: features }, (_, i) => ({ name: `x${i}`, ...momentsOf(before, i) }));
  const found = alphas.map(() => ({ significant: 0, drift: 0 }));
  let testedPairs = 0;
  let judged = 0;
  while (judged < windows) {
    const counter = new CoMomentReferenceCounter(standards, random);
    for (let i = 0; i < referenceRows; i++) counter.record(drawn(before, random), -1);
    const profile = counter.reference();
    if (profile === undefined) throw new Error('no reference');
    const reference = { ...profile, names: profile.features, shape: profile };
    for (let window = 0; window < windowsPerReference && judged < windows; window++, judged++) {
      const { count, means, sums } = windowOf(now, standards, windowRows, random);
      const compared = compareMoments(reference, { names: profile.features, count, means, sums });
      if (compared === undefined) throw new Error('nothing in common');
      const { p, testedPairs: tested } = correlationShift(compared, 0.5);
      testedPairs += tested;
      alphas.forEach((alpha, i) => {
        if (tested === 0 || p >= alpha) return;
        found[i]!.significant += 1 / windows;
        if (correlationShift(compared, alpha).state === 'drift') found[i]!.drift += 1 / windows;
      });
    }
  }
  return { testedPairs: testedPairs / windows, levels: found.map((one, i) => ({ alpha: alphas[i] ?? 0, ...one })) };
}

function mixed(common: number, own: number, share: number): number {
  return Math.sqrt(share) * common + Math.sqrt(1 - share) * own;
}

function drawn<Row>(rows: readonly Row[], random: () => number): Row {
  return rows[Math.floor(random() * rows.length)]!;
}

function windowOf(
  rows: readonly Float64Array[],
  standards: ConstructorParameters<typeof CoMoments>[0],
  count: number,
  random: () => number,
): CoMoments {
  const moments = new CoMoments(standards);
  for (let i = 0; i < count; i++) moments.record(drawn(rows, random));
  return moments;
}

function momentsOf(rows: readonly Float64Array[], feature: number): { readonly mean: number; readonly sd: number } {
  const mean = rows.reduce((sum, row) => sum + (row[feature] ?? 0), 0) / rows.length;
  const squares = rows.reduce((sum, row) => sum + ((row[feature] ?? 0) - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (rows.length - 1)) };
}
