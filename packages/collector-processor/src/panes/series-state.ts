import type { RealisedOutcomes } from '../evaluate/performance/performance-metric.ts';
import type { IdentifiedPoint, PointValue, Prediction, Series, Unit } from '../receive/unit.ts';

type PointOf<Kind extends PointValue['kind']> = Extract<PointValue, { kind: Kind }>;

/** What counts up from a start: a value at a later end covers those before it. */
export type Countable = PointOf<'histogram' | 'exponential' | 'sum'>;

/** What a pane holds of one stream: points that have been merged, in the form that they came in where that is possible. */
export type SeriesState = Countable | PointOf<'comoments' | 'samples'> | Gauge | Outcomes | Cumulative;

export type Gauge = PointOf<'gauge'> & { readonly atNs: bigint };

/** Predictions whose truth is known. */
export type Outcomes = RealisedOutcomes & { readonly kind: 'outcomes' };

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

/** Whose point it is, and when. */
export type Collection = Pick<Unit, 'writer' | 'startNs' | 'endNs'>;

export function streamKey({ series }: IdentifiedPoint, { writer }: Pick<Collection, 'writer'>): string {
  return series.temporality === 'cumulative' ? `${series.key}/${writer}` : series.key;
}

/**
 * Points that say how things stand replace each other, and samples are a set: a repetition changes nothing, and needs no receipt. The others
 * add up, and each must be counted once.
 */
export function isRepeatable({ series, value }: IdentifiedPoint): boolean {
  return series.temporality === 'cumulative' || value.kind === 'gauge' || value.kind === 'samples';
}

/** One point as if it were all that the pane holds; undefined for what no pane can hold. */
export function stateOf({ series, value }: IdentifiedPoint, collection: Collection): SeriesState | undefined {
  if (value.kind === 'gauge') return { ...value, atNs: collection.endNs };
  if (value.kind === 'outcome') return outcomesOf(value);
  if (series.temporality !== 'cumulative' || value.kind === 'comoments' || value.kind === 'samples') return value;
  return { kind: 'cumulative', ...collectionOf(collection), value };
}

const collectionOf = ({ writer, startNs, endNs }: Collection): Collection => ({ writer, startNs, endNs });

/** Classes are compared with classes and numbers with numbers; undefined where prediction and truth share neither. */
function outcomesOf({ prediction = {}, truth }: PointOf<'outcome'>): Outcomes | undefined {
  const classes = classesOf(prediction, truth);
  const error =
    prediction.value === undefined || truth.value === undefined ? undefined : prediction.value - truth.value;
  if (classes === undefined && error === undefined) return undefined;
  return {
    kind: 'outcomes',
    confusion: new Map(classes === undefined ? [] : [[classes.predicted, new Map([[classes.actual, 1]])]]),
    errors: {
      count: error === undefined ? 0 : 1,
      sum: error ?? 0,
      absolute: Math.abs(error ?? 0),
      squared: (error ?? 0) ** 2,
    },
  };
}

/** A score without a class is the probability of 1: from a half on it predicts it. */
function classesOf(prediction: Prediction, truth: Prediction) {
  if (prediction.class !== undefined) {
    return truth.class === undefined ? undefined : { predicted: prediction.class, actual: truth.class };
  }
  const isBinary = prediction.score !== undefined && (truth.value === 0 || truth.value === 1);
  return isBinary ? { predicted: (prediction.score ?? 0) >= 0.5 ? '1' : '0', actual: String(truth.value) } : undefined;
}
