import {
  ATTR_ML_SEGMENT_NAME,
  ATTR_ML_SEGMENT_VALUE,
  ML_SEGMENT_VALUE_VALUE_OTHER,
} from '@driftline/semantic-conventions';
import type { PointAttributes, PointWriter } from './sketch-points.ts';

/** As the instrumentation: further values of an attribute are counted together. */
const MOST_VALUES = 20;

/** What is counted apart, by attribute and value, since it was last taken. */
export class SegmentCounts<Counted> {
  readonly #writerOf: (more: PointAttributes) => PointWriter;
  readonly #writers = new Map<string, PointWriter>();
  #counted = new Map<string, Map<string, Counted>>();

  constructor(writerOf: (more: PointAttributes) => PointWriter) {
    this.#writerOf = writerOf;
  }

  /** Rows by the segment that they belong to; a row without a value belongs to none. */
  of(
    name: string,
    values: readonly (string | number | null)[],
    blank: () => Counted,
  ): readonly (readonly [Counted, readonly number[]])[] {
    const rows = Map.groupBy(values.keys(), (row) => values[row]);
    return [...rows].flatMap(([value, of]) =>
      value === null || value === undefined ? [] : [[this.#at(name, String(value), blank), of] as const],
    );
  }

  taken(): readonly (readonly [Counted, PointWriter])[] {
    const counted = this.#counted;
    this.#counted = new Map();
    return [...counted].flatMap(([name, byValue]) =>
      [...byValue].map(([value, one]) => [one, this.#writer(name, value)] as const),
    );
  }

  #at(name: string, value: string, blank: () => Counted): Counted {
    const byValue = this.#counted.get(name) ?? new Map<string, Counted>();
    this.#counted.set(name, byValue);
    const place = byValue.has(value) || byValue.size < MOST_VALUES ? value : ML_SEGMENT_VALUE_VALUE_OTHER;
    const counted = byValue.get(place) ?? blank();
    byValue.set(place, counted);
    return counted;
  }

  #writer(name: string, value: string): PointWriter {
    const key = JSON.stringify([name, value]);
    const writer =
      this.#writers.get(key) ?? this.#writerOf({ [ATTR_ML_SEGMENT_NAME]: name, [ATTR_ML_SEGMENT_VALUE]: value });
    this.#writers.set(key, writer);
    return writer;
  }
}
