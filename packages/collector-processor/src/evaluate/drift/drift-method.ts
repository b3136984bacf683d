import type { Bin } from './decision/bins.ts';

/** An ordinal column is categorical as well; what reads its order says so. */
export type ColumnKind = 'numeric' | 'categorical' | 'ordinal' | 'embedding';

/** The values of a numeric feature, as far as its buckets tell them. Both sides hold at least one row. */
export interface BucketedValues {
  /** Strictly increasing; bucket i holds (edges[i - 1], edges[i]], the first and the last are open to infinity. */
  readonly edges: ArrayLike<number>;
  /** One more than edges. */
  readonly buckets: readonly Bin[];
  /** Standard deviation of the reference. */
  readonly sd: number;
  /** Edges at the reference's 0.1 % and 99.9 %, by index. */
  readonly tails: { readonly lower: number; readonly upper: number };
}

/** Between these lies the score of the rows themselves, wherever in their buckets they are. */
export interface ScoreBounds {
  readonly lower: number;
  readonly upper: number;
}

/** A limit that is used elsewhere, for whoever comes from there; of the score, or of the p-value. */
export interface CustomaryLimit {
  readonly of: 'score' | 'p';
  readonly at: number;
  readonly where: string;
}

/** Of data as small as to be checked by hand, or by the named package. */
interface KnownAnswer {
  readonly score: number;
  /** For independent rows. */
  readonly p?: number;
  readonly source: string;
}

interface Method<Input> {
  /** As in `ml.drift.method`. */
  readonly name: string;
  /** The question the number answers, with its scale. */
  readonly answers: string;
  readonly kinds: readonly ColumnKind[];
  /** The paper, or where the formula is written down. */
  readonly source: string;
  /** The first one decides where a user names the method and no limit. */
  readonly customaryLimits: readonly CustomaryLimit[];
  /** Undefined where it cannot be computed, a reference without spread for instance. */
  score(input: Input): number | undefined;
  /**
   * How likely chance alone is; `phi` is how many times dependent rows inflate the statistic's variance. Undefined
   * where it cannot be computed, and no function where the score has no null distribution of its own.
   */
  readonly pValue?: (input: Input, phi: number) => number | undefined;
  /** Where buckets hide something from the score, what. */
  readonly bounds?: (input: Input) => ScoreBounds | undefined;
}

/** Reads shares: ten quantile bins of a numeric feature, one bin a category. */
interface BinMethod extends Method<readonly Bin[]> {
  readonly reads: 'bins';
  readonly knownAnswers: readonly (KnownAnswer & {
    readonly reference: Readonly<Record<string, number>>;
    readonly current: Readonly<Record<string, number>>;
  })[];
}

/** Asks of every category by itself, so it has nothing to say about bins. */
interface CategoryMethod extends Method<readonly Bin[]> {
  readonly reads: 'categories';
  readonly knownAnswers: BinMethod['knownAnswers'];
}

interface KnownValues {
  readonly edges: readonly number[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly sd: number;
  readonly tails: BucketedValues['tails'];
}

/** Needs order or distance, so it has nothing to say about categories. */
interface ValueMethod extends Method<BucketedValues> {
  readonly reads: 'values';
  readonly knownAnswers: readonly (KnownAnswer & KnownValues)[];
}

/** Reads all random projections of an embedding together; its length is none. */
interface ProjectionMethod extends Method<readonly BucketedValues[]> {
  readonly reads: 'projections';
  readonly knownAnswers: readonly (KnownAnswer & { readonly projections: readonly KnownValues[] })[];
}

/**
 * A way to say how far two distributions lie apart: one file, one line in `index.ts`. Methods are reported; the
 * decision is `decision/judge.ts`, but where a user sets a fixed limit. 0 is no difference.
 */
export type DriftMethod = BinMethod | CategoryMethod | ValueMethod | ProjectionMethod;

export function defineDriftMethod<const Method extends DriftMethod>(method: Method): Method {
  return method;
}
