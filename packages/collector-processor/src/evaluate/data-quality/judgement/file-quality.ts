import { type FeatureReference, type ReferenceProfile, unseenCategory } from '@driftline/sketches';
import type { CurrentCounts } from '../../drift/decision/feature-counts.ts';
import { compareCounts } from '../../drift/decision/feature-counts.ts';
import type { Dependence } from '../../drift/decision/inflation.ts';
import type { QualityFinding } from '../../measurement.ts';
import type { Constraint } from '../constraints/constraint.ts';
import { judgeQuality, type QualityQuestion } from './judge-quality.ts';
import type { FeatureEvidence } from '../quality-rule.ts';

/** A column of a file, counted on the buckets of its reference. */
export interface CountedColumn {
  readonly name: string;
  readonly role: 'feature' | 'output';
  readonly reference: FeatureReference;
  readonly counts: CurrentCounts;
  /** Among those that `counts` has as missing. */
  readonly unusable?: { readonly noNumber: number; readonly notFinite: number } | undefined;
  readonly distinct: number | undefined;
}

export interface CountedFile extends Dependence {
  readonly profile: ReferenceProfile;
  readonly columns: readonly CountedColumn[];
  readonly rows: number;
  readonly repeatedRows: number | undefined;
  readonly settings: Pick<QualityQuestion, 'rules' | 'limits' | 'margins'>;
  readonly constraints: readonly Constraint[];
  readonly alpha: number;
  readonly minRows: number;
}

/** The judgement of the drift service on the quality of a whole file, as one window. */
export function judgeFileQuality(file: CountedFile): readonly QualityFinding[] {
  const { profile, rows, repeatedRows, settings } = file;
  return judgeQuality({
    ...file,
    ...settings,
    features: file.columns.map((column) => ({ ...evidenceOfColumn(column, rows), referenceId: profile.id })),
    rows: {
      compared: repeatedRows === undefined ? undefined : { rows, failed: repeatedRows },
      validated: undefined,
      reference:
        profile.duplicates === undefined
          ? undefined
          : { referenceId: profile.id, rows: profile.rows, repeated: profile.duplicates },
    },
    modelRows: rows,
  });
}

export function evidenceOfColumn(column: CountedColumn, rows: number): FeatureEvidence {
  const { name, role, reference, counts, unusable, distinct } = column;
  return {
    name,
    role,
    rows,
    modelRows: rows,
    statuses: statusesOf(counts, rows, unusable),
    compared: compareCounts(reference, counts),
    distribution:
      reference.kind === 'numeric' && counts.kind === 'numeric'
        ? {
            kind: 'histogram',
            edges: Float64Array.from(reference.edges),
            counts: Float64Array.from(counts.counts),
            sum: 0,
          }
        : undefined,
    categories: counts.kind === 'categorical' ? counts.categories : new Map(),
    distinct,
    schema: undefined,
  };
}

/** As a sender would have counted them. */
function statusesOf(
  counts: CurrentCounts,
  rows: number,
  { noNumber, notFinite }: NonNullable<CountedColumn['unusable']> = { noNumber: 0, notFinite: 0 },
): ReadonlyMap<string, number> {
  const { missing } = counts;
  const unseen = counts.kind === 'categorical' ? (counts.categories.get(unseenCategory) ?? 0) : 0;
  const outside =
    counts.kind === 'numeric' ? (counts.counts[0] ?? 0) + (counts.counts[counts.counts.length - 1] ?? 0) : 0;
  const byStatus = {
    valid: rows - missing - unseen - outside,
    missing: missing - noNumber - notFinite,
    wrong_type: noNumber,
    not_a_number: notFinite,
    unseen,
    out_of_range: outside,
  };
  return new Map(Object.entries(byStatus).filter(([, count]) => count > 0));
}
