import { type FeatureReference, unseenCategory } from '@driftline/sketches';
import { qualityRules } from '../../../packages/collector-processor/src/evaluate/data-quality/index.ts';
import { evidenceOfColumn } from '../../../packages/collector-processor/src/evaluate/data-quality/judgement/file-quality.ts';
import { judgeQuality } from '../../../packages/collector-processor/src/evaluate/data-quality/judgement/judge-quality.ts';
import type { CurrentCounts } from '../../../packages/collector-processor/src/evaluate/drift/decision/feature-counts.ts';
import { categorical, mixedFeatures, type SimulatedFeature, zipf } from '../features.ts';
import type { Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const WINDOWS = 6000;
const WINDOWS_A_REFERENCE = 20;
const levels = { '0.05': 0.05, '0.01': 0.01, '0.001': 0.001 } as const;

const cells = [
  { reference: 1000, current: 100 },
  { reference: 1000, current: 1000 },
  { reference: 10_000, current: 300 },
  { reference: 10_000, current: 1000 },
];

/** The twenty features of `false-alarms`, and of a thousand categories that most rows of a window have not had before. */
const features: Readonly<Record<string, readonly SimulatedFeature[]>> = {
  'twenty mixed': mixedFeatures(),
  'one, 1,000 categories, Zipf': [categorical(zipf(1000, 1))],
  'one, 1,000 categories alike': [categorical(zipf(1000, 0))],
};

/** Data of which nothing is wrong. How often does a rule that the reference judges say that something is? */
export const dataQuality: Table = {
  name: 'data-quality',
  title: 'Share of windows with a false violation of data quality, by the rules that are tested',
  seed: 20_261_144,
  run: (scale, random) =>
    Object.entries(features).flatMap(([name, features]) =>
      cells.map((cell) => ({
        features: name,
        ...dataQualityRow(random, features, cell, repetitions(WINDOWS / WINDOWS_A_REFERENCE, scale)),
      })),
    ),
};

export function dataQualityRow(
  random: Random,
  features: readonly SimulatedFeature[],
  { reference: rows, current }: (typeof cells)[number],
  references: number,
): Row {
  const sure = new Map<string, number>();
  const violated = new Map<string, number>();
  const add = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (let i = 0; i < references; i++) {
    const drawn = features.map((feature) => feature.draw(random, rows));
    for (let window = 0; window < WINDOWS_A_REFERENCE; window++) {
      const columns = drawn.map(({ reference, window }, i) => {
        const counts = window(random, current);
        const column = {
          name: `feature ${i}`,
          role: 'feature',
          reference,
          counts: asSent(reference, counts),
          distinct: undefined,
        } as const;
        return evidenceOfColumn(column, current + counts.missing);
      });
      const findings = judgeQuality({
        features: columns,
        rows: { compared: undefined, validated: undefined, reference: undefined },
        modelRows: current,
        rules: qualityRules.map(({ name }) => name),
        limits: {},
        margins: {},
        constraints: [],
        alpha: levels['0.05'],
        minRows: 100,
      });
      for (const [name, level] of Object.entries(levels)) {
        const tested = findings.filter(({ pAdjusted }) => pAdjusted !== undefined && pAdjusted < level);
        if (tested.length > 0) add(sure, name);
        if (tested.some(({ ratio, limit }) => limit !== undefined && ratio > limit)) add(violated, name);
      }
    }
  }
  const windows = references * WINDOWS_A_REFERENCE;
  const shares = (what: string, counts: ReadonlyMap<string, number>) =>
    Object.keys(levels).map((name) => [`${what} at ${name}`, rounded((counts.get(name) ?? 0) / windows)]);
  return {
    N: rows,
    M: current,
    windows,
    ...Object.fromEntries([...shares('sure', sure), ...shares('violated', violated)]),
  };
}

/** A sender with the profile counts categories that it lacks together. */
function asSent(reference: FeatureReference, counts: CurrentCounts): CurrentCounts {
  if (reference.kind !== 'categorical' || counts.kind !== 'categorical') return counts;
  const categories = new Map<string, number>();
  for (const [name, count] of counts.categories) {
    const sent = Object.hasOwn(reference.categories, name) ? name : unseenCategory;
    categories.set(sent, (categories.get(sent) ?? 0) + count);
  }
  return { ...counts, categories };
}
