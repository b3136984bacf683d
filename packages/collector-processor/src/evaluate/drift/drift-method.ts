import type { Bin } from './decision/bins.ts';

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

interface Described {
  /** As in `ml.drift.method`. */
  readonly name: string;
  /** The question the number answers, with its scale. */
  readonly answers: string;
}

/** Reads shares: ten quantile bins of a numeric feature, one bin a category. */
interface BinMethod extends Described {
  readonly reads: 'bins';
  score(bins: readonly Bin[]): number;
  readonly knownAnswers: readonly {
    readonly reference: Readonly<Record<string, number>>;
    readonly current: Readonly<Record<string, number>>;
    readonly score: number;
    readonly source: string;
  }[];
}

/** Needs order or distance, so it has nothing to say about categories. */
interface ValueMethod extends Described {
  readonly reads: 'values';
  /** Undefined where it cannot be computed, a reference without spread for instance. */
  score(values: BucketedValues): number | undefined;
  readonly knownAnswers: readonly {
    readonly edges: readonly number[];
    readonly reference: readonly number[];
    readonly current: readonly number[];
    readonly sd: number;
    readonly tails: BucketedValues['tails'];
    readonly score: number;
    readonly source: string;
  }[];
}

/**
 * A way to say how far two distributions lie apart: one file, one line in `index.ts`. Methods are reported; the
 * decision is `decision/judge.ts`. 0 is no difference.
 */
export type DriftMethod = BinMethod | ValueMethod;

export function defineDriftMethod<const Method extends DriftMethod>(method: Method): Method {
  return method;
}
