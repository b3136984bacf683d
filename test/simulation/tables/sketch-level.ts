import {
  BucketEdges,
  EdgeHistogram,
  EmbeddingProjections,
  ExponentialHistogram,
  projectionEdges,
} from '@driftline/sketches';
import { compareCounts } from '../../../packages/collector-processor/src/evaluate/drift/decision/feature-counts.ts';
import {
  DISTRIBUTION_FLOOR,
  partsOf,
} from '../../../packages/collector-processor/src/evaluate/drift/decision/parts.ts';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { distributionTest, isDrift } from '../distribution-test.ts';
import { alignedReference } from '../exponential-reference.ts';
import { referenceOf } from '../features.ts';
import { hypotheses, monthly } from '../levels.ts';
import type { Random } from '../random.ts';
import { realisedLevels, type RareEvents } from '../realised-levels.ts';
import { repetitions, type Row, type Table } from '../table.ts';
import { around, type Population, rankPopulation, scattered, tilted, unmoved } from '../tilted-draws.ts';

const levels = { '0.05': 0.05, '0.001': 0.001, '1e-4': 1e-4, '1.9e-6': monthly / hypotheses } as const;

interface Sketched {
  readonly name: string;
  readonly rows: RareEvents['rows'];
  /** Of each proposal. */
  readonly references: number;
  readonly distances: readonly number[];
  /** Of each pair of scores one partition. */
  population(random: Random): { readonly population: Population; readonly judge: RareEvents['judge'] };
}

const quantile = normalQuantile.factory(0, 1);
const normals = Array.from({ length: 2000 }, (_, i) => quantile((i + 0.5) / 2000));

export const sketched: readonly Sketched[] = [
  exponentialBuckets('a normal', normals, 1000),
  exponentialBuckets(
    'a normal around 100, sd 1',
    normals.map((z) => 100 + z),
    1000,
  ),
  exponentialBuckets('a lognormal', normals.map(Math.exp), 300),
  embedding(8),
];

/** What `working-level` asks of the edges of a profile, of other sketches. */
export const sketchLevel: Table = {
  name: 'sketch-level',
  title: 'Realised false alarms of one feature over the nominal level, by importance sampling',
  seed: 20_261_143,
  run: (scale, random) => sketched.map((one) => sketchLevelRow(random, one, scale)),
};

export function sketchLevelRow(random: Random, { name, rows, ...sketched }: Sketched, scale: number): Row {
  const { population, judge } = sketched.population(random);
  const proposals = population.partitions.flatMap((_, i) => [
    ...around(2 * i, 2 * i + 1).flatMap((direction) =>
      sketched.distances.map((distance) => tilted(population, rows, direction, distance)),
    ),
    ...[1.6, 2.2, 3.3].map((factor) => scattered(population, rows, i, factor)),
  ]);
  return {
    sketch: name,
    N: rows.reference,
    M: rows.current,
    ...realisedLevels(random, {
      population,
      rows,
      levels,
      judge,
      references: repetitions(sketched.references, scale),
      windowsPerReference: 10,
      proposals: [unmoved(population, rows), ...proposals],
    }),
  };
}

/** Senders without a profile against a captured reference. */
function exponentialBuckets(shape: string, values: readonly number[], current: number): Sketched {
  const masses = new Float64Array(values.length).fill(1 / values.length);
  const histogram = (rows: Int32Array) => {
    const exponential = new ExponentialHistogram();
    for (const row of rows) exponential.record(values[row] ?? 0);
    return exponential;
  };
  return {
    name: `exponential buckets of ${shape}`,
    rows: { reference: 10_000, current },
    references: 20,
    distances: [3.6, 5.3],
    population() {
      const { scores, bins } = rankPopulation(values, masses);
      return {
        population: { masses, scores, partitions: [bins] },
        judge(referenceRows) {
          const captured = histogram(referenceRows);
          return (windowRows) => {
            const { reference, current } = alignedReference(captured, histogram(windowRows));
            const test = distributionTest(reference, current);
            return { p: test.p, isDrift: (level) => isDrift(test, level) };
          };
        },
      };
    },
  };
}

const [DIMENSIONS, POOL_ROWS] = [16, 8000];

/** Vectors of a Gaussian with correlated dimensions. */
function embedding(projections: number): Sketched {
  return {
    name: `embeddings, ${projections} projections and the length`,
    rows: { reference: 2000, current: 300 },
    references: 2,
    // The least of nine p-values counts nine times: each works further out.
    distances: [3.6, 4.6, 5.8],
    population(random) {
      const projector = new EmbeddingProjections({ dimensions: DIMENSIONS, seed: 'text', projections });
      const columns = Array.from({ length: projections + 1 }, () => new Float64Array(POOL_ROWS));
      for (let row = 0; row < POOL_ROWS; row++) {
        const common = random.normal();
        const vector = Array.from({ length: DIMENSIONS }, () => 0.5 * common + random.normal());
        for (const [i, value] of [...projector.project(vector)].entries()) columns[i]?.fill(value, row, row + 1);
      }
      const masses = new Float64Array(POOL_ROWS).fill(1 / POOL_ROWS);
      const ranked = columns.map((column) => rankPopulation(column, masses));
      const valuesOf = (rows: Int32Array) =>
        columns.map((column) => Float64Array.from(rows, (row) => column[row] ?? 0));
      return {
        population: {
          masses,
          scores: ranked.flatMap(({ scores }) => scores),
          partitions: ranked.map(({ bins }) => bins),
        },
        judge(referenceRows) {
          const known = valuesOf(referenceRows).map((values) => referenceOf(values, values.length, projectionEdges));
          const edges = known.map(({ edges }) => BucketEdges.of(edges));
          const reference = {
            kind: 'embedding',
            dimensions: DIMENSIONS,
            seed: 'text',
            projections: known,
            missing: 0,
          } as const;
          return (windowRows) => {
            const counts = valuesOf(windowRows).map((values, i) => {
              const histogram = new EdgeHistogram(edges[i] ?? BucketEdges.of([]));
              histogram.recordAll(values);
              return histogram.counts;
            });
            const compared = compareCounts(reference, { kind: 'embedding', projections: counts, missing: 0 });
            if (compared === undefined) throw new TypeError('window and reference have the same buckets');
            const test = partsOf(compared, DISTRIBUTION_FLOOR)[0].test(1);
            return { p: test.p, isDrift: (level) => isDrift(test, level) };
          };
        },
      };
    },
  };
}
