import {
  type Calibration,
  type FeatureReference,
  otherCategory,
  referenceOfSegment,
  type SegmentFeature,
  segmentFeature,
  type SegmentReference,
  type SegmentReferences,
} from '@driftline/sketches';
import { LEAST_CHUNKS } from '../evaluate/drift/decision/overdispersion.ts';
import { LONGEST_SEGMENT_VALUE } from '../evaluate/segment.ts';
import { DataFileError } from '../files/data-file-error.ts';
import type { RowChunk } from '../files/data-file.ts';
import { calibrate } from './calibration.ts';
import type { BuiltColumn, ChunkTables, ColumnBuilder, ColumnCount, NamedReference } from './column-builder.ts';
import { LEAST_SEGMENT_ROWS, MOST_SEGMENTS } from './segment-references.ts';
import { rowsBySegment, type SegmentReading, segmentReading, segmentValues } from './segment-rows.ts';

/** Beyond this many the attribute tells rows apart, not kinds of rows. */
const MOST_DIFFERENT_VALUES = 100_000;
/** Columns of all segments together: each counts by time chunk, so this is what the second pass holds in memory. */
const MOST_COUNTS = 5_000;

/** What did not become a segment. */
export interface LeftOut {
  readonly rowsWithout: number;
  readonly values: number;
  readonly rowsOfValues: number;
}

/** Counts every column once more for each large value of one attribute. */
export class SegmentColumns {
  readonly attribute: string;
  readonly readAs: SegmentReading;
  readonly #columns: readonly ColumnBuilder[];
  readonly #rows = new Map<string, number>();
  #rowsWithout = 0;
  /** By value; known after the first pass. */
  #counts: ReadonlyMap<string, readonly ColumnCount[]> | undefined;

  /** Throws a DataFileError for an attribute that cuts nothing. */
  constructor(attribute: string, columns: readonly ColumnBuilder[]) {
    this.attribute = attribute;
    this.readAs = segmentReading(attribute, columns);
    // Of the rows of one country, the country says nothing.
    this.#columns = columns.filter(({ name }) => name !== attribute);
  }

  look(rows: RowChunk): void {
    for (const value of segmentValues(rows, this.attribute, this.readAs)) {
      if (value === '') this.#rowsWithout += 1;
      else this.#rows.set(value, (this.#rows.get(value) ?? 0) + 1);
    }
    if (this.#rows.size <= MOST_DIFFERENT_VALUES) return;
    throw new DataFileError(
      `column ${JSON.stringify(this.attribute)} has more than ${MOST_DIFFERENT_VALUES} different values, so it cuts no segments. Choose another: --segment COLUMN`,
    );
  }

  count(chunk: RowChunk, timeChunks: readonly number[]): void {
    const counts = (this.#counts ??= this.#begin());
    const values = segmentValues(chunk, this.attribute, this.readAs);
    for (const { value, rows, positions } of rowsBySegment(chunk, values, (value) => counts.has(value))) {
      const ofRows = positions.map((i) => timeChunks[i] ?? -1);
      for (const column of counts.get(value) ?? []) column.count(rows, ofRows);
    }
  }

  build(isOutput: (column: NamedReference) => boolean): SegmentReferences {
    const counts = this.#counts ?? this.#begin();
    return Object.fromEntries(
      [...counts].map(([value, columns]) => {
        const rows = this.#rows.get(value) ?? 0;
        const built = columns.map((column) => column.build(rows));
        return [value, referenceOf(built, rows, isOutput)];
      }),
    );
  }

  get leftOut(): LeftOut {
    const small = [...this.#rows].filter(([value]) => !(this.#counts?.has(value) ?? false));
    return {
      rowsWithout: this.#rowsWithout,
      values: small.length,
      rowsOfValues: small.reduce((sum, [, rows]) => sum + rows, 0),
    };
  }

  #begin(): ReadonlyMap<string, readonly ColumnCount[]> {
    const largest = [...this.#rows]
      .filter(([value, rows]) => rows >= LEAST_SEGMENT_ROWS && isSegment(value))
      .toSorted(([a, rowsOfA], [b, rowsOfB]) => rowsOfB - rowsOfA || (a < b ? -1 : 1))
      .slice(0, MOST_SEGMENTS);
    if (largest.length * this.#columns.length > MOST_COUNTS) {
      throw new DataFileError(
        `${largest.length} segments of ${this.attribute} with ${this.#columns.length} columns each are more than a profile holds (${MOST_COUNTS} in all). Leave columns out: --exclude`,
      );
    }
    return new Map(largest.map(([value]) => [value, this.#columns.map((column) => column.counter())]));
  }
}

/** A longer value would not be sent by itself, and `_other` is what senders fold values into. */
function isSegment(value: string): boolean {
  return value.length <= LONGEST_SEGMENT_VALUE && value !== otherCategory;
}

function referenceOf(
  built: readonly BuiltColumn[],
  rows: number,
  isOutput: (column: NamedReference) => boolean,
): SegmentReference {
  const { calibration, columns } = calibrated(built, rows);
  return {
    rows,
    features: stored(columns.filter((column) => !isOutput(column))),
    outputs: stored(columns.filter(isOutput)),
    ...(calibration && { calibration }),
  };
}

function stored(columns: readonly NamedReference[]): Readonly<Record<string, SegmentFeature>> {
  return Object.fromEntries(columns.map(({ name, reference }) => [name, segmentFeature(reference)]));
}

/** Users are of one country: how far rows depend on each other is a matter of each segment. */
function calibrated(
  built: readonly BuiltColumn[],
  rows: number,
): { readonly calibration?: Calibration; readonly columns: readonly NamedReference[] } {
  const columns = built.map(({ name, reference, chunks }) => {
    return { name, reference: onOwnBins(reference), chunks: withRows(chunks) };
  });
  const chunkCount = Math.min(...columns.map(({ chunks }) => chunks.usable.length));
  return columns.length > 0 && chunkCount >= LEAST_CHUNKS ? calibrate(columns, chunkCount, rows) : { columns };
}

/** The bins that its windows will be judged on. */
function onOwnBins(reference: FeatureReference): FeatureReference {
  return referenceOfSegment(reference, segmentFeature(reference)) ?? reference;
}

/** A segment that was not always there has chunks without rows, which scatter in no way. */
function withRows({ values, usable }: ChunkTables): ChunkTables {
  const hasRows = (chunk: number): boolean => Array.from(usable[chunk] ?? []).some((rows) => rows > 0);
  return {
    values: values.map((table) => table.filter((_, chunk) => hasRows(chunk))),
    usable: usable.filter((_, chunk) => hasRows(chunk)),
  };
}
