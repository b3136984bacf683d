import type { NamedReferences } from '../reference/named-references.ts';
import type { FeatureVerdict } from './drift/decision/judge.ts';
import { isWorse } from './drift/decision/state.ts';
import type { DriftState, FeatureMeasurement, Horizon, ReferenceVerdict } from './measurement.ts';
import type { Observations } from './observations.ts';
import { subjectKey } from './subjects.ts';

/** What one horizon says of one feature or output against one reference. */
export interface ObservedVerdict extends FeatureVerdict {
  readonly observed: Observations;
  readonly horizon: Horizon;
  readonly reference: NamedReferences;
  readonly referenceId: string;
  /** The level that its horizon was judged at. */
  readonly alpha: number;
}

/** Either horizon may find drift, against any reference in use or that senders use; the worst of it is shown. */
export function toldVerdicts(
  verdicts: readonly ObservedVerdict[],
  shortest: Horizon | undefined,
): readonly ObservedVerdict[] {
  const byKey = new Map<string, ObservedVerdict>();
  for (const verdict of verdicts) {
    const key = subjectKey(verdict.observed, verdict.observed.segment);
    const other = byKey.get(key);
    if (other === undefined) {
      // What only an earlier pane of the hour saw is not this window's.
      if (verdict.horizon === shortest) byKey.set(key, verdict);
    } else if (isToldInsteadOf(verdict, other)) {
      byKey.set(key, { ...verdict, observed: other.observed });
    }
  }
  return [...byKey.values()];
}

/** Where there are several references: what each of them tells, by subject. */
export function verdictsByReference(
  references: readonly NamedReferences[],
  verdicts: readonly ObservedVerdict[],
  shortest: Horizon | undefined,
): ReadonlyMap<string, readonly ReferenceVerdict[]> {
  const bySubject = new Map<string, readonly ReferenceVerdict[]>();
  if (references.length < 2) return bySubject;
  for (const reference of references) {
    const against = verdicts.filter((verdict) => verdict.reference === reference);
    for (const told of toldVerdicts(against, shortest)) {
      const key = subjectKey(told.observed);
      bySubject.set(key, [...(bySubject.get(key) ?? []), referenceVerdict(told)]);
    }
  }
  return bySubject;
}

export function measurementOf(
  verdict: ObservedVerdict,
  state: DriftState,
  violations: FeatureMeasurement['violations'],
): FeatureMeasurement {
  const { observed, name, kind, horizon, part, rows, size, threshold, detectableSize, p, pAdjusted } = verdict;
  const { direction, calibrated, scores, scorePValues, scoreBounds, referenceId, judgedBy } = verdict;
  return {
    name,
    role: observed.role,
    kind,
    state,
    horizon,
    part,
    rows,
    size,
    threshold,
    detectableSize,
    p,
    pAdjusted,
    direction,
    calibrated,
    scores,
    scorePValues,
    scoreBounds,
    violations,
    referenceId,
    judgedBy,
  };
}

function referenceVerdict(verdict: ObservedVerdict): ReferenceVerdict {
  const { reference, referenceId, state, horizon, part, size, threshold, detectableSize } = verdict;
  const { pAdjusted, direction, calibrated } = verdict;
  return {
    reference: reference.name,
    referenceId,
    state,
    horizon,
    part,
    size,
    threshold,
    detectableSize,
    pAdjusted,
    direction,
    calibrated,
  };
}

/** Of two equal verdicts that of the window alone is the newer one, and of two references that with more rows. */
function isToldInsteadOf(verdict: ObservedVerdict, other: ObservedVerdict): boolean {
  if (verdict.state !== other.state) return isWorse(verdict.state, other.state);
  return verdict.horizon === other.horizon && verdict.rows > other.rows;
}
