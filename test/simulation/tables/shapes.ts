import { BucketEdges, EdgeHistogram } from '@driftline/sketches';
import { distributionTest, isDrift, numericCounts } from '../distribution-test.ts';
import { referenceOf } from '../features.ts';
import { hypotheses, monthly } from '../levels.ts';
import type { Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const REFERENCES = 400;
const WINDOWS_A_REFERENCE = 20;

interface Shape {
  readonly draw: (random: Random) => number;
  /** By 0.3 of these standard deviations; a number that is discrete stays so. */
  readonly moved: (random: Random) => number;
}

export const drawnShapes: Readonly<Record<string, Shape>> = {
  normal: shifted(1, ({ normal }) => normal()),
  lognormal: shifted(Math.sqrt((Math.E - 1) * Math.E), ({ normal }) => Math.exp(normal())),
  exponential: shifted(1, ({ uniform }) => -Math.log(1 - uniform())),
  uniform: shifted(Math.sqrt(1 / 12), ({ uniform }) => uniform()),
  't with 3 degrees of freedom': shifted(Math.sqrt(3), ({ normal }) => {
    return normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3);
  }),
  'two modes, 4 sd apart': shifted(Math.sqrt(5), ({ normal, uniform }) => normal() + (uniform() < 0.5 ? -2 : 2)),
  // The others grow: their mean of 0.4 by 0.3 of sqrt(0.64).
  '60 % zero, others exponential': {
    draw: ({ uniform }) => (uniform() < 0.6 ? 0 : -Math.log(1 - uniform())),
    moved: ({ uniform }) => (uniform() < 0.6 ? 0 : -1.6 * Math.log(1 - uniform())),
  },
  'whole numbers, mean 2': whole(2),
  'whole numbers, mean 20': whole(20),
};

function shifted(sd: number, draw: Shape['draw']): Shape {
  return { draw, moved: (random) => draw(random) + 0.3 * sd };
}

/** All but Poisson. */
function whole(mean: number): Shape {
  const draws =
    (of: number) =>
    ({ binomial }: Random) =>
      binomial(10_000, of / 10_000);
  return { draw: draws(mean), moved: draws(mean + 0.3 * Math.sqrt(mean)) };
}

/** Raw rows of nine shapes through the product's sketches, with a reference of 1,000 rows. */
export const shapes: Table = {
  name: 'shapes',
  title:
    'Raw rows of nine shapes, N = 1,000, M = 300: share of windows below a level; and 0.3 sd at N = 10,000, M = 1,000',
  seed: 20_261_145,
  run: (scale, random) =>
    Object.entries(drawnShapes).map(([name, shape]) => shapeRow(random, name, shape, repetitions(REFERENCES, scale))),
};

export function shapeRow(random: Random, shape: string, { draw, moved }: Shape, references: number): Row {
  const sample = (rows: number, value = draw) => Float64Array.from({ length: rows }, () => value(random));
  const p: number[] = [];
  for (let i = 0; i < references; i++) {
    const test = against(sample(1000));
    for (let j = 0; j < WINDOWS_A_REFERENCE; j++) p.push(test(sample(300)).p);
  }
  const found = Array.from({ length: references }, () => against(sample(10_000))(sample(1000, moved)));
  const share = (level: number) => rounded(p.filter((one) => one < level).length / p.length);
  return {
    shape,
    windows: p.length,
    'p < 0.05': share(0.05),
    'p < 0.01': share(0.01),
    'p < 0.001': share(0.001),
    '0.3 sd is drift': rounded(found.filter((test) => isDrift(test, monthly / hypotheses)).length / references),
    size: rounded(found.reduce((sum, { size }) => sum + size, 0) / references),
  };
}

function against(values: Float64Array) {
  const reference = referenceOf(values);
  const edges = BucketEdges.of(reference.edges);
  return (window: Float64Array) => {
    const histogram = new EdgeHistogram(edges);
    histogram.recordAll(window);
    return distributionTest(reference, numericCounts(histogram.counts));
  };
}
