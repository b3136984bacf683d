import { distributionTest, numericCounts } from '../distribution-test.ts';
import { continuous } from '../features.ts';
import type { Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const REFERENCES = 12_000;
const WINDOWS = 10;

const cells = [
  { reference: 1000, current: 1000 },
  { reference: 3000, current: 1000 },
  { reference: 10_000, current: 1000 },
  { reference: 30_000, current: 300 },
];

/** Two windows share their reference: an odd one makes both sure. How much likelier are two alarms than the level squared? */
export const repeatedLooks: Table = {
  name: 'repeated-looks',
  title:
    'How often two windows of a feature without drift are both below a level, over what independent windows would be',
  seed: 20_261_147,
  run: (scale, random) => cells.map((cell) => repeatedLooksRow(random, cell, repetitions(REFERENCES, scale))),
};

const feature = continuous();
const levels = { '0.05': 0.05, '0.01': 0.01 } as const;

export function repeatedLooksRow(
  random: Random,
  { reference: rows, current }: (typeof cells)[number],
  references: number,
): Row {
  const tallies = Object.entries(levels).map(([name, level]) => ({ name, level, single: 0, both: 0, squares: 0 }));
  for (let i = 0; i < references; i++) {
    const drawn = feature.draw(random, rows);
    const p = Array.from({ length: WINDOWS }, () => {
      return distributionTest(drawn.reference, numericCounts(drawn.counts(random, current))).p;
    });
    for (const tally of tallies) {
      const hits = p.filter((one) => one < tally.level).length;
      const both = (hits * (hits - 1)) / (WINDOWS * (WINDOWS - 1));
      tally.single += hits / WINDOWS / references;
      tally.both += both / references;
      tally.squares += both ** 2 / references;
    }
  }
  const columns = tallies.flatMap(({ name, single, both, squares }) => [
    [`sure / ${name}`, rounded(both / single ** 2)] as const,
    [`± / ${name}`, rounded(Math.sqrt((squares - both ** 2) / references) / single ** 2)] as const,
  ]);
  return { N: rows, M: current, references, ...Object.fromEntries(columns) };
}
