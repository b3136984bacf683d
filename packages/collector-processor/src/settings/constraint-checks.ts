import { complaint } from './section.ts';
import type { Path } from './yaml-source.ts';

/** What a profile knows of its columns: kinds by name, and what categories are called. */
export interface ProfileColumns {
  readonly features: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly categories?: Readonly<Record<string, readonly string[]>>;
}

export interface ConstraintProblem {
  readonly path: Path;
  readonly complaint: string;
}

/** Constraints on columns that the profile lacks, and numbers asked of what has none. */
export function constraintProblems(
  constraints: readonly Readonly<Record<string, unknown>>[],
  columns: ProfileColumns,
  path: Path,
): readonly ConstraintProblem[] {
  return constraints.flatMap((constraint, index) =>
    (['feature', 'output'] as const).flatMap((role) => {
      const name = constraint[role];
      if (typeof name !== 'string') return [];
      const known = role === 'feature' ? columns.features : columns.outputs;
      if (!Object.hasOwn(known, name)) {
        return [
          {
            path: [...path, index, role],
            complaint: `: ${role} ${name} of the profile ${complaint(name, Object.keys(known))}`,
          },
        ];
      }
      return wrongKinds(constraint, `${known[name]}`).map((key) => ({
        path: [...path, index, key],
        complaint: `is asked of ${name}, which is ${known[name]} in the profile; ${wayOut(key)}`,
      }));
    }),
  );
}

/** By the kind of column, the checks that say nothing of it. */
const inapplicable: Readonly<Record<string, readonly string[]>> = {
  numeric: ['in'],
  categorical: ['min', 'max'],
  embedding: ['min', 'max', 'in', 'distinct_at_most', 'distinct_at_least'],
};

function wrongKinds(constraint: Readonly<Record<string, unknown>>, kind: string): readonly string[] {
  return (inapplicable[kind] ?? []).filter((key) => Object.hasOwn(constraint, key));
}

function wayOut(key: string): string {
  return key === 'in' ? 'numbers have min and max' : 'leave it out, or list categories with in';
}
