import {
  ATTR_ML_FEATURE_CATEGORY,
  ATTR_ML_FEATURE_NAME,
  ATTR_ML_FEATURE_OBSERVATION_STATUS,
  ATTR_ML_FEATURE_PROJECTION,
  ATTR_ML_OUTPUT_NAME,
  ATTR_ML_REFERENCE_ID,
  ATTR_ML_SEGMENT_NAME,
  METRIC_ML_FEATURE_CATEGORY_OBSERVATIONS,
  METRIC_ML_FEATURE_OBSERVATIONS,
  METRIC_ML_FEATURE_VALUE,
  METRIC_ML_OUTPUT_CATEGORY_OBSERVATIONS,
  METRIC_ML_OUTPUT_OBSERVATIONS,
  METRIC_ML_OUTPUT_VALUE,
} from '@driftline/semantic-conventions';
import { EdgeHistogram, ExponentialHistogram } from '@driftline/sketches';
import { mergeStates } from '../panes/merge-states.ts';
import type { HeldSeries, SeriesState } from '../panes/series-state.ts';
import type { PointValue, Series } from '../receive/unit.ts';
import type { Segment } from './segment.ts';

export type Distribution = Extract<PointValue, { kind: 'histogram' | 'exponential' }>;

/** What sealed panes say about one feature or output, as far as it was counted against one reference. */
export interface Observations {
  readonly role: 'feature' | 'output';
  readonly name: string;
  /** Empty where the sender has no profile. */
  readonly referenceId: string;
  /** Of a numeric feature under `none`; of an embedding by projection, -1 the norm. */
  readonly distributions: ReadonlyMap<number | 'none', Distribution>;
  readonly categories: ReadonlyMap<string, number>;
  /** Rows by observation status: all that were seen, whichever reference they were counted against. */
  readonly statuses: ReadonlyMap<string, number>;
  /** Absent where all rows are meant. */
  readonly segment?: Segment;
}

/**
 * Sorts merged series by feature or output and by reference. Points of segments are parts of a whole that is reported
 * beside them, and are left out; all series of one segment are read with it.
 */
export function observationsOf(held: Iterable<HeldSeries>, segment?: Segment): readonly Observations[] {
  const subjects = new Map<string, Subject>();
  for (const { series, state } of held) {
    const named = subjectOf(series);
    if (named === undefined || (segment === undefined && ATTR_ML_SEGMENT_NAME in series.attributes)) continue;
    const key = JSON.stringify([named.role, named.name]);
    const subject = subjects.get(key) ?? { ...named, statuses: new Map(), byReference: new Map() };
    subjects.set(key, subject);
    if (statusMetrics.includes(series.metric)) {
      addTo(subject.statuses, textOf(series, ATTR_ML_FEATURE_OBSERVATION_STATUS), valueOf(state));
    } else {
      countAgainst(textOf(series, ATTR_ML_REFERENCE_ID), subject, series, state);
    }
  }
  // By name: series come in the order of their keys, which say nothing to anybody.
  const inOrder = [...subjects].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, subject]) => subject);
  return inOrder.flatMap(({ byReference, ...subject }) =>
    // A feature of which every row is missing has no distribution, and is the one to see.
    (byReference.size === 0 ? [nothingAgainst('')] : [...byReference.values()]).map((counted) => ({
      ...subject,
      ...counted,
      ...(segment && { segment }),
    })),
  );
}

interface Counted {
  readonly referenceId: string;
  readonly distributions: Map<number | 'none', Distribution>;
  readonly categories: Map<string, number>;
}

interface Subject {
  readonly role: Observations['role'];
  readonly name: string;
  readonly statuses: Map<string, number>;
  readonly byReference: Map<string, Counted>;
}

function nothingAgainst(referenceId: string): Counted {
  return { referenceId, distributions: new Map(), categories: new Map() };
}

function countAgainst(referenceId: string, { byReference }: Subject, series: Series, state: SeriesState): void {
  const counted = byReference.get(referenceId) ?? nothingAgainst(referenceId);
  byReference.set(referenceId, counted);
  if (state.kind === 'histogram' || state.kind === 'exponential') {
    const named = series.attributes[ATTR_ML_FEATURE_PROJECTION];
    const projection = typeof named === 'number' ? named : 'none';
    const other = counted.distributions.get(projection);
    counted.distributions.set(projection, other === undefined ? state : together(other, state));
  } else {
    addTo(counted.categories, textOf(series, ATTR_ML_FEATURE_CATEGORY), valueOf(state));
  }
}

/** Senders may add attributes of their own, which make several series of one distribution. */
function together(one: Distribution, other: Distribution): Distribution {
  if (isOnSameBuckets(one, other)) {
    const merged = mergeStates(one, other);
    if (merged.kind === one.kind) return merged;
  }
  // They do not add up: what more rows say stands for the whole.
  return rowsOf(other) > rowsOf(one) ? other : one;
}

function isOnSameBuckets(one: Distribution, other: Distribution): boolean {
  if (one.kind === 'exponential' || other.kind === 'exponential') return one.kind === other.kind;
  return one.edges.length === other.edges.length && one.edges.every((edge, i) => edge === other.edges[i]);
}

/** Rows with a usable value that were counted against this reference. */
export function usableRows({ distributions, categories }: Observations): number {
  const [distribution] = distributions.values();
  return distribution === undefined ? sumOf(categories.values()) : rowsOf(distribution);
}

export function rowsOf(distribution: Distribution): number {
  return distribution.kind === 'histogram'
    ? sumOf(distribution.counts)
    : distribution.zeroCount + sumOf(distribution.positive.counts) + sumOf(distribution.negative.counts);
}

export function sketchOf(distribution: Distribution): EdgeHistogram | ExponentialHistogram {
  return distribution.kind === 'histogram' ? EdgeHistogram.from(distribution) : ExponentialHistogram.from(distribution);
}

/** All rows that any feature or output saw: the largest sum over statuses, or what was counted where none are sent. */
export function totalRows(observations: readonly Observations[]): number {
  return Math.max(0, ...observations.map((one) => Math.max(sumOf(one.statuses.values()), usableRows(one))));
}

export function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

const statusMetrics: readonly string[] = [METRIC_ML_FEATURE_OBSERVATIONS, METRIC_ML_OUTPUT_OBSERVATIONS];
const featureMetrics: readonly string[] = [
  METRIC_ML_FEATURE_VALUE,
  METRIC_ML_FEATURE_CATEGORY_OBSERVATIONS,
  METRIC_ML_FEATURE_OBSERVATIONS,
];
const outputMetrics: readonly string[] = [
  METRIC_ML_OUTPUT_VALUE,
  METRIC_ML_OUTPUT_CATEGORY_OBSERVATIONS,
  METRIC_ML_OUTPUT_OBSERVATIONS,
];

function subjectOf({ metric, attributes }: Series): Pick<Observations, 'role' | 'name'> | undefined {
  const role = featureMetrics.includes(metric) ? 'feature' : outputMetrics.includes(metric) ? 'output' : undefined;
  const name = attributes[role === 'feature' ? ATTR_ML_FEATURE_NAME : ATTR_ML_OUTPUT_NAME];
  return role !== undefined && typeof name === 'string' ? { role, name } : undefined;
}

function textOf({ attributes }: Series, name: string): string {
  const value = attributes[name];
  return value === undefined ? '' : String(value);
}

function valueOf(state: SeriesState): number {
  return state.kind === 'sum' || state.kind === 'gauge' ? state.value : 0;
}

function addTo(counts: Map<string, number>, name: string, value: number): void {
  counts.set(name, (counts.get(name) ?? 0) + value);
}
