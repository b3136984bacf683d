import { shifted } from '../changes.ts';
import { distributionTest, isDrift, numericCounts } from '../distribution-test.ts';
import { continuous } from '../features.ts';
import { hypotheses, monthlyEach } from '../levels.ts';
import { repetitions, rounded, type Table } from '../table.ts';

const shifts = Array.from({ length: 15 }, (_, i) => i * 0.05);
export const curveRows = [100, 300, 1000, 10_000] as const;
const feature = continuous();

/** How often one window is drift, by how far a normal moved and how many rows the window has. */
export const detectionCurve: Table = {
  name: 'detection-curve',
  title: 'Share of windows that are drift, N = 10,000, 60 hypotheses, half of one false alarm a month',
  seed: 20_261_138,
  run: (scale, random) =>
    shifts.map((shift) => {
      const windows = repetitions(400, scale);
      const found = curveRows.map((rows) => {
        const change = shifted(shift);
        const drifted = Array.from({ length: windows }, () => {
          const { reference, counts } = feature.draw(random, 10_000);
          return distributionTest(reference, numericCounts(counts(random, rows, change)));
        }).filter((test) => isDrift(test, monthlyEach / hypotheses));
        return [`M = ${rows}`, rounded(drifted.length / windows)] as const;
      });
      return { 'shift, sd': rounded(shift), windows, ...Object.fromEntries(found) };
    }),
};
