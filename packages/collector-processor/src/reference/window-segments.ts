import { ML_SEGMENT_VALUE_VALUE_OTHER } from '@driftline/semantic-conventions';
import { type ReferenceProfile, type SegmentReference, referenceOfSegment } from '@driftline/sketches';
import type { JudgedFeature } from '../evaluate/drift/decision/judge.ts';
import type { Segment } from '../evaluate/segment.ts';
import type { RowChunk } from '../files/data-file.ts';
import { manyTogether, profileSegments, segmentOf, type SegmentStanding } from './segment-references.ts';
import { rowsBySegment, type SegmentReading, segmentValues } from './segment-rows.ts';
import { type WindowCounter, windowCounter } from './window-counts.ts';

/** Values that the profile does not know are named up to here, and counted together beyond. */
const MOST_UNKNOWN_VALUES = 20;

export interface CountedSegment extends Segment {
  readonly rows: number;
  readonly standing: SegmentStanding;
  /** None where it is not judged. */
  readonly features: readonly JudgedFeature[];
}

interface KnownSegment {
  readonly reference: SegmentReference;
  readonly counters: readonly {
    readonly name: string;
    readonly judged: JudgedFeature['reference'];
    readonly counter: WindowCounter;
  }[];
}

/** Counts the columns of a file by segment, on the buckets of each segment's own reference. */
export class WindowSegments {
  readonly attribute: string;
  readonly readAs: SegmentReading;
  readonly #profile: ReferenceProfile;
  readonly #rows = new Map<string, number>();
  readonly #known: ReadonlyMap<string, KnownSegment>;
  /** Rows of more values than there is room for. */
  #others = 0;

  constructor(
    profile: ReferenceProfile,
    {
      attribute,
      readAs,
      columns,
    }: { readonly attribute: string; readonly readAs: SegmentReading; readonly columns: readonly string[] },
  ) {
    this.attribute = attribute;
    this.readAs = readAs;
    this.#profile = profile;
    const values = profileSegments([profile]).values(attribute);
    this.#known = new Map(values.flatMap((value) => this.#countersOf(value, columns)));
    for (const value of values) this.#rows.set(value, 0);
  }

  count(chunk: RowChunk): void {
    const values = segmentValues(chunk, this.attribute, this.readAs);
    for (const { value, rows } of rowsBySegment(chunk, values, (value) => value !== '')) {
      this.#countRows(value, rows.rows);
      for (const { counter } of this.#known.get(value)?.counters ?? []) counter.count(rows);
    }
  }

  /** The largest first. */
  get segments(): readonly CountedSegment[] {
    const standings = profileSegments([this.#profile]);
    const named = [...this.#rows].map(([value, rows]): CountedSegment => {
      const segment = { name: this.attribute, value };
      return { ...segment, rows, standing: standings.standing(segment), features: this.#featuresOf(value) };
    });
    const other = {
      name: this.attribute,
      value: ML_SEGMENT_VALUE_VALUE_OTHER,
      rows: this.#others,
      standing: { reason: manyTogether },
      features: [],
    };
    return [...named.toSorted((a, b) => b.rows - a.rows), ...(this.#others > 0 ? [other] : [])];
  }

  #countersOf(value: string, columns: readonly string[]): readonly [string, KnownSegment][] {
    const reference = segmentOf(this.#profile, { name: this.attribute, value });
    if (reference === undefined) return [];
    const wholes = { ...this.#profile.features, ...this.#profile.outputs };
    const counters = Object.entries({ ...reference.features, ...reference.outputs }).flatMap(([name, own]) => {
      const whole = columns.includes(name) ? wholes[name] : undefined;
      const judged = whole && referenceOfSegment(whole, own);
      // Read as the whole is: on its edges, and by its categories.
      return whole === undefined || judged === undefined ? [] : [{ name, judged, counter: windowCounter(name, whole) }];
    });
    return [[value, { reference, counters }]];
  }

  #featuresOf(value: string): readonly JudgedFeature[] {
    const known = this.#known.get(value);
    return (known?.counters ?? []).map(({ name, judged, counter }) => ({
      name,
      reference: judged,
      current: counter.counts,
      dependence: { calibration: known?.reference.calibration },
    }));
  }

  #countRows(value: string, rows: number): void {
    const isNamed = this.#rows.has(value) || this.#rows.size < this.#known.size + MOST_UNKNOWN_VALUES;
    if (isNamed) this.#rows.set(value, (this.#rows.get(value) ?? 0) + rows);
    else this.#others += rows;
  }
}
