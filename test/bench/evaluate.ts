import { type JudgedFeature, judge } from '../../packages/collector-processor/src/evaluate/drift/decision/judge.ts';
import { driftMethodNames } from '../../packages/collector-processor/src/evaluate/drift/index.ts';
import { seededProfile } from '../support/seeded-profile.ts';

export interface EvaluationCost {
  readonly name: string;
  readonly medianMs: number;
  readonly bestMs: number;
}

const SIX = ['psi', 'jensen-shannon', 'kolmogorov-smirnov', 'wasserstein', 'hellinger', 'chi-squared'];

/** One window of a thousand features, from their counts to verdicts; every tenth feature is categorical. */
export function evaluationCosts(runs: number): readonly EvaluationCost[] {
  const features = thousandFeatures();
  return [
    { name: 'the verdict alone', methods: [] },
    { name: 'the verdict and 6 methods', methods: SIX },
    { name: `the verdict and all ${driftMethodNames.length} methods`, methods: driftMethodNames },
  ].map(({ name, methods }) => {
    const times = Array.from({ length: runs }, () => {
      const start = performance.now();
      judge({ features, alpha: 5.8e-5, methods });
      return performance.now() - start;
    }).toSorted((a, b) => a - b);
    return { name, medianMs: times[runs >> 1] ?? 0, bestMs: times[0] ?? 0 };
  });
}

function thousandFeatures(): readonly JudgedFeature[] {
  const profile = seededProfile({ numericFeatures: 900, colours: { red: 1200, green: 600, blue: 200 } });
  const known = Object.entries(profile.features);
  const colour = profile.features['colour'];
  const repeated = colour === undefined ? [] : Array.from({ length: 99 }, (_, i) => [`colour ${i}`, colour] as const);
  return [...known, ...repeated].map(([name, reference], i) => ({
    name,
    reference,
    current:
      reference.kind === 'numeric'
        ? { kind: 'numeric', counts: turned(reference.counts, i % 3), missing: 5 }
        : {
            kind: 'categorical',
            categories: new Map([
              ['red', 550],
              ['green', 330 + (i % 50)],
              ['blue', 120],
            ]),
            missing: 5,
          },
  }));
}

/** The reference's counts a few buckets on: other numbers in the same order of size. */
function turned(counts: readonly number[], by: number): readonly number[] {
  return counts.map((_, i) => counts[Math.max(0, i - by)] ?? 0);
}
