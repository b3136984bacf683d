import type { Bin } from '../drift/decision/bins.ts';
import type { ComparedFeature } from '../drift/decision/feature-counts.ts';
import type { Dependence } from '../drift/decision/inflation.ts';
import type { DriftPart } from '../measurement.ts';
import type { Distribution } from '../observations.ts';

/** What one window says of one feature or output, and what one reference said of it. */
export interface FeatureEvidence {
  readonly role: 'feature' | 'output';
  readonly name: string;
  /** Undefined where there is none. */
  readonly referenceId?: string | undefined;
  /** Every row in which it was looked for, usable or not. */
  readonly rows: number;
  /** Rows of the whole model. */
  readonly modelRows: number;
  /** Rows by observation status: { valid: 980, missing: 20 }. */
  readonly statuses: ReadonlyMap<string, number>;
  /** Reference and window on the same buckets; undefined without a reference, or where they do not match. */
  readonly compared: ComparedFeature | undefined;
  /** Of a number, as it was counted; undefined of other kinds and where no value was usable. */
  readonly distribution: Distribution | undefined;
  readonly categories: ReadonlyMap<string, number>;
  /** How far its rows depend on each other, where that is known of it alone. */
  readonly dependence?: Dependence | undefined;
  /** How many of the values differ from each other; undefined where nobody counted. */
  readonly distinct: number | undefined;
  /** Rows by what a schema in the sender complained of; undefined without one. */
  readonly schema: { readonly rows: number; readonly violations: ReadonlyMap<string, number> } | undefined;
}

/** Rows by the result of one check. */
export interface CheckedRows {
  readonly rows: number;
  readonly failed: number;
}

/** What one window says of whole rows. */
export interface RowEvidence {
  /** Compared with rows before them: those that fail are repeated. Undefined where no sender does that. */
  readonly compared: CheckedRows | undefined;
  /** Checked by a schema in the sender; undefined without one. */
  readonly validated: CheckedRows | undefined;
  /** Repeated rows of the reference, each compared with all before it; undefined where nobody counted. */
  readonly reference: RepeatedRows | undefined;
}

export interface RepeatedRows {
  readonly referenceId?: string | undefined;
  readonly rows: number;
  readonly repeated: number;
}

/** What a rule reads from a window, before anybody says whether it is too much. */
export interface Reading {
  /** Of `rows`: the share that breaks the rule. */
  readonly ratio: number;
  readonly rows: number;
  /** In words for people, where the ratio needs them: "all rows are 0". */
  readonly detail?: string;
  /** Without a declared limit, what decides; absent where nothing but a declared limit can. */
  readonly comparison?: QualityComparison;
}

export type QualityComparison =
  /** Are there more hits among the rows than in the reference? Exactly tested, at a level of the budget. */
  | { readonly kind: 'test'; readonly hits: Bin; readonly rows: Bin; readonly part: DriftPart }
  /** No ratio above this comes by chance: the margin is so wide that no test is needed. */
  | { readonly kind: 'bound'; readonly limit: number };

interface Described {
  /** As in `ml.data_quality.rule`, and in `quality.rules`, `quality.limits` and `quality.margins`. */
  readonly name: string;
  /** The question its ratio answers. */
  readonly asks: string;
  /** What must be there for it to be read, and for it to be judged without a declared limit. */
  readonly needs: string;
  /** How it is judged where no limit is declared, in a few words for the table of the documents. */
  readonly judgedBy: string;
  readonly defaults: {
    /** A declared limit; without one the reference decides. */
    readonly limit?: number;
    /** So much above the reference's share nobody wants to hear of. */
    readonly margin: number;
  };
}

interface FeatureRule extends Described {
  readonly about: 'feature';
  /** Undefined where it does not apply, or cannot be read. */
  read(evidence: FeatureEvidence): Reading | undefined;
  readonly knownAnswers: readonly KnownAnswer<FeatureEvidence>[];
}

interface RowRule extends Described {
  readonly about: 'rows';
  read(evidence: RowEvidence): Reading | undefined;
  readonly knownAnswers: readonly KnownAnswer<RowEvidence>[];
}

interface KnownAnswer<Evidence> {
  readonly says: string;
  /** What differs from evidence of 1,000 valid rows without a reference. */
  readonly given: Partial<Evidence>;
  /** The share, and what is tested or the limit of a bound where that decides; undefined where there is nothing to read. */
  readonly answer:
    | { readonly ratio: number; readonly limit?: number; readonly test?: { readonly hits: Bin; readonly rows: Bin } }
    | undefined;
}

/** One question about the quality of data: one file, one line in `index.ts`. The judgement is `judgement/judge-quality.ts`. */
export type QualityRule = FeatureRule | RowRule;

export function defineQualityRule<const Rule extends QualityRule>(rule: Rule): Rule {
  return rule;
}

/** Rows with one status, against what the reference has without a usable value: it does not tell the reasons apart. */
export function statusReading({ rows, statuses, compared }: FeatureEvidence, status: string): Reading | undefined {
  if (rows === 0) return undefined;
  const current = statuses.get(status) ?? 0;
  return {
    ratio: current / rows,
    rows,
    ...(compared !== undefined && {
      comparison: {
        kind: 'test',
        hits: { reference: compared.missing.reference, current },
        rows: { reference: referenceRows(compared) + compared.missing.reference, current: rows },
        part: 'missing',
      },
    }),
  };
}

/** Rows of the reference with a usable value. */
export function referenceRows({ reference }: ComparedFeature): number {
  switch (reference.kind) {
    case 'numeric':
      return sum(reference.counts);
    case 'categorical':
      return sum(Object.values(reference.categories));
    case 'embedding':
      return sum(reference.projections[0]?.counts ?? []);
  }
}

/** Rows of the window with a usable value. */
export function usableRows({ statuses }: FeatureEvidence): number {
  return ['valid', 'out_of_range', 'unseen'].reduce((rows, status) => rows + (statuses.get(status) ?? 0), 0);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
