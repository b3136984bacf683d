import { DistinctValues, RepeatedRows } from '@driftline/sketches';
import type { FeatureRow } from './call-mappers.ts';
import type { RowViolations } from './schema-check.ts';

/** What is counted for data quality only where it is asked for: each costs something at every row. */
export interface QualityOptions<Name extends string = string> {
  /** Rows that are the same, in every feature, as one of the last 8,192 of this process. */
  readonly duplicates?: boolean;
  /** How many values of a feature differ: of these features, or of all. */
  readonly distinct?: readonly Name[] | 'all';
}

/** Kinds of complaints of one feature; further ones are `_other`. */
const MOST_TYPES = 20;

/** Remembers rows over the periods of one model version. */
export class QualityChecks {
  readonly repeatedRows: RepeatedRows | undefined;
  readonly #distinct: ReadonlySet<string> | 'all';

  private constructor({ duplicates, distinct = [] }: QualityOptions) {
    this.repeatedRows = duplicates === true ? new RepeatedRows() : undefined;
    this.#distinct = distinct === 'all' ? 'all' : new Set(distinct);
  }

  static of(options: QualityOptions | undefined): QualityChecks | undefined {
    if (options === undefined) return undefined;
    const { duplicates, distinct = [] } = options;
    return duplicates === true || distinct === 'all' || distinct.length > 0 ? new QualityChecks(options) : undefined;
  }

  countsValuesOf(feature: string): boolean {
    return this.#distinct === 'all' || this.#distinct.has(feature);
  }
}

interface Checked {
  passed: number;
  failed: number;
}

/** What one period saw beside distributions and statuses. */
export class QualitySketches {
  readonly compared: Checked = { passed: 0, failed: 0 };
  readonly validated: Checked = { passed: 0, failed: 0 };
  readonly distinct = new Map<string, DistinctValues>();
  /** Rows by feature and by what the schema complained of. */
  readonly violations = new Map<string, Map<string, number>>();

  recordRow(row: FeatureRow, checks: QualityChecks, isFeature: (name: string) => boolean): void {
    if (checks.repeatedRows !== undefined) {
      if (checks.repeatedRows.isRepeated(row, isFeature)) this.compared.failed++;
      else this.compared.passed++;
    }
    for (const name in row) {
      if (!checks.countsValuesOf(name) || !isFeature(name)) continue;
      this.#valuesOf(name).record(row[name]);
    }
  }

  recordColumn(name: string, values: ArrayLike<unknown>): void {
    const distinct = this.#valuesOf(name);
    for (let i = 0; i < values.length; i++) distinct.record(values[i]);
  }

  recordValidation(rows: number, invalid: readonly RowViolations[]): void {
    this.validated.passed += rows - invalid.length;
    this.validated.failed += invalid.length;
    for (const violations of invalid) {
      for (const [feature, types] of violations) for (const type of types) this.#addViolation(feature, type, 1);
    }
  }

  merge(other: QualitySketches): void {
    for (const check of ['compared', 'validated'] as const) {
      this[check].passed += other[check].passed;
      this[check].failed += other[check].failed;
    }
    for (const [feature, values] of other.distinct) this.#valuesOf(feature).merge(values);
    for (const [feature, types] of other.violations) {
      for (const [type, rows] of types) this.#addViolation(feature, type, rows);
    }
  }

  #valuesOf(feature: string): DistinctValues {
    const known = this.distinct.get(feature);
    if (known !== undefined) return known;
    const values = new DistinctValues();
    this.distinct.set(feature, values);
    return values;
  }

  #addViolation(feature: string, type: string, rows: number): void {
    const types = this.violations.get(feature) ?? new Map<string, number>();
    this.violations.set(feature, types);
    const told = types.has(type) || types.size < MOST_TYPES ? type : '_other';
    types.set(told, (types.get(told) ?? 0) + rows);
  }
}
