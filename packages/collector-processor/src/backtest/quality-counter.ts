import { DistinctValues, RepeatedRows } from '@driftline/sketches';
import type { Constraint } from '../evaluate/data-quality/constraints/constraint.ts';
import { DataFileError } from '../files/data-file-error.ts';

/** What a sender counts for data quality only where it is asked to: `quality` of `monitorModel`. */
export interface QualityChoice {
  readonly duplicates: boolean;
  /** Features whose different values are counted. */
  readonly distinct: readonly string[];
}

/** As in `quality` of `monitorModel`. */
export interface QualityAsked {
  readonly duplicates?: boolean | undefined;
  readonly distinct?: readonly string[] | 'all' | undefined;
}

export interface QualityCounted {
  readonly compared: { readonly passed: number; readonly failed: number };
  readonly distinct: ReadonlyMap<string, DistinctValues>;
}

/** What is asked for, and what a constraint would otherwise be untold about. */
export function countedFor(
  features: readonly string[],
  constraints: readonly Constraint[],
  { duplicates = false, distinct = [] }: QualityAsked = {},
): QualityChoice {
  const unknown = distinct === 'all' ? undefined : distinct.find((name) => !features.includes(name));
  if (unknown !== undefined) {
    const known = features.map((name) => JSON.stringify(name)).join(', ');
    throw new DataFileError(`--distinct ${JSON.stringify(unknown)} is no feature; there are ${known}.`);
  }
  const declared = constraints
    .filter(({ distinctAtMost, distinctAtLeast }) => distinctAtMost !== undefined || distinctAtLeast !== undefined)
    .map(({ feature }) => feature);
  return {
    duplicates: duplicates || constraints.some(({ duplicatesAtMost }) => duplicatesAtMost !== undefined),
    distinct: features.filter((name) => distinct === 'all' || distinct.includes(name) || declared.includes(name)),
  };
}

/** Remembers rows over all periods, and counts since it was last taken. */
export class QualityCounter {
  readonly #repeatedRows: RepeatedRows | undefined;
  readonly #distinctOf: readonly string[];
  #compared = { passed: 0, failed: 0 };
  #distinct = new Map<string, DistinctValues>();

  constructor({ duplicates, distinct }: QualityChoice) {
    this.#repeatedRows = duplicates ? new RepeatedRows() : undefined;
    this.#distinctOf = distinct;
  }

  /** Columns of equal length; the row of a model is all of them. */
  record(columns: Readonly<Record<string, readonly unknown[]>>, rows: number): void {
    for (const name of this.#distinctOf) {
      const values = this.#distinct.get(name) ?? new DistinctValues();
      for (const value of columns[name] ?? []) values.record(value);
      this.#distinct.set(name, values);
    }
    if (this.#repeatedRows === undefined) return;
    const names = Object.keys(columns);
    for (let i = 0; i < rows; i++) {
      const row = Object.fromEntries(names.map((name) => [name, columns[name]?.[i]]));
      if (this.#repeatedRows.isRepeated(row, isAnyFeature)) this.#compared.failed++;
      else this.#compared.passed++;
    }
  }

  taken(): QualityCounted {
    const counted = { compared: this.#compared, distinct: this.#distinct };
    this.#compared = { passed: 0, failed: 0 };
    this.#distinct = new Map();
    return counted;
  }
}

const isAnyFeature = (): boolean => true;
