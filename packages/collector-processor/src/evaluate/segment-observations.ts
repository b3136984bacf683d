import { ML_SEGMENT_VALUE_VALUE_OTHER } from '@driftline/semantic-conventions';
import { outcomesIn, outcomesTogether } from '../panes/pane-content.ts';
import type { HeldSeries } from '../panes/series-state.ts';
import type { Horizon } from './measurement.ts';
import { type Observations, observationsOf, totalRows } from './observations.ts';
import type { RealisedOutcomes } from './performance/performance-metric.ts';
import { LONGEST_SEGMENT_VALUE, type Segment, segmentIn, segmentKey } from './segment.ts';

/** One segment's part of sealed panes. */
export interface ObservedSegment extends Segment {
  readonly rows: number;
  readonly observations: readonly Observations[];
  readonly outcomes: RealisedOutcomes;
}

/** What a window is judged by, apart from the whole. */
export interface SegmentsOfWindow extends ChosenSegments {
  /** Of all segments that can be judged: each says which one it is of. */
  readonly observations: Readonly<Partial<Record<Horizon, readonly Observations[]>>>;
}

/** Which segments there are is a matter of the window; the hour says more of the same ones. */
export function readSegments(
  panes: { readonly window: Iterable<HeldSeries>; readonly hour: Iterable<HeldSeries> | undefined },
  choice: SegmentChoice,
): SegmentsOfWindow {
  const chosen = chooseSegments(segmentsOf(panes.window, choice.names), choice);
  const judged = chosen.apart.filter(choice.hasReference);
  const keys = new Set(judged.map(segmentKey));
  const inHour = panes.hour && segmentsOf(panes.hour, choice.names).filter((segment) => keys.has(segmentKey(segment)));
  return {
    ...chosen,
    observations: {
      window: judged.flatMap(({ observations }) => observations),
      ...(inHour && { '1h': inHour.flatMap(({ observations }) => observations) }),
    },
  };
}

export interface SegmentChoice {
  /** The attributes that settings chose; points of others are left alone. */
  readonly names: readonly string[];
  /** Values of one attribute that are evaluated apart. */
  readonly limit: number;
  /** A segment with a reference has its place, however many values are sent. */
  readonly hasReference: (segment: Segment) => boolean;
}

/** The segments of these attributes in some panes. */
export function segmentsOf(held: Iterable<HeldSeries>, names: readonly string[]): readonly ObservedSegment[] {
  const bySegment = new Map<string, { readonly segment: Segment; readonly held: HeldSeries[] }>();
  for (const one of held) {
    const segment = segmentIn(one.series.attributes);
    if (segment === undefined || !names.includes(segment.name)) continue;
    const named = segment.value.length > LONGEST_SEGMENT_VALUE ? otherOf(segment) : segment;
    const key = segmentKey(named);
    const known = bySegment.get(key) ?? { segment: named, held: [] };
    bySegment.set(key, known);
    known.held.push(one);
  }
  return [...bySegment.values()].map(({ segment, held }) => {
    const observations = observationsOf(held, segment);
    return { ...segment, rows: totalRows(observations), observations, outcomes: outcomesIn(held) };
  });
}

/** The segments that are evaluated apart, and all others of an attribute together. */
export interface ChosenSegments {
  /** In the order of the settings, the largest first, `_other` last. */
  readonly apart: readonly ObservedSegment[];
  /** Values that became `_other`, by attribute; only those with any. */
  readonly folded: ReadonlyMap<string, readonly string[]>;
}

/** Over the limit, what has no reference and the fewest rows goes into `_other`, which keeps rows and outcomes alone. */
export function chooseSegments(
  segments: readonly ObservedSegment[],
  { names, limit, hasReference }: SegmentChoice,
): ChosenSegments {
  const folded = new Map<string, readonly string[]>();
  const apart = names.flatMap((name) => {
    const ofName = segments.filter((segment) => segment.name === name);
    const named = ofName.filter(({ value }) => value !== ML_SEGMENT_VALUE_VALUE_OTHER).toSorted(bySize);
    const known = named.filter(hasReference);
    const places = Math.max(0, limit - known.length);
    const kept = [...known.slice(0, limit), ...named.filter((one) => !hasReference(one)).slice(0, places)];
    const others = ofName.filter((one) => !kept.includes(one));
    const overLimit = others.map(({ value }) => value).filter((value) => value !== ML_SEGMENT_VALUE_VALUE_OTHER);
    if (overLimit.length > 0) folded.set(name, overLimit.toSorted());
    if (others.length === 0) return kept.toSorted(bySize);
    const other = {
      ...otherOf({ name }),
      rows: others.reduce((sum, { rows }) => sum + rows, 0),
      // What they are changes with the traffic: a distribution of them means nothing.
      observations: [],
      outcomes: outcomesTogether(others.map(({ outcomes }) => outcomes)),
    };
    return [...kept.toSorted(bySize), other];
  });
  return { apart, folded };
}

function otherOf({ name }: Pick<Segment, 'name'>): Segment {
  return { name, value: ML_SEGMENT_VALUE_VALUE_OTHER };
}

/** Equal ones by name, so that whoever repeats it gets the same. */
function bySize(one: ObservedSegment, other: ObservedSegment): number {
  return other.rows - one.rows || (one.value < other.value ? -1 : 1);
}
