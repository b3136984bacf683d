import type { Bin } from '../../packages/collector-processor/src/evaluate/drift/decision/bins.ts';
import type { Random } from './random.ts';
import { rounded, type Row } from './table.ts';
import { type Population, type Proposal, summaryOf } from './tilted-draws.ts';

export interface Judged {
  readonly p: number;
  /** Sure at this level, and far enough. */
  isDrift(level: number): boolean;
}

export interface RareEvents {
  readonly population: Population;
  readonly proposals: readonly Proposal[];
  readonly rows: Bin;
  /** By name. */
  readonly levels: Readonly<Record<string, number>>;
  /** Of each proposal. */
  readonly references: number;
  readonly windowsPerReference: number;
  /** Rows by their positions in the population: first those of a reference, then those of a window. */
  readonly judge: (reference: Int32Array) => (window: Int32Array) => Judged;
}

/**
 * How often a test is below a level without drift, over that level: as many draws from each proposal, weighted by how likely
 * they are without drift over how likely they are in the mixture of all proposals. Standard errors come from how references
 * of one proposal differ, since windows of one reference go together.
 */
export function realisedLevels(
  random: Random,
  { population, proposals, levels, references, windowsPerReference, judge }: RareEvents,
): Row {
  const tallies = Object.entries(levels).map(([name, level]) => ({ name, level, share: 0, variance: 0, drift: 0 }));
  const share = 1 / (proposals.length * references * windowsPerReference);
  let total = 0;
  for (const proposal of proposals) {
    const shares = tallies.map(() => new Float64Array(references));
    for (let i = 0; i < references; i++) {
      const reference = proposal.reference.draw(random);
      const seen = summaryOf(population, reference);
      const ofReference = proposals.map((one) => one.reference.logRatio(seen));
      const judged = judge(reference);
      for (let j = 0; j < windowsPerReference; j++) {
        const window = proposal.current.draw(random);
        const summary = summaryOf(population, window);
        let density = 0;
        for (const [k, one] of proposals.entries()) {
          density += Math.exp((ofReference[k] ?? 0) + one.current.logRatio(summary));
        }
        const weight = (proposals.length / density) * share;
        total += weight;
        const verdict = judged(window);
        for (const [k, tally] of tallies.entries()) {
          const ofLevel = shares[k];
          if (ofLevel === undefined || verdict.p >= tally.level) continue;
          ofLevel[i] = (ofLevel[i] ?? 0) + weight;
          if (verdict.isDrift(tally.level)) tally.drift += weight;
        }
      }
    }
    for (const [k, tally] of tallies.entries()) {
      const ofLevel = shares[k] ?? new Float64Array();
      const sum = ofLevel.reduce((before, one) => before + one, 0);
      const squares = ofLevel.reduce((before, one) => before + (one - sum / references) ** 2, 0);
      tally.share += sum;
      tally.variance += (squares * references) / Math.max(1, references - 1);
    }
  }
  const columns = tallies.flatMap(({ name, level, share, variance, drift }) => [
    [`sure / ${name}`, rounded(share / level)] as const,
    [`± / ${name}`, rounded(Math.sqrt(variance) / level)] as const,
    [`drift / ${name}`, rounded(drift / level)] as const,
  ]);
  const draws = proposals.length * references * windowsPerReference;
  return { draws, 'mean weight': rounded(total), ...Object.fromEntries(columns) };
}
