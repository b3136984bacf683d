import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { type NumericReference, storedBins } from '@driftline/sketches';
import {
  numericScatter,
  seasonalInflation,
} from '../../../packages/collector-processor/src/evaluate/drift/decision/seasonal-inflation.ts';
import { distributionTest, isDrift, numericCounts } from '../distribution-test.ts';
import { referenceOf } from '../features.ts';
import { hypotheses, monthly } from '../levels.ts';
import { multinomial, type Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const [SLOTS, ROWS, WINDOWS_A_SLOT] = [24, 1000, 12];
const AMPLITUDE = 0.5;
const LEVEL = monthly / hypotheses;
const cdf = normalCdf.factory(0, 1);

const cells = [0, 0.05, 0.1, 0.2].flatMap((wobble) => [4, 7, 14].map((days) => ({ wobble, days })));

/** A daily cycle of half a standard deviation; windows of 1,000 rows against the same hour of earlier days. */
export const seasons: Table = {
  name: 'seasons',
  title: 'Windows of a daily cycle of 0.5 sd against the same hour of D days, levels wobbling from day to day',
  seed: 20_261_135,
  run: (scale, random) => cells.map((cell) => seasonRow(random, cell, repetitions(12, scale))),
};

function seasonRow(
  random: Random,
  { wobble, days }: { readonly wobble: number; readonly days: number },
  cycles: number,
): Row {
  const plain = referenceOf(Float64Array.from({ length: 20_000 }, () => 1.06 * random.normal()));
  const counts = { whole: 0, independent: 0, calibrated: 0, sure: 0, found: 0, phi: 0 };
  const levelOf = (slot: number) => AMPLITUDE * Math.sin((2 * Math.PI * slot) / SLOTS) + wobble * random.normal();
  for (let cycle = 0; cycle < cycles; cycle++) {
    const slots = Array.from({ length: SLOTS }, (_, slot) =>
      Array.from({ length: days }, () => drawn(random, plain, ROWS * WINDOWS_A_SLOT, levelOf(slot))),
    );
    const scatter = numericScatter(plain, slots);
    const everything = withCounts(plain, added(slots.flat()));
    for (const [slot, earlier] of slots.entries()) {
      const reference = withCounts(plain, added(earlier));
      const rows = { reference: days * ROWS * WINDOWS_A_SLOT, current: ROWS };
      const phi = seasonalInflation(scatter, { periods: days, rows });
      const level = levelOf(slot);
      const window = numericCounts(drawn(random, plain, ROWS, level));
      const moved = numericCounts(drawn(random, plain, ROWS, level + 0.5));
      const test = distributionTest(reference, window, phi);
      counts.phi += phi;
      if (isDrift(distributionTest(everything, window), LEVEL)) counts.whole++;
      if (isDrift(distributionTest(reference, window), LEVEL)) counts.independent++;
      if (isDrift(test, LEVEL)) counts.calibrated++;
      if (test.p < 0.001) counts.sure++;
      if (isDrift(distributionTest(reference, moved, phi), LEVEL)) counts.found++;
    }
  }
  const windows = cycles * SLOTS;
  const share = (count: number) => rounded(count / windows);
  return {
    'wobble, sd': wobble,
    D: days,
    windows,
    'mean phi': share(counts.phi),
    'drift against all hours': share(counts.whole),
    'drift, same hour, independent': share(counts.independent),
    'drift, same hour, calibrated': share(counts.calibrated),
    'p < 0.001, calibrated': share(counts.sure),
    '0.5 sd found': share(counts.found),
  };
}

function drawn(random: Random, { edges }: NumericReference, rows: number, level: number): Float64Array {
  const below = [...edges.map((edge) => cdf(edge - level)), 1];
  return multinomial(
    random,
    rows,
    below.map((share, i) => share - (below[i - 1] ?? 0)),
  );
}

function withCounts(reference: NumericReference, counts: Float64Array): NumericReference {
  return { ...reference, counts: Array.from(counts), bins: storedBins(counts, reference.quantileEdges) };
}

function added(all: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(all[0]?.length ?? 0);
  for (const counts of all) for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (counts[i] ?? 0);
  return sum;
}
