import { CoMoments, type CoMomentReference, type ReferenceProfile, triangleIndex } from '@driftline/sketches';

/**
 * How the features of two profiles vary together over the rows of both: each brought back from its own standard
 * deviations, merged after Chan, and standardised by those of the merged profile. Moments beyond the second are weighted
 * by rows; what time chunks and components said of single rows does not add up. Undefined where one says nothing.
 */
export function mergeCoMoments(
  merged: ReferenceProfile['features'],
  one: Pick<ReferenceProfile, 'features' | 'coMoments'>,
  other: Pick<ReferenceProfile, 'features' | 'coMoments'>,
): CoMomentReference | undefined {
  const { coMoments: ours } = one;
  const { coMoments: theirs } = other;
  if (ours === undefined || theirs === undefined) return undefined;
  if (ours.features.join('\n') !== theirs.features.join('\n')) return undefined;
  const target = standards(ours.features, merged);
  const together = rescaled(ours, standards(ours.features, one.features), target);
  together.merge(rescaled(theirs, standards(ours.features, other.features), target));
  const share = theirs.count / Math.max(1, ours.count + theirs.count);
  const mixed = (ofOurs: readonly number[], ofTheirs: readonly number[]) =>
    ofOurs.map((value, i) => value * (1 - share) + (ofTheirs[i] ?? value) * share);
  const weighted = (key: 'variances' | 'skewness' | 'kurtosis') => mixed(ours[key], theirs[key]);
  return {
    features: ours.features,
    count: together.count,
    means: [...together.means],
    sums: [...together.sums],
    variances: weighted('variances'),
    skewness: weighted('skewness'),
    kurtosis: weighted('kurtosis'),
    ...(ours.pairSkewness && theirs.pairSkewness && { pairSkewness: mixed(ours.pairSkewness, theirs.pairSkewness) }),
  };
}

interface Standard {
  readonly name: string;
  readonly mean: number;
  readonly sd: number;
}

function standards(names: readonly string[], features: ReferenceProfile['features']): readonly Standard[] {
  return names.map((name) => {
    const feature = features[name];
    return feature?.kind === 'numeric'
      ? { name, mean: feature.mean, sd: feature.sd > 0 ? feature.sd : 1 }
      : { name, mean: 0, sd: 1 };
  });
}

/** The same moments in units of other standard deviations, from other means. */
function rescaled(
  { count, means, sums }: CoMomentReference,
  from: readonly Standard[],
  to: readonly Standard[],
): CoMoments {
  const scale = from.map(({ sd }, i) => sd / (to[i]?.sd ?? 1));
  return CoMoments.from({
    features: to,
    count,
    means: means.map((mean, i) => {
      const raw = (from[i]?.mean ?? 0) + mean * (from[i]?.sd ?? 1);
      return (raw - (to[i]?.mean ?? 0)) / (to[i]?.sd ?? 1);
    }),
    sums: to.flatMap((_, row) =>
      Array.from({ length: row + 1 }, (_, column) => {
        const sum = sums[triangleIndex(row, column)] ?? 0;
        return sum * (scale[row] ?? 1) * (scale[column] ?? 1);
      }),
    ),
  });
}
