import { ATTR_ML_SEGMENT_NAME, ATTR_ML_SEGMENT_VALUE } from '@driftline/semantic-conventions';
import { type ReferenceProfile, segmentPlace } from '@driftline/sketches';
import type { PointAttributes, PointWriter } from './sketch-points.ts';

/** Many periods may bring other values each; a writer is made again where it was forgotten. */
const MOST_WRITERS = 500;

/** What is counted apart, by attribute and value, since it was last taken. */
export class SegmentCounts<Counted> {
  readonly #writerOf: (more: PointAttributes) => PointWriter;
  readonly #reference: Pick<ReferenceProfile, 'segments'> | undefined;
  readonly #writers = new Map<string, PointWriter>();
  #counted = new Map<string, Map<string, Counted>>();

  constructor(
    writerOf: (more: PointAttributes) => PointWriter,
    reference: Pick<ReferenceProfile, 'segments'> | undefined,
  ) {
    this.#writerOf = writerOf;
    this.#reference = reference;
  }

  /** Rows by the segment that they belong to; a row without a value belongs to none. */
  of(
    name: string,
    values: readonly (string | number | null)[],
    blank: () => Counted,
  ): readonly (readonly [Counted, readonly number[]])[] {
    const rows = Map.groupBy(values.keys(), (row) => values[row]);
    return [...rows].flatMap(([value, of]) => {
      const counted = this.#at(name, value, blank);
      return counted === undefined ? [] : [[counted, of] as const];
    });
  }

  taken(): readonly (readonly [Counted, PointWriter])[] {
    const counted = this.#counted;
    this.#counted = new Map();
    return [...counted].flatMap(([name, byValue]) =>
      [...byValue].map(([value, one]) => [one, this.#writer(name, value)] as const),
    );
  }

  #at(name: string, value: unknown, blank: () => Counted): Counted | undefined {
    const byValue = this.#counted.get(name) ?? new Map<string, Counted>();
    const place = segmentPlace({ name, value }, byValue, this.#reference);
    if (place === undefined) return undefined;
    this.#counted.set(name, byValue);
    const counted = byValue.get(place) ?? blank();
    byValue.set(place, counted);
    return counted;
  }

  #writer(name: string, value: string): PointWriter {
    const key = JSON.stringify([name, value]);
    const writer =
      this.#writers.get(key) ?? this.#writerOf({ [ATTR_ML_SEGMENT_NAME]: name, [ATTR_ML_SEGMENT_VALUE]: value });
    if (this.#writers.size >= MOST_WRITERS && !this.#writers.has(key)) this.#writers.clear();
    this.#writers.set(key, writer);
    return writer;
  }
}
