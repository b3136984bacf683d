import { BucketEdges, EdgeHistogram } from '@driftline/sketches';
import type { CurrentCounts } from '../../../packages/collector-processor/src/evaluate/drift/decision/feature-counts.ts';
import { distributionTest, isDrift, numericCounts } from '../distribution-test.ts';
import { poissonShares, referenceOf, zipf } from '../features.ts';
import { hypotheses, monthly } from '../levels.ts';
import type { Random } from '../random.ts';
import { realisedLevels, type RareEvents } from '../realised-levels.ts';
import { repetitions, type Row, type Table } from '../table.ts';
import { around, type Population, rankPopulation, scattered, tilted, unmoved } from '../tilted-draws.ts';

const levels = { '0.05': 0.05, '0.001': 0.001, '1e-4': 1e-4, '1.9e-6': monthly / hypotheses } as const;

const cells = [
  { reference: 1000, current: 100 },
  { reference: 10_000, current: 100 },
  { reference: 10_000, current: 1000 },
];

interface Feature {
  readonly name: string;
  readonly population: Population;
  /** What is drawn to look changed, beside what is unmoved. */
  readonly proposals: (rows: (typeof cells)[number]) => RareEvents['proposals'];
  readonly judge: RareEvents['judge'];
  /** Of each proposal. */
  readonly references: number;
}

export const discreteFeatures: readonly Feature[] = [
  numbers('whole numbers, mean 2', poissonShares(2)),
  numbers('whole numbers, mean 20', poissonShares(20)),
  zeroInflated(0.6),
  categories('2 categories', [0.9, 0.1]),
  categories('5 categories', [0.4, 0.25, 0.15, 0.15, 0.05]),
  categories('50 categories', zipf(50, 1)),
];

/** What `working-level` asks of a continuous feature, of values and categories that occur many times. */
export const discreteLevel: Table = {
  name: 'discrete-level',
  title: 'Realised false alarms of one feature over the nominal level, by importance sampling',
  seed: 20_261_142,
  run(scale, random) {
    return discreteFeatures.flatMap((feature) => cells.map((rows) => discreteLevelRow(random, feature, rows, scale)));
  },
};

export function discreteLevelRow(random: Random, feature: Feature, rows: (typeof cells)[number], scale: number): Row {
  const { name, population, proposals, judge, references } = feature;
  return {
    feature: name,
    N: rows.reference,
    M: rows.current,
    ...realisedLevels(random, {
      population,
      rows,
      levels,
      judge,
      references: repetitions(references, scale),
      windowsPerReference: 10,
      proposals: [unmoved(population, rows), ...proposals(rows)],
    }),
  };
}

function numbers(name: string, shares: readonly number[], values: readonly number[] = [...shares.keys()]): Feature {
  const masses = Float64Array.from(shares);
  const { scores, bins } = rankPopulation(values, masses);
  const population = { masses, scores, partitions: [bins] };
  return {
    name,
    population,
    references: 24,
    proposals: (rows) => [
      ...around(0, 1).flatMap((direction) => [3.6, 5.3].map((far) => tilted(population, rows, direction, far))),
      ...[1.6, 2.2, 3.3].map((factor) => scattered(population, rows, 0, factor)),
    ],
    judge(referenceRows) {
      const valuesOf = (rows: Int32Array) => Float64Array.from(rows, (row) => values[row] ?? 0);
      const reference = referenceOf(valuesOf(referenceRows));
      const edges = BucketEdges.of(reference.edges);
      return (windowRows) => {
        const histogram = new EdgeHistogram(edges);
        histogram.recordAll(valuesOf(windowRows));
        const test = distributionTest(reference, numericCounts(histogram.counts));
        return { p: test.p, isDrift: (level) => isDrift(test, level) };
      };
    },
  };
}

/** Zeros, and 400 values as of an exponential. */
function zeroInflated(zeros: number): Feature {
  const steps = 400;
  const positive = Array.from({ length: steps }, (_, i) => -Math.log(1 - (i + 0.5) / steps));
  const shares = positive.map(() => (1 - zeros) / steps);
  return numbers(`${zeros * 100} % zero, others exponential`, [zeros, ...shares], [0, ...positive]);
}

function categories(name: string, shares: readonly number[]): Feature {
  const masses = Float64Array.from(shares);
  const told = shares.length > 10 ? [0, 2, 5, 9, 14, 19, 29, 39, 49] : [...shares.keys()];
  const population: Population = {
    masses,
    // Whether a row has this category.
    scores: told.map((category) => {
      const share = shares[category] ?? 0;
      return masses.map((_, i) => ((i === category ? 1 : 0) - share) / Math.sqrt(share * (1 - share)));
    }),
    partitions: [Int32Array.from(shares.keys())],
  };
  const counted = (rows: Int32Array) => {
    const counts = new Map<string, number>();
    for (const row of rows) counts.set(`category ${row}`, (counts.get(`category ${row}`) ?? 0) + 1);
    return counts;
  };
  return {
    name,
    population,
    references: shares.length > 10 ? 8 : 16,
    proposals: (rows) => [
      ...told.flatMap((_, score) =>
        [1.5, 2.5, 3.6, 5.3, -3.6, -5.3].map((far) => tilted(population, rows, new Map([[score, 1]]), far)),
      ),
      ...[1.6, 2.2, 3.3].flatMap((factor) => Array.from({ length: 4 }, () => scattered(population, rows, 0, factor))),
    ],
    judge(referenceRows) {
      const reference = {
        kind: 'categorical',
        categories: Object.fromEntries(counted(referenceRows)),
        missing: 0,
      } as const;
      return (windowRows) => {
        const current: CurrentCounts = { kind: 'categorical', categories: counted(windowRows), missing: 0 };
        const test = distributionTest(reference, current);
        return { p: test.p, isDrift: (level) => isDrift(test, level) };
      };
    },
  };
}
