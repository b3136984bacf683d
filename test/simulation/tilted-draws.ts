import gammaln from '@stdlib/math-base-special-gammaln';
import type { Bin } from '../../packages/collector-processor/src/evaluate/drift/decision/bins.ts';
import { rankScores } from '../../packages/collector-processor/src/evaluate/drift/decision/location-spread.ts';
import { AliasTable } from './alias-table.ts';
import { dirichlet, multinomial, type Random } from './random.ts';

/** Finitely many kinds of rows, from which references and windows are drawn. */
export interface Population {
  /** Shares of 1. */
  readonly masses: Float64Array;
  /** Along these a window is made to differ from its reference; of mean 0 and variance 1 in the population. */
  readonly scores: readonly Float64Array[];
  /** The bin of each kind of row: bins are made to scatter more. */
  readonly partitions: readonly Int32Array[];
}

/**
 * How references and windows are drawn to see what is rare without drift. The density of what was drawn is known under
 * each, so that each draw can be weighted by how likely it is without drift: importance sampling from a mixture.
 */
export interface Proposal {
  readonly reference: Side;
  readonly current: Side;
}

interface Side {
  draw(random: Random): Int32Array;
  /** ln of how much likelier such rows are here than without drift. */
  logRatio(seen: Summary): number;
}

/** All that densities depend on. */
interface Summary {
  /** Of each score. */
  readonly sums: Float64Array;
  /** Of each partition, the rows by bin. */
  readonly counts: readonly Float64Array[];
}

export function summaryOf({ scores, partitions }: Population, rows: Int32Array): Summary {
  return {
    sums: Float64Array.from(scores, (score) => rows.reduce((sum, row) => sum + (score[row] ?? 0), 0)),
    counts: partitions.map((bins) => {
      const counts = new Float64Array(binsIn(bins));
      for (const row of rows) counts[bins[row] ?? 0] = (counts[bins[row] ?? 0] ?? 0) + 1;
      return counts;
    }),
  };
}

/** Nothing changed. */
export function unmoved({ masses }: Population, rows: Bin): Proposal {
  const table = new AliasTable(masses);
  const side = (count: number): Side => ({ draw: (random) => drawn(random, table, count), logRatio: () => 0 });
  return { reference: side(rows.reference), current: side(rows.current) };
}

/**
 * The mean of a score (or of a sum of scores, by their coefficients) differs between both sides by so many standard errors.
 * Both are tilted exponentially, by as much as makes that likeliest: of a large reference little.
 */
export function tilted(
  population: Population,
  rows: Bin,
  coefficients: ReadonlyMap<number, number>,
  distance: number,
): Proposal {
  const step = distance / Math.sqrt(1 / rows.reference + 1 / rows.current);
  const side = (count: number, sign: number): Side => {
    const exponents = new Float64Array(population.masses.length);
    for (const [score, coefficient] of coefficients) {
      const by = (sign * step * coefficient) / count;
      for (let i = 0; i < exponents.length; i++) {
        exponents[i] = (exponents[i] ?? 0) + by * (population.scores[score]?.[i] ?? 0);
      }
    }
    const masses = population.masses.map((mass, i) => mass * Math.exp(exponents[i] ?? 0));
    const logNorm = Math.log(masses.reduce((sum, mass) => sum + mass, 0));
    const table = new AliasTable(masses);
    return {
      draw: (random) => drawn(random, table, count),
      logRatio({ sums }) {
        let ratio = -count * logNorm;
        for (const [score, coefficient] of coefficients) {
          ratio += ((sign * step * coefficient) / count) * (sums[score] ?? 0);
        }
        return ratio;
      },
    };
  };
  return { reference: side(rows.reference, -1), current: side(rows.current, 1) };
}

/** Eight directions in the plane of two scores. */
export function around(one: number, other: number): readonly ReadonlyMap<number, number>[] {
  return Array.from({ length: 8 }, (_, i) => {
    const angle = (i * Math.PI) / 4;
    return new Map([
      [one, Math.cos(angle)],
      [other, Math.sin(angle)],
    ]);
  });
}

/** Rows of a bin vary `factor` times as much between both sides as they do by chance; inside of bins nothing changes. */
export function scattered(population: Population, rows: Bin, partition: number, factor: number): Proposal {
  const bins = population.partitions[partition] ?? new Int32Array();
  const shares = new Float64Array(binsIn(bins));
  for (const [i, mass] of population.masses.entries()) shares[bins[i] ?? 0] = (shares[bins[i] ?? 0] ?? 0) + mass;
  const inside = Array.from(shares, (_, bin) => {
    const members = Int32Array.from(bins.keys()).filter((i) => bins[i] === bin);
    return { members, table: new AliasTable(Float64Array.from(members, (i) => population.masses[i] ?? 0)) };
  });
  const all = rows.reference + rows.current;
  const side = (count: number): Side => {
    const inflation = 1 + (factor - 1) * (1 - count / all);
    // Counts of a Dirichlet-multinomial of this concentration vary so many times as those of a multinomial.
    const concentration = (count - inflation) / (inflation - 1);
    const shapes = shares.map((share) => share * concentration);
    return {
      draw(random) {
        const counts = multinomial(random, count, dirichlet(random, shapes));
        const rows = new Int32Array(count);
        let filled = 0;
        for (const [bin, { members, table }] of inside.entries()) {
          for (const end = filled + (counts[bin] ?? 0); filled < end; filled++) {
            rows[filled] = members[table.draw(random)] ?? 0;
          }
        }
        return rows;
      },
      logRatio({ counts }) {
        let ratio = gammaln(concentration) - gammaln(concentration + count);
        for (const [bin, shape] of shapes.entries()) {
          const seen = counts[partition]?.[bin] ?? 0;
          if (seen > 0) ratio += gammaln(seen + shape) - gammaln(shape) - seen * Math.log(shares[bin] ?? 0);
        }
        return ratio;
      },
    };
  };
  return { reference: side(rows.reference), current: side(rows.current) };
}

const TWENTIETH = 0.05 - 1e-9;

/** Location and spread of the ranks of values, and twenty bins of them: what the tests of a number look at. */
export function rankPopulation(values: ArrayLike<number>, masses: Float64Array) {
  const order = Array.from({ length: values.length }, (_, i) => i).toSorted(
    (a, b) => (values[a] ?? 0) - (values[b] ?? 0),
  );
  const groups: number[][] = [];
  for (const i of order) {
    const last = groups.at(-1);
    if (last !== undefined && values[last[0] ?? 0] === values[i]) last.push(i);
    else groups.push([i]);
  }
  const shares = groups.map((group) => group.reduce((sum, i) => sum + (masses[i] ?? 0), 0));
  const ofGroups = rankScores(shares);
  const scores = ofGroups.map(() => new Float64Array(values.length));
  const bins = new Int32Array(values.length);
  let [bin, filled, left] = [0, 0, 1];
  for (const [g, group] of groups.entries()) {
    for (const i of group) {
      bins[i] = bin;
      for (const [s, score] of scores.entries()) score[i] = ofGroups[s]?.[g] ?? 0;
    }
    filled += shares[g] ?? 0;
    left -= shares[g] ?? 0;
    // A bin is a twentieth, or what more one value has; the last is what is left.
    if (filled >= TWENTIETH && left >= TWENTIETH) [bin, filled] = [bin + 1, 0];
  }
  return { scores, bins };
}

function drawn(random: Random, table: AliasTable, count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let i = 0; i < count; i++) rows[i] = table.draw(random);
  return rows;
}

function binsIn(bins: Int32Array): number {
  return bins.reduce((most, bin) => Math.max(most, bin), 0) + 1;
}
