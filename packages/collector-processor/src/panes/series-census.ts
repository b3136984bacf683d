import { createHash } from 'node:crypto';
import {
  ATTR_ML_FEATURE_CATEGORY,
  ATTR_ML_FEATURE_NAME,
  ATTR_ML_OUTPUT_NAME,
  ATTR_ML_SEGMENT_NAME,
  ATTR_ML_SEGMENT_VALUE,
  ML_FEATURE_CATEGORY_VALUE_OTHER,
  ML_FEATURE_CATEGORY_VALUE_UNSEEN,
} from '@driftline/semantic-conventions';
import type { Series } from '../receive/unit.ts';

/** How much one pane of one model may hold. */
export interface PaneLimits {
  /** Features and outputs. */
  readonly features: number;
  /** Of one feature; further ones are counted as `_other`. */
  readonly categories: number;
  /** Values of one attribute that rows are counted apart by. */
  readonly segments: number;
  /** Of all kinds: a sender that adds attributes of its own makes series without end. */
  readonly series: number;
  /** Cumulative ones: each costs a sketch for every writer. */
  readonly cumulativeStreams: number;
}

/** What the settings bound, and what nobody has wished to set. */
export function paneLimits(settings: Pick<PaneLimits, 'features' | 'categories' | 'segments'>): PaneLimits {
  const { features, categories, segments } = settings;
  return { features, categories, segments, series: MOST_SERIES, cumulativeStreams: MOST_CUMULATIVE_STREAMS };
}

const MOST_SERIES = 200_000;
const MOST_CUMULATIVE_STREAMS = 10_000;

/** Which streams a pane holds, and whether there is room for another. */
export class SeriesCensus {
  readonly #limits: PaneLimits;
  readonly #streams = new Set<string>();
  readonly #features = new Set<string>();
  readonly #categories = new Map<string, number>();
  /** Values held, by attribute. */
  readonly #segments = new Map<string, Set<string>>();
  #cumulative = 0;

  constructor(limits: PaneLimits) {
    this.#limits = limits;
  }

  /** The series to count under: its own, that of `_other`, or none for which there is room. */
  admit(key: string, series: Series): Series | 'over_limit' {
    if (this.#streams.has(key)) return series;
    const { features, categories, series: mostSeries, cumulativeStreams } = this.#limits;
    const subject = subjectOf(series);
    const isCumulative = series.temporality === 'cumulative';
    if (this.#streams.size >= mostSeries) return 'over_limit';
    if (isCumulative && this.#cumulative >= cumulativeStreams) return 'over_limit';
    if (!this.#features.has(subject) && this.#features.size >= features) return 'over_limit';

    if (!this.#hasRoomForSegment(series)) return 'over_limit';

    const categorised = JSON.stringify([series.metric, subject, segmentOf(series)]);
    const categoriesHeld = this.#categories.get(categorised) ?? 0;
    if (isNamedCategory(series)) {
      // The last word of a stream cannot be added to that of another.
      if (categoriesHeld >= categories) return isCumulative ? 'over_limit' : this.#admitOther(series);
      this.#categories.set(categorised, categoriesHeld + 1);
    }
    this.#streams.add(key);
    this.#features.add(subject);
    this.#holdSegment(series);
    if (isCumulative) this.#cumulative++;
    return series;
  }

  /** Several senders may each send as many, and which of them are evaluated is decided where references are known. */
  #hasRoomForSegment(series: Series): boolean {
    const segment = segmentOf(series);
    if (segment === undefined) return true;
    const held = this.#segments.get(segment.name);
    if (held === undefined) return this.#segments.size < MOST_SEGMENT_NAMES;
    return held.has(segment.value) || held.size < SENDERS_SHARE * this.#limits.segments;
  }

  #holdSegment(series: Series): void {
    const segment = segmentOf(series);
    if (segment === undefined) return;
    const held = this.#segments.get(segment.name) ?? new Set();
    this.#segments.set(segment.name, held.add(segment.value));
  }

  #admitOther(series: Series): Series | 'over_limit' {
    const other = otherOf(series);
    return this.admit(other.key, other);
  }
}

const subjectOf = ({ attributes }: Series): string =>
  JSON.stringify([attributes[ATTR_ML_FEATURE_NAME] ?? null, attributes[ATTR_ML_OUTPUT_NAME] ?? null]);

/** Values of so many senders that have none in common; beyond, points are refused. */
const SENDERS_SHARE = 5;
const MOST_SEGMENT_NAMES = 10;

function segmentOf({ attributes }: Series): { readonly name: string; readonly value: string } | undefined {
  const name = attributes[ATTR_ML_SEGMENT_NAME];
  return name === undefined ? undefined : { name: String(name), value: String(attributes[ATTR_ML_SEGMENT_VALUE]) };
}

function isNamedCategory({ attributes }: Series): boolean {
  const category = attributes[ATTR_ML_FEATURE_CATEGORY];
  return (
    category !== undefined &&
    category !== ML_FEATURE_CATEGORY_VALUE_OTHER &&
    category !== ML_FEATURE_CATEGORY_VALUE_UNSEEN
  );
}

/** Beside a series of `_other` that a sender makes there may be this one: whoever reads them adds them up. */
function otherOf({ metric, unit, temporality, attributes }: Series): Series {
  const folded = { ...attributes, [ATTR_ML_FEATURE_CATEGORY]: ML_FEATURE_CATEGORY_VALUE_OTHER };
  const text = JSON.stringify(['folded', metric, unit, temporality, folded]);
  const key = createHash('sha256').update(text).digest('hex').slice(0, 32);
  return { key, metric, unit, temporality, attributes: folded };
}
