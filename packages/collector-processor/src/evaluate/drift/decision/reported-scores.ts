import type { NumericReference } from '@driftline/sketches';
import { mean } from 'simple-statistics';
import type { DriftMethod } from '../drift-method.ts';
import { driftMethods } from '../index.ts';
import { type Bin, groupBuckets, totalOf } from './bins.ts';
import { type ComparedFeature, rowsOf } from './feature-counts.ts';

/** Every method that reads this kind of feature; of an embedding, its mean over the projections. */
export function reportedScores(feature: ComparedFeature): Record<string, number> {
  const rows = rowsOf(feature);
  if (rows.reference === 0 || rows.current === 0) return {};
  const scores: Record<string, number> = {};
  for (const method of driftMethods) {
    const score = scoreOf(method, feature);
    if (score !== undefined) scores[method.name] = score;
  }
  return scores;
}

function scoreOf(method: DriftMethod, feature: ComparedFeature): number | undefined {
  switch (feature.kind) {
    case 'numeric':
      return numericScore(method, feature.reference, feature.buckets);
    case 'categorical':
      return method.reads === 'bins' ? method.score([...feature.categories.values()]) : undefined;
    case 'embedding':
      return meanOf(feature.projections.map(({ reference, buckets }) => numericScore(method, reference, buckets)));
  }
}

function numericScore(method: DriftMethod, reference: NumericReference, buckets: readonly Bin[]): number | undefined {
  if (totalOf(buckets).current === 0) return undefined;
  return method.reads === 'bins'
    ? method.score(groupBuckets(buckets, reference.bins[10]))
    : method.score({ edges: reference.edges, buckets, sd: reference.sd, tails: reference.tails });
}

function meanOf(scores: readonly (number | undefined)[]): number | undefined {
  const known = scores.filter((score) => score !== undefined);
  return known.length === 0 ? undefined : mean(known);
}
