import { BucketEdges, EdgeHistogram } from '@driftline/sketches';
import { judge } from '../../../packages/collector-processor/src/evaluate/drift/decision/judge.ts';
import { numericCounts } from '../distribution-test.ts';
import { referenceOf } from '../features.ts';
import type { Random } from '../random.ts';
import { repetitions, rounded, type Row, type Table } from '../table.ts';

const [FEATURES, REFERENCE, ROWS] = [20, 2000, 300];
const REFERENCES = 150;
const WINDOWS_A_REFERENCE = 20;
const levels = { '0.05': 0.05, '0.01': 0.01, '0.001': 0.001 } as const;

/** Twenty normals that go together: false alarms come no more often, but in bundles. */
export const correlatedFeatures: Table = {
  name: 'correlated-features',
  title: 'Share of windows with a false alarm, 20 normals correlated with each other, N = 2,000, M = 300',
  seed: 20_261_146,
  run: (scale, random) =>
    [0, 0.5, 0.9].map((correlation) => correlatedRow(random, correlation, repetitions(REFERENCES, scale))),
};

export function correlatedRow(random: Random, correlation: number, references: number): Row {
  const sure = new Map<string, number>();
  let together = 0;
  const [common, own] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  const sample = (rows: number) => {
    const columns = Array.from({ length: FEATURES }, () => new Float64Array(rows));
    for (let row = 0; row < rows; row++) {
      const shared = common * random.normal();
      for (const column of columns) column[row] = shared + own * random.normal();
    }
    return columns;
  };
  for (let i = 0; i < references; i++) {
    const known = sample(REFERENCE).map((values) => referenceOf(values));
    const edges = known.map(({ edges }) => BucketEdges.of(edges));
    for (let window = 0; window < WINDOWS_A_REFERENCE; window++) {
      const verdicts = judge({
        features: sample(ROWS).map((values, i) => {
          const histogram = new EdgeHistogram(edges[i] ?? BucketEdges.of([]));
          histogram.recordAll(values);
          return { name: `feature ${i}`, reference: known[i], current: numericCounts(histogram.counts) };
        }),
        alpha: levels['0.05'],
      });
      for (const [name, level] of Object.entries(levels)) {
        const features = verdicts.filter(({ parts }) => parts.some(({ pAdjusted }) => pAdjusted < level)).length;
        if (features > 0) sure.set(name, (sure.get(name) ?? 0) + 1);
        if (name === '0.05') together += features;
      }
    }
  }
  const windows = references * WINDOWS_A_REFERENCE;
  return {
    correlation,
    windows,
    ...Object.fromEntries(
      Object.keys(levels).map((name) => [`sure at ${name}`, rounded((sure.get(name) ?? 0) / windows)]),
    ),
    'features in a false window': rounded(together / Math.max(1, sure.get('0.05') ?? 0)),
  };
}
