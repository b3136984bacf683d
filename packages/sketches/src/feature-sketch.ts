import { CategoricalFeature, type CategoricalDefinition } from './categorical-feature.ts';
import { EmbeddingFeature, type EmbeddingDefinition } from './embedding-feature.ts';
import { NumericFeature, numberOf, type NumericDefinition } from './numeric-feature.ts';
import { isMissing } from './observation-status.ts';

/** A feature's reference, or what is declared of it where there is none: `{ kind: 'numeric' }`. */
export type FeatureDefinition = NumericDefinition | CategoricalDefinition | EmbeddingDefinition;

/** What one feature looked like since its sketch was made or cleared: a distribution and the rows by status. */
export type FeatureSketch = NumericFeature | CategoricalFeature | EmbeddingFeature;

export function featureSketch(name: string, definition: FeatureDefinition): FeatureSketch {
  switch (definition.kind) {
    case 'numeric':
      return new NumericFeature(name, definition);
    case 'categorical':
      return new CategoricalFeature(name, definition);
    case 'embedding':
      return new EmbeddingFeature(name, definition);
  }
}

/** What a value says of a feature that nothing defines; undefined where it says nothing. */
export function definitionFrom(value: unknown): FeatureDefinition | undefined {
  if (isMissing(value)) return undefined;
  if (typeof value === 'string' || typeof value === 'boolean') return { kind: 'categorical' };
  if (numberOf(value) !== undefined) return { kind: 'numeric' };
  return Array.isArray(value) || ArrayBuffer.isView(value) ? { kind: 'embedding' } : undefined;
}

export function canMerge(into: FeatureSketch, added: FeatureSketch): boolean {
  if (into.kind === 'numeric') return added.kind === 'numeric' && into.canMerge(added);
  if (into.kind === 'categorical') return added.kind === 'categorical';
  return added.kind === 'embedding' && into.canMerge(added);
}

export function mergeFeature(into: FeatureSketch, added: FeatureSketch): void {
  if (into.kind === 'numeric' && added.kind === 'numeric') into.merge(added);
  if (into.kind === 'categorical' && added.kind === 'categorical') into.merge(added);
  if (into.kind === 'embedding' && added.kind === 'embedding') into.merge(added);
}
