import { ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE } from '@driftline/semantic-conventions';
import {
  type CategoricalReference,
  type EmbeddingReference,
  type FeatureReference,
  type NumericReference,
  ProfileError,
  type ReferenceProfile,
  withProfileId,
} from '@driftline/sketches';
import { segmentsTogether } from './merge-segments.ts';
import { mergeCoMoments } from './merge-co-moments.ts';

/**
 * One profile of the rows of several, as if they had been counted together. They need the same features on the same
 * edges. What the chunks of each settled about dependent rows does not add up, nor do different values, repeated rows and row scores:
 * the merged profile says nothing of them.
 * Throws a ProfileError.
 */
export function mergeProfiles(profiles: readonly [ReferenceProfile, ...ReferenceProfile[]]): ReferenceProfile {
  const [first, ...others] = profiles;
  return others.reduce((merged, other) => {
    const {
      calibration: _,
      id: __,
      createdAt: ___,
      duplicates: ____,
      coMoments: _____,
      rowScores: ______,
      ...rest
    } = merged;
    const features = mergeAll(merged.features, other.features);
    // Of one model, whichever part says them.
    const importances = merged.importances ?? other.importances;
    const coMoments = mergeCoMoments(features, merged, other);
    return withProfileId({
      ...rest,
      rows: merged.rows + other.rows,
      features,
      outputs: mergeAll(outputsOf(merged), outputsOf(other)),
      ...segmentsTogether(merged, other, mergeReference),
      ...(coMoments && { coMoments }),
      ...(importances && { importances }),
    });
  }, first);
}

/** How unusual rows are is another matter once more rows say what is usual. */
function outputsOf({ outputs, rowScores }: ReferenceProfile): References {
  const { [ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE]: _, ...answers } = outputs;
  return rowScores === true ? answers : outputs;
}

type References = Readonly<Record<string, FeatureReference>>;

function mergeAll(a: References, b: References): References {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const onlyOnce = [...names].find((name) => !(Object.hasOwn(a, name) && Object.hasOwn(b, name)));
  if (onlyOnce !== undefined) throw cannotMerge(onlyOnce, 'only one of the profiles has it');
  return Object.fromEntries(
    Object.entries(a).map(([name, reference]) => {
      const other = b[name];
      return [name, other === undefined ? reference : mergeReference(name, reference, other)];
    }),
  );
}

function mergeReference(name: string, a: FeatureReference, b: FeatureReference): FeatureReference {
  if (a.kind === 'numeric' && b.kind === 'numeric') return mergeNumeric(name, a, b);
  if (a.kind === 'categorical' && b.kind === 'categorical') return mergeCategorical(name, a, b);
  if (a.kind === 'embedding' && b.kind === 'embedding') return mergeEmbedding(name, a, b);
  throw cannotMerge(name, `it is ${a.kind} in one and ${b.kind} in the other`);
}

function mergeNumeric(name: string, a: NumericReference, b: NumericReference): NumericReference {
  const isSame = a.edges.length === b.edges.length && a.edges.every((edge, i) => edge === b.edges[i]);
  if (!isSame) throw cannotMerge(name, 'its edges differ. Build one profile from the files together instead');
  const counts = a.counts.map((count, i) => count + (b.counts[i] ?? 0));
  const [rowsOfA, rowsOfB] = [total(a.counts), total(b.counts)];
  const rows = rowsOfA + rowsOfB;
  const shareOfB = rows === 0 ? 0 : rowsOfB / rows;
  const distance = b.mean - a.mean;
  const squares = a.sd ** 2 * Math.max(0, rowsOfA - 1) + b.sd ** 2 * Math.max(0, rowsOfB - 1);
  return {
    ...countsOnly(a),
    counts,
    mean: a.mean + distance * shareOfB,
    sd: rows > 1 ? Math.sqrt((squares + distance ** 2 * rowsOfA * shareOfB) / (rows - 1)) : 0,
    min: rowsOfA === 0 ? b.min : rowsOfB === 0 ? a.min : Math.min(a.min, b.min),
    max: rowsOfA === 0 ? b.max : rowsOfB === 0 ? a.max : Math.max(a.max, b.max),
    missing: a.missing + b.missing,
  };
}

function mergeCategorical(name: string, a: CategoricalReference, b: CategoricalReference): CategoricalReference {
  if (String(a.order) !== String(b.order)) {
    throw cannotMerge(name, 'its categories are in another order. Build both with the same --ordinal');
  }
  const categories = new Map(Object.entries(a.categories));
  for (const [category, rows] of Object.entries(b.categories)) {
    categories.set(category, (categories.get(category) ?? 0) + rows);
  }
  return { ...countsOnly(a), categories: Object.fromEntries(categories), missing: a.missing + b.missing };
}

function mergeEmbedding(name: string, a: EmbeddingReference, b: EmbeddingReference): EmbeddingReference {
  if (a.seed !== b.seed || a.dimensions !== b.dimensions || a.projections.length !== b.projections.length) {
    throw cannotMerge(name, 'its projections differ. Build one profile from the files together instead');
  }
  const projections = a.projections.map((projection, i) => {
    const other = b.projections[i];
    return other === undefined ? projection : mergeNumeric(name, projection, other);
  });
  return { ...countsOnly(a), projections, missing: a.missing + b.missing };
}

function countsOnly<Reference extends FeatureReference>(
  reference: Reference,
): Omit<Reference, 'phi' | 'missingPhi' | 'distinct'> {
  const { phi: _, missingPhi: __, distinct: ___, ...rest } = reference;
  return rest;
}

function cannotMerge(name: string, why: string): ProfileError {
  return new ProfileError(`profiles cannot be merged: feature ${JSON.stringify(name)}: ${why}.`);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
