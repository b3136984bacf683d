import type { Horizon } from '../evaluate/measurement.ts';
import type { ModelReferences } from './model-references.ts';

export type ReferenceKind = 'profile' | 'captured' | 'previous' | 'seasonal';

/** One of the references that a window is judged against. */
export interface NamedReferences {
  readonly name: ReferenceKind;
  readonly id: string;
  /** Milliseconds since the epoch; undefined where nobody knows, or there is none yet. */
  readonly createdAt?: number;
  readonly rows?: number;
  readonly at: Readonly<Record<Horizon, ModelReferences>>;
}

export function always(references: ModelReferences): NamedReferences['at'] {
  return { window: references, '1h': references };
}

/** Whether it has a reference for any value of a chosen attribute. */
export function knowsSegments({ at }: NamedReferences, names: readonly string[]): boolean {
  return names.some((name) => (at.window.segments?.values(name) ?? []).length > 0);
}

/** What segments are judged against: the first that knows a value of a chosen attribute, since not every one does. */
export function segmentReference(
  inUse: readonly NamedReferences[],
  names: readonly string[],
): NamedReferences | undefined {
  const knows = inUse.find((one) => knowsSegments(one, names));
  return knows ?? inUse.find(({ at }) => at.window.segments !== undefined) ?? inUse[0];
}
