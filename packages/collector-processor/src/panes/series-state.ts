import type { PointValue, Series } from '../receive/unit.ts';

type PointOf<Kind extends PointValue['kind']> = Extract<PointValue, { kind: Kind }>;

/** What counts up from a start: a value at a later end covers those before it. */
export type Countable = PointOf<'histogram' | 'exponential' | 'sum'>;

/** What a pane holds of one stream: points that have been merged, in the form that they came in where that is possible. */
export type SeriesState =
  | Countable
  | PointOf<'comoments'>
  | (PointOf<'gauge'> & { readonly atNs: bigint })
  | Outcomes
  | Cumulative;

/** Predictions whose truth is known. */
export interface Outcomes {
  readonly kind: 'outcomes';
  /** Rows by predicted and then by true class. */
  readonly confusion: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Sums over the rows with a numeric prediction and truth; error = prediction - truth. */
  readonly errors: {
    readonly count: number;
    readonly sum: number;
    readonly absolute: number;
    readonly squared: number;
  };
}

/** The last word of one cumulative stream of one writer: what it counted since `startNs`. */
export interface Cumulative {
  readonly kind: 'cumulative';
  readonly writer: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly value: Countable;
}

export interface HeldSeries {
  readonly series: Series;
  readonly state: SeriesState;
}

/** The content of a pane, by stream: the key of the series or, for a cumulative one, of series and writer. */
export type PaneContent = ReadonlyMap<string, HeldSeries>;
