import { type FeatureReference, otherCategory, type ReferenceProfile } from '@driftline/sketches';
import { atLeast } from '../../drift/decision/hypergeometric.ts';
import type { Constraint } from './constraint.ts';

export interface LearningOptions {
  /** Rows that a window usually has: the fewer, the wider the limits. */
  readonly windowRows: number;
  /** How likely one window without change may break one of the constraints. */
  readonly risk: number;
}

/**
 * Constraints that windows like the reference hold: its minimum and maximum, its categories and its missing values. How
 * many rows may break them is what the exact test against the reference would accept of a window of so many rows.
 */
export function learnConstraints(
  profile: ReferenceProfile,
  { windowRows, risk }: LearningOptions,
): readonly Constraint[] {
  const subjects = [
    ...Object.entries(profile.features).map(([name, reference]) => ({ subject: { feature: name }, reference })),
    ...Object.entries(profile.outputs).map(([name, reference]) => ({ subject: { output: name }, reference })),
  ];
  // Each has two: one on values and one on missing ones.
  const each = risk / Math.max(1, 2 * subjects.length);
  return subjects.map(({ subject, reference }) => ({
    ...subject,
    ...valuesOf(reference, profile.rows - reference.missing, { windowRows, risk: each }),
    missingAtMost: accepted(reference.missing, profile.rows, { windowRows, risk: each }),
  }));
}

function valuesOf(reference: FeatureReference, rows: number, options: LearningOptions): Constraint {
  switch (reference.kind) {
    case 'numeric':
      // Both ends together are as the part above the second largest row, which holds one row itself.
      return rows === 0 ? {} : { min: reference.min, max: reference.max, violationsAtMost: accepted(1, rows, options) };
    case 'categorical': {
      const names = Object.keys(reference.categories);
      // `_other` stands for categories without names, so nobody can list them.
      if (names.length === 0 || names.includes(otherCategory)) return {};
      const singles = Object.values(reference.categories).filter((count) => count === 1).length;
      return { in: names, violationsAtMost: accepted(singles, rows, options) };
    }
    case 'embedding':
      return {};
  }
}

/** The largest share of a window's rows that `hits` of the reference's rows explain, rounded up to a tenth of a point. */
function accepted(hits: number, rows: number, { windowRows, risk }: LearningOptions): number {
  const isExplained = (count: number) =>
    atLeast(count, { rows: rows + windowRows, marked: hits + count, drawn: windowRows }) >= risk;
  let low = 0;
  let high = windowRows;
  // More hits are ever less likely.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isExplained(middle)) low = middle;
    else high = middle - 1;
  }
  return Math.min(1, Math.ceil((1_000 * low) / windowRows) / 1_000);
}
