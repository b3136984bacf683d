import type { Observations } from '../evaluate/observations.ts';
import { subjectKey } from '../evaluate/subjects.ts';
import type { ModelReferences } from './model-references.ts';
import { compareWith, type EdgeReferences, noEdgeReferences } from './subject-comparison.ts';
import { type ReferenceSubject, subjectsOf } from './reference-subject.ts';

/** A reference made of early traffic, for models that no profile describes. Plain JSON, in the evaluation state. */
export type Capture =
  | { readonly state: 'capturing'; readonly rows: number }
  | { readonly state: 'captured'; readonly reference: CapturedReference };

export interface CapturedReference {
  /** End of the last pane that was taken, in milliseconds since the epoch. */
  readonly capturedAt: number;
  readonly rows: number;
  readonly subjects: readonly ReferenceSubject[];
}

/** Freezes what was seen so far. Where senders counted on several edges, the one with the most rows is taken. */
export function captureReference(
  observations: readonly Observations[],
  rows: number,
  capturedAt: number,
): CapturedReference {
  return { capturedAt, rows, subjects: subjectsOf(observations) };
}

export function capturedId({ capturedAt }: Pick<CapturedReference, 'capturedAt'>): string {
  return `captured:${new Date(capturedAt).toISOString()}`;
}

export function capturedReferences(
  reference: CapturedReference,
  edges: EdgeReferences = noEdgeReferences,
): ModelReferences {
  const referenceId = capturedId(reference);
  const byKey = new Map(reference.subjects.map((subject) => [subjectKey(subject), subject]));
  return {
    calibration: undefined,
    subjects: reference.subjects,
    compare: (observed) => ({ referenceId, ...compareWith(byKey.get(subjectKey(observed)), observed, edges) }),
  };
}
