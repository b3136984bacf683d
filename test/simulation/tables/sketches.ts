import { EmbeddingProjections, ExponentialHistogram, projectionEdges } from '@driftline/sketches';
import { BucketEdges, EdgeHistogram } from '@driftline/sketches';
import { judge } from '../../../packages/collector-processor/src/evaluate/drift/decision/judge.ts';
import { distributionTest, isDrift, numericCounts } from '../distribution-test.ts';
import { referenceOf } from '../features.ts';
import { hypotheses, monthly } from '../levels.ts';
import type { Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';
import { alignedReference } from '../exponential-reference.ts';

const [REFERENCE, ROWS] = [10_000, 1000];
const LEVEL = monthly / hypotheses;

const shapes: Readonly<Record<string, (random: Random) => number>> = {
  normal: (random) => random.normal(),
  'normal around 100, sd 1': (random) => 100 + random.normal(),
  lognormal: (random) => Math.exp(random.normal()),
  exponential: (random) => -Math.log(1 - random.uniform()),
  uniform: (random) => random.uniform(),
  't with 3 degrees of freedom': (random) =>
    random.normal() / Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3),
  '60 % zero, others exponential': (random) => (random.uniform() < 0.6 ? 0 : -Math.log(1 - random.uniform())),
  'whole numbers, mean 20': (random) => random.binomial(400, 0.05),
};

/** Raw rows through the product's sketches: edges of a profile, and exponential buckets brought to a captured reference. */
export const sketches: Table = {
  name: 'sketches',
  title: 'Raw rows of eight shapes, N = 10,000, M = 1,000: share of windows below a level, and a shift of 0.3 sd',
  seed: 20_261_136,
  run: (scale, random) =>
    Object.entries(shapes).flatMap(([name, draw]) => shapeRows(random, name, draw, repetitions(60, scale))),
};

function shapeRows(
  random: Random,
  shape: string,
  draw: (random: Random) => number,
  references: number,
): readonly Row[] {
  const windowsOfOne = 10;
  const sample = (rows: number, shift = 0) => Float64Array.from({ length: rows }, () => draw(random) + shift);
  const sd = deviation(sample(20_000));
  const tallies = {
    'edges of the profile': { p: [] as number[], found: 0 },
    'exponential buckets': { p: [] as number[], found: 0 },
  };
  for (let i = 0; i < references; i++) {
    const values = sample(REFERENCE);
    const profile = referenceOf(values);
    const captured = exponential(values);
    const byEdges = (window: Float64Array) => {
      const histogram = new EdgeHistogram(BucketEdges.of(profile.edges));
      histogram.recordAll(window);
      return distributionTest(profile, numericCounts(histogram.counts));
    };
    const byBuckets = (window: Float64Array) => {
      const { reference, current } = alignedReference(captured, exponential(window));
      return distributionTest(reference, current);
    };
    for (let j = 0; j < windowsOfOne; j++) {
      const window = sample(ROWS);
      tallies['edges of the profile'].p.push(byEdges(window).p);
      tallies['exponential buckets'].p.push(byBuckets(window).p);
    }
    const moved = sample(ROWS, 0.3 * sd);
    if (isDrift(byEdges(moved), LEVEL)) tallies['edges of the profile'].found++;
    if (isDrift(byBuckets(moved), LEVEL)) tallies['exponential buckets'].found++;
  }
  return Object.entries(tallies).map(([buckets, { p, found }]) => {
    const share = (level: number) => rounded(p.filter((one) => one < level).length / p.length);
    return {
      shape,
      buckets,
      windows: p.length,
      'p < 0.05': share(0.05),
      'p < 0.01': share(0.01),
      'p < 0.001': share(0.001),
      '0.3 sd is drift': rounded(found / references),
    };
  });
}

function exponential(values: Float64Array): ExponentialHistogram {
  const histogram = new ExponentialHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

const [DIMENSIONS, PROJECTIONS] = [16, 8];

/** Vectors of a Gaussian with correlated dimensions; the mean of half of them moves. */
export const embeddings: Table = {
  name: 'embeddings',
  title: 'Embeddings of 16 dimensions, 8 projections and the length, N = 2,000, M = 300',
  seed: 20_261_137,
  run: (scale, random) => [0, 0.2, 0.4].map((shift) => embeddingRow(random, shift, repetitions(100, scale))),
};

function embeddingRow(random: Random, shift: number, windows: number): Row {
  const projector = new EmbeddingProjections({ dimensions: DIMENSIONS, seed: 'text', projections: PROJECTIONS });
  const project = (rows: number, by: number) => {
    const columns = Array.from({ length: PROJECTIONS + 1 }, () => new Float64Array(rows));
    for (let row = 0; row < rows; row++) {
      const common = random.normal();
      const vector = Array.from(
        { length: DIMENSIONS },
        (_, i) => 0.5 * common + random.normal() + (i < DIMENSIONS / 2 ? by : 0),
      );
      for (const [i, value] of [...projector.project(vector)].entries()) {
        const column = columns[i];
        if (column !== undefined) column[row] = value;
      }
    }
    return columns;
  };
  const p = Array.from({ length: windows }, () => {
    const projections = project(2000, 0).map((values) => referenceOf(values, 2000, projectionEdges));
    const moved = project(300, shift);
    const counts = projections.map(({ edges }, i) => {
      const histogram = new EdgeHistogram(BucketEdges.of(edges));
      histogram.recordAll(moved[i] ?? []);
      return histogram.counts;
    });
    const [verdict] = judge({
      features: [
        {
          name: 'text',
          reference: { kind: 'embedding', dimensions: DIMENSIONS, seed: 'text', projections, missing: 0 },
          current: { kind: 'embedding', projections: counts, missing: 0 },
        },
      ],
      alpha: 0.05,
    });
    const part = verdict?.parts.find(({ part }) => part === 'distribution');
    return { p: part?.p ?? 1, size: part?.size ?? 0 };
  });
  const share = (level: number) => rounded(p.filter((one) => one.p < level).length / windows);
  return {
    'shift of half of the dimensions, sd': shift,
    windows,
    'p < 0.05': share(0.05),
    'p < 0.01': share(0.01),
    'p < 1.9e-6 and size': rounded(p.filter((one) => isDrift({ ...one, direction: '' }, LEVEL)).length / windows),
  };
}
