import { BucketEdges, EdgeHistogram, type NumericReference } from '@driftline/sketches';
import { inflationOf } from '../../../packages/collector-processor/src/evaluate/drift/decision/inflation.ts';
import { calibrate } from '../../../packages/collector-processor/src/reference/calibration.ts';
import { distributionTest, numericCounts } from '../distribution-test.ts';
import { referenceOf } from '../features.ts';
import { hypotheses, monthly } from '../levels.ts';
import type { Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const [ROWS, FEATURES, WINDOWS] = [1000, 10, 20];
const LEVELS = { '0.001': 0.001, '1e-4': 1e-4, '1.9e-6': monthly / hypotheses } as const;

interface Rows {
  readonly values: Float64Array;
  /** ln of how much likelier these rows are with each of the tilts than without. */
  readonly logRatios: readonly number[];
}

interface Stream {
  readonly name: string;
  readonly tilts: readonly number[];
  /** One feature over time; each call gives the rows of the next chunk or window. */
  start(random: Random): (tilt: number) => Rows;
}

const streams: readonly Stream[] = [
  ofUsers(20, 0.1),
  ofUsers(20, 0.3),
  ofUsers(100, 0.1),
  partlyOfUsers(0.2, 100, 0.3),
  wandering(0.1, 0.9),
  wandering(0.1, 0.98),
];

interface Cell {
  readonly stream: Stream;
  readonly chunks: number;
  /** Of the other features; that of the judged ones where absent. */
  readonly others?: Stream;
}

const cells: readonly Cell[] = [
  ...streams.flatMap((stream) => [20, 50].map((chunks) => ({ stream, chunks }))),
  ...[20, 50].map((chunks) => ({ stream: ofUsers(20, 0.1), chunks, others: independent() })),
];

/** Rows that depend on each other, with the calibration of `profile build --time`, against the rule for independent ones. */
export const dependentRows: Table = {
  name: 'dependent-rows',
  title: 'Realised false alarms of one numeric feature, windows and chunks of 1,000 rows',
  seed: 20_261_134,
  run: (scale, random) => cells.map((cell) => dependentRow(random, cell, repetitions(cell.others ? 100 : 20, scale))),
};

export function dependentRow(random: Random, { stream, chunks, others }: Cell, references: number): Row {
  const judged = others === undefined ? FEATURES : 1;
  const tallies: Map<string, number>[] = [];
  let found = 0;
  let phis = 0;
  for (let i = 0; i < references; i++) {
    const tally = new Map<string, number>();
    const add = (name: string, weight: number) => tally.set(name, (tally.get(name) ?? 0) + weight);
    tallies.push(tally);
    const features = Array.from({ length: FEATURES }, (_, j) => {
      return calibrated(random, j < judged ? stream : (others ?? stream), chunks);
    });
    const { calibration, columns } = calibrate(
      features.map(({ built }) => built),
      chunks,
      chunks * ROWS,
    );
    for (const [j, { reference, next }] of features.slice(0, judged).entries()) {
      const column = columns[j]?.reference ?? reference;
      const both = { reference: chunks * ROWS, current: ROWS };
      const phi = inflationOf('distribution', column, both, { calibration });
      phis += phi;
      for (let window = 0; window < WINDOWS; window++) {
        const proposals = [0, ...stream.tilts];
        const tilt = proposals[Math.floor(random.uniform() * proposals.length)] ?? 0;
        const rows = next(tilt);
        const density = 1 + rows.logRatios.reduce((sum, ratio) => sum + Math.exp(ratio), 0);
        const weight = proposals.length / density;
        const counts = numericCounts(countsOn(reference, rows.values));
        const [independent, corrected] = [1, phi].map((inflation) => distributionTest(reference, counts, inflation).p);
        for (const [name, level] of Object.entries(LEVELS)) {
          if ((independent ?? 1) < level) add(`independent ${name}`, weight);
          if ((corrected ?? 1) < level) add(`calibrated ${name}`, weight);
        }
      }
      const moved = next(0).values.map((value) => value + 0.3);
      if (distributionTest(reference, numericCounts(countsOn(reference, moved)), phi).p < 1e-4) found++;
    }
  }
  const windows = references * judged * WINDOWS;
  const share = (name: string) => {
    const shares = tallies.map((tally) => (tally.get(name) ?? 0) / (judged * WINDOWS));
    const mean = shares.reduce((sum, one) => sum + one, 0) / references;
    const squares = shares.reduce((sum, one) => sum + (one - mean) ** 2, 0);
    return [rounded(mean), rounded(Math.sqrt(squares / Math.max(1, references - 1) / references))] as const;
  };
  return {
    rows: others === undefined ? stream.name : `${stream.name}, of one feature in ten`,
    chunks,
    windows,
    'mean phi': rounded(phis / (references * judged)),
    ...Object.fromEntries(
      ['independent', 'calibrated'].flatMap((rule) =>
        Object.keys(LEVELS).flatMap((level) => {
          const [mean, error] = share(`${rule} ${level}`);
          return [[`${rule}, ${level}`, mean] as const, [`± / ${rule}, ${level}`, error] as const];
        }),
      ),
    ),
    '0.3 sd at 1e-4': rounded(found / (references * judged)),
  };
}

function calibrated(random: Random, stream: Stream, chunks: number) {
  const next = stream.start(random);
  const parts = Array.from({ length: chunks }, () => next(0).values);
  const values = new Float64Array(chunks * ROWS);
  for (const [i, part] of parts.entries()) values.set(part, i * ROWS);
  const reference = referenceOf(values);
  const usable = parts.map(() => [ROWS, 0]);
  return {
    reference,
    next,
    built: { name: 'x', reference, chunks: { values: [parts.map((part) => countsOn(reference, part))], usable } },
  };
}

/** Every user has a level of their own; a tilt moves all levels and all rows, in the shares that cost least. */
function ofUsers(rowsOfOne: number, icc: number): Stream {
  const users = ROWS / rowsOfOne;
  const ofLevels = icc / users / (icc / users + (1 - icc) / ROWS);
  const effect = 1 + (rowsOfOne - 1) * icc;
  // Where |Z| is sure at 0.001 and at 1.9e-6, with an allowance of a seventh.
  const tilts = [0.001, monthly / hypotheses]
    .map((level) => Math.sqrt((2 * Math.log(2 / level) * effect * 8) / 7 / ROWS))
    .flatMap((tilt) => [tilt, -tilt]);
  const next = (random: Random) => (tilt: number) => {
    const values = new Float64Array(ROWS);
    let levels = 0;
    let rest = 0;
    for (let user = 0; user < users; user++) {
      const level = Math.sqrt(icc) * random.normal() + tilt * ofLevels;
      levels += level;
      for (let row = 0; row < rowsOfOne; row++) {
        const own = Math.sqrt(1 - icc) * random.normal() + tilt * (1 - ofLevels);
        rest += own;
        values[user * rowsOfOne + row] = level + own;
      }
    }
    const logRatios = tilts.map((one) => {
      const [ofLevel, ofRow] = [one * ofLevels, one * (1 - ofLevels)];
      return (
        (ofLevel * levels - (users * ofLevel ** 2) / 2) / icc + (ofRow * rest - (ROWS * ofRow ** 2) / 2) / (1 - icc)
      );
    });
    return { values, logRatios };
  };
  return { name: `${rowsOfOne} rows a user, ICC ${icc}`, tilts, start: next };
}

function independent(): Stream {
  return {
    name: 'independent',
    tilts: [],
    start: (random) => () => ({ values: Float64Array.from({ length: ROWS }, () => random.normal()), logRatios: [] }),
  };
}

/** A segment whose rows come by the user, among rows that do not. */
function partlyOfUsers(share: number, rowsOfOne: number, icc: number): Stream {
  return {
    name: `${share * 100} % of rows in users of ${rowsOfOne}, ICC ${icc}`,
    tilts: [],
    start: (random) => () => {
      let level = 0;
      const values = Float64Array.from({ length: ROWS }, (_, row) => {
        if (row >= share * ROWS) return random.normal();
        if (row % rowsOfOne === 0) level = Math.sqrt(icc) * random.normal();
        return level + Math.sqrt(1 - icc) * random.normal();
      });
      return { values, logRatios: [] };
    },
  };
}

/** A level that wanders from chunk to chunk, each like the one before. */
function wandering(sd: number, likeness: number): Stream {
  return {
    name: `level wanders by ${sd} sd, ${likeness} like the chunk before`,
    tilts: [],
    start(random) {
      let level = sd * random.normal();
      return () => {
        level = likeness * level + Math.sqrt(1 - likeness ** 2) * sd * random.normal();
        return { values: Float64Array.from({ length: ROWS }, () => level + random.normal()), logRatios: [] };
      };
    },
  };
}

function countsOn({ edges }: NumericReference, values: Float64Array): Float64Array {
  const histogram = new EdgeHistogram(BucketEdges.of(edges));
  histogram.recordAll(values);
  return histogram.counts;
}
