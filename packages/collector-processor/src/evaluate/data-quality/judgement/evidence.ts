import type { ComparedFeature } from '../../drift/decision/feature-counts.ts';
import { type Observations, sumOf, usableRows } from '../../observations.ts';
import type { QualityFinding } from '../../measurement.ts';
import type { FeatureEvidence } from '../quality-rule.ts';

/** One feature may be counted against several references while a deployment rolls: the one with most rows speaks. */
export function withMostRows(observations: readonly Observations[]): readonly Observations[] {
  const bySubject = new Map<string, Observations>();
  for (const one of observations) {
    const key = `${one.role} ${one.name}`;
    const other = bySubject.get(key);
    if (other === undefined || usableRows(one) > usableRows(other)) bySubject.set(key, one);
  }
  return [...bySubject.values()];
}

export function evidenceOf(
  observed: Observations,
  compared: ComparedFeature | undefined,
  counted: Pick<FeatureEvidence, 'modelRows' | 'distinct' | 'schema' | 'dependence' | 'referenceId'>,
): FeatureEvidence {
  const { role, name, statuses, categories, distributions } = observed;
  return {
    role,
    name,
    rows: Math.max(sumOf(statuses.values()), usableRows(observed)),
    statuses,
    compared,
    distribution: distributions.get('none'),
    categories,
    ...counted,
  };
}

/** Shares by rule, of one feature or output: what gauges and alert rules read. */
export function violationsOf(
  findings: readonly QualityFinding[],
  subject: Pick<QualityFinding, 'role' | 'name'>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    findings
      .filter(({ role, name, ratio }) => role === subject.role && name === subject.name && ratio > 0)
      .map(({ rule, ratio }) => [rule, ratio]),
  );
}
