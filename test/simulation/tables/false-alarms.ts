import { judge } from '../../../packages/collector-processor/src/evaluate/drift/decision/judge.ts';
import { mixedFeatures } from '../features.ts';
import { monthly } from '../levels.ts';
import type { Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const WINDOWS = 10_000;
/** A reference serves many windows, in the simulation too. */
const WINDOWS_A_REFERENCE = 10;

const levels = { '0.05': 0.05, '0.01': 0.01, '0.001': 0.001, monthly } as const;

const cells = [
  { reference: 500, current: 100 },
  { reference: 1000, current: 100 },
  { reference: 1000, current: 300 },
  { reference: 1000, current: 1000 },
  { reference: 10_000, current: 300 },
  { reference: 10_000, current: 1000 },
  { reference: 10_000, current: 10_000 },
] as const;

/** Twenty features of every kind that do not change. How often does any of their tests say that one did? */
export const falseAlarms: Table = {
  name: 'false-alarms',
  title: 'Share of windows with a false alarm, whole rule, 20 mixed features',
  seed: 20_261_128,
  run(scale, random) {
    return cells.map((cell) => falseAlarmRow(random, cell, repetitions(WINDOWS / WINDOWS_A_REFERENCE, scale)));
  },
};

export function falseAlarmRow(
  random: Random,
  cell: { readonly reference: number; readonly current: number },
  references: number,
): Row {
  const features = mixedFeatures();
  const windows = references * WINDOWS_A_REFERENCE;
  const significant = new Map<string, number>();
  const drifted = new Map<string, number>();
  let hypotheses = 0;
  for (let i = 0; i < windows; i += WINDOWS_A_REFERENCE) {
    const drawn = features.map((feature) => feature.draw(random, cell.reference));
    for (let window = 0; window < WINDOWS_A_REFERENCE; window++) {
      const decisions = judge({
        features: drawn.map(({ reference, window }, i) => ({
          name: `feature ${i}`,
          reference,
          current: window(random, cell.current),
        })),
        alpha: levels['0.05'],
      });
      const parts = decisions.flatMap(({ parts }) => parts);
      hypotheses += parts.filter(({ state }) => state !== 'insufficient_data').length;
      for (const [name, level] of Object.entries(levels)) {
        const sure = parts.filter(({ pAdjusted }) => pAdjusted < level);
        if (sure.length > 0) significant.set(name, (significant.get(name) ?? 0) + 1);
        if (sure.some(({ size, threshold }) => size >= threshold)) drifted.set(name, (drifted.get(name) ?? 0) + 1);
      }
    }
  }
  const share = (counts: ReadonlyMap<string, number>, name: string) => rounded((counts.get(name) ?? 0) / windows);
  return {
    N: cell.reference,
    M: cell.current,
    windows,
    hypotheses: Math.round(hypotheses / windows),
    ...Object.fromEntries(Object.keys(levels).map((name) => [`sure at ${name}`, share(significant, name)])),
    ...Object.fromEntries(Object.keys(levels).map((name) => [`drift at ${name}`, share(drifted, name)])),
  };
}
