import { rankScores } from '../../../packages/collector-processor/src/evaluate/drift/decision/location-spread.ts';
import { numberOfBins } from '../../../packages/collector-processor/src/evaluate/drift/decision/bins.ts';
import gammaln from '@stdlib/math-base-special-gammaln';
import type { NumericReference } from '@driftline/sketches';
import { distributionTest, isDrift, numericCounts } from '../distribution-test.ts';
import { gapsBetween, referenceOf } from '../features.ts';
import { featureEdges } from '@driftline/sketches';
import { monthly, monthlyEach, hypotheses } from '../levels.ts';
import { dirichlet, multinomial, type Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const DRAWS = 3000;

const levels = {
  '0.001': 0.001,
  '1e-4': 1e-4,
  '1e-5': 1e-5,
  '1.9e-6': monthly / hypotheses,
  '9.6e-7': monthlyEach / hypotheses,
} as const;

const cells = [
  { reference: 500, current: 100 },
  { reference: 500, current: 100_000 },
  { reference: 1000, current: 100 },
  { reference: 1000, current: 1000 },
  { reference: 1000, current: 10_000 },
  { reference: 10_000, current: 100 },
  { reference: 10_000, current: 300 },
  { reference: 10_000, current: 1000 },
  { reference: 10_000, current: 3600 },
  { reference: 10_000, current: 12_000 },
  { reference: 10_000, current: 100_000 },
  { reference: 100_000, current: 1000 },
] as const;

/**
 * How often the test of a continuous feature is below a level that small, over that level. Drawn by importance sampling,
 * since one in a million would need a thousand million draws.
 */
export const workingLevel: Table = {
  name: 'working-level',
  title: 'Realised false alarms of one continuous feature over the nominal level, by importance sampling',
  seed: 20_261_133,
  run(scale, random) {
    return cells.map((cell) => workingLevelRow(random, cell, repetitions(DRAWS, scale)));
  },
};

export function workingLevelRow(
  random: Random,
  { reference: rows, current }: { readonly reference: number; readonly current: number },
  draws: number,
): Row {
  const ranks = Float64Array.from({ length: rows }, (_, i) => i + 1);
  const reference = referenceOf(ranks, rows, { ...featureEdges, linear: 0 });
  const proposals = proposalsFor(reference, rows, current);
  const sums = Object.values(levels).map(() => ({ hits: 0, squares: 0, drifts: 0 }));
  let total = 0;
  for (let draw = 0; draw < draws; draw++) {
    const proposal = proposals[Math.floor(random.uniform() * proposals.length)];
    if (proposal === undefined) throw new RangeError('a share below 1 names a proposal');
    const counts = proposal.draw(random);
    const weight = proposals.length / proposals.reduce((sum, one) => sum + Math.exp(one.logRatio(counts)), 0);
    total += weight;
    const test = distributionTest(reference, numericCounts(counts));
    for (const [i, level] of Object.values(levels).entries()) {
      const sum = sums[i];
      if (sum === undefined || test.p >= level) continue;
      sum.hits += weight;
      sum.squares += weight ** 2;
      if (isDrift(test, level)) sum.drifts += weight;
    }
  }
  const ratios = Object.entries(levels).flatMap(([name, level], i) => {
    const { hits, squares, drifts } = sums[i] ?? { hits: NaN, squares: NaN, drifts: NaN };
    const share = hits / draws;
    const error = Math.sqrt(Math.max(0, squares / draws - share ** 2) / draws);
    return [
      [`sure / ${name}`, rounded(share / level)],
      [`± / ${name}`, rounded(error / level)],
      [`drift / ${name}`, rounded(drifts / draws / level)],
    ] as const;
  });
  return { N: rows, M: current, draws, 'mean weight': rounded(total / draws), ...Object.fromEntries(ratios) };
}

interface Proposal {
  draw(random: Random): Float64Array;
  /** ln of how much likelier these counts are here than without drift. */
  logRatio(counts: Float64Array): number;
}

/**
 * Without drift the counts of a window between order statistics of its reference are Dirichlet-multinomial, with the
 * gaps between ranks as parameters. Windows that look like drift are drawn from the same with other parameters: tilted
 * along location and spread, and with bins that scatter more.
 */
function proposalsFor(reference: NumericReference, rows: number, current: number): readonly Proposal[] {
  const gaps = gapsBetween(reference.edges, rows);
  const all = sum(gaps);
  const [location, spread] = rankScores(gaps.map((gap) => gap / all));
  const effective = (rows * current) / (rows + current);
  const directions = Array.from({ length: 8 }, (_, i) => (i * Math.PI) / 4);
  const tilts = [3.6, 5.3].flatMap((distance) =>
    directions.map((direction) => {
      const step = distance / Math.sqrt(effective);
      const weights = gaps.map(
        (gap, i) =>
          gap *
          Math.exp(step * (Math.cos(direction) * (location?.[i] ?? 0) + Math.sin(direction) * (spread?.[i] ?? 0))),
      );
      const scale = all / sum(weights);
      return tilted(
        gaps,
        weights.map((weight) => weight * scale),
        current,
      );
    }),
  );
  const closing = reference.bins[numberOfBins({ reference: rows, current })];
  const scattered = [2, 3.3].map((factor) => scatteredBins(gaps, closing, factor, current));
  const unmoved: Proposal = {
    draw: (random) => multinomial(random, current, dirichlet(random, gaps)),
    logRatio: () => 0,
  };
  return [unmoved, ...tilts, ...scattered, ...scattered, ...scattered];
}

function tilted(gaps: readonly number[], parameters: readonly number[], current: number): Proposal {
  const constant =
    gammaln(sum(parameters)) -
    gammaln(sum(parameters) + current) -
    (gammaln(sum(gaps)) - gammaln(sum(gaps) + current)) -
    logGammas(parameters) +
    logGammas(gaps);
  return {
    draw: (random) => multinomial(random, current, dirichlet(random, parameters)),
    logRatio(counts) {
      let ratio = constant;
      for (let i = 0; i < gaps.length; i++) {
        const count = counts[i] ?? 0;
        const gap = gaps[i] ?? 0;
        if (count > 0 && gap > 0) ratio += gammaln(count + (parameters[i] ?? 0)) - gammaln(count + gap);
        else if (gap > 0) ratio += gammaln(parameters[i] ?? 0) - gammaln(gap);
      }
      return ratio;
    },
  };
}

/** Bins of which the variance is `factor` times as large; inside of a bin nothing is changed. */
function scatteredBins(gaps: readonly number[], closing: readonly number[], factor: number, current: number): Proposal {
  const all = sum(gaps);
  const binOf = gaps.map((_, bucket) => closing.filter((last) => last < bucket).length);
  const inBins = (values: ArrayLike<number>) => {
    const sums = Array.from({ length: closing.length + 1 }, () => 0);
    for (let i = 0; i < values.length; i++) sums[binOf[i] ?? 0] = (sums[binOf[i] ?? 0] ?? 0) + (values[i] ?? 0);
    return sums;
  };
  const before = inBins(gaps);
  // A Dirichlet-multinomial has (M + A) / (1 + A) times the variance of a multinomial.
  const inflated = Math.min((factor * (current + all)) / (1 + all), 0.9 * current);
  const concentration = (current - inflated) / (inflated - 1);
  const after = before.map((parameter) => (parameter * concentration) / all);
  const bins = tilted(before, after, current);
  return {
    draw(random) {
      const counts = new Float64Array(gaps.length);
      const ofBins = multinomial(random, current, dirichlet(random, after));
      for (const [bin, rows] of ofBins.entries()) {
        const inside = multinomial(
          random,
          rows,
          dirichlet(
            random,
            gaps.map((gap, bucket) => (binOf[bucket] === bin ? gap : 0)),
          ),
        );
        for (const [bucket, count] of inside.entries()) if (count > 0) counts[bucket] = count;
      }
      return counts;
    },
    logRatio: (counts) => bins.logRatio(Float64Array.from(inBins(counts))),
  };
}

function logGammas(parameters: readonly number[]): number {
  return parameters.reduce((total, parameter) => (parameter > 0 ? total + gammaln(parameter) : total), 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
