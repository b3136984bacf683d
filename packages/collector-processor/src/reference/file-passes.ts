import { type CoMomentReference, mostCoMomentFeatures } from '@driftline/sketches';
import type { DataFile, RowChunk, Selection } from '../files/data-file.ts';
import { DataFileError } from '../files/data-file-error.ts';
import type { AnomalyScores } from './anomaly-scores.ts';
import { CoMomentReferenceCounter } from './co-moment-reference.ts';
import type { BuiltColumn, ColumnBuilder, ColumnCount } from './column-builder.ts';
import { NumericColumn } from './numeric-column.ts';
import { seededRandom } from './seeded-random.ts';
import type { SegmentColumns } from './segment-columns.ts';
import { TimeChunks } from './time-chunks.ts';
import { forEachRow } from './window-moments.ts';

export interface PassOptions {
  readonly path: string;
  /** The column of time. */
  readonly time?: string | undefined;
  readonly outputs?: readonly string[] | undefined;
  readonly anomalyScores?: boolean | undefined;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
}

export interface BuildProgress {
  readonly pass: number;
  readonly passes: number;
  readonly rows: number;
  /** Known from the second pass on. */
  readonly totalRows: number | undefined;
}

const CHUNKS = 50;
/** The same file gives the same profile. */
export const SEED = 3743;

/** The passes over the file of a reference, and the time chunks that the first cuts for the others. */
export class FilePasses {
  readonly #file: DataFile;
  readonly #builders: readonly ColumnBuilder[];
  readonly #segments: readonly SegmentColumns[];
  readonly #options: PassOptions;
  readonly #times: TimeChunks | undefined;
  #coMoments: CoMomentReferenceCounter | undefined;

  constructor(
    file: DataFile,
    builders: readonly ColumnBuilder[],
    segments: readonly SegmentColumns[],
    options: PassOptions,
  ) {
    this.#file = file;
    this.#builders = builders;
    this.#segments = segments;
    this.#options = options;
    this.#times = options.time === undefined ? undefined : new TimeChunks(seededRandom(SEED));
  }

  get chunkCount(): number {
    return this.#times?.count ?? 0;
  }

  /** How the numeric features vary together; undefined where fewer than two do. */
  get coMoments(): CoMomentReference | undefined {
    return this.#coMoments?.reference();
  }

  /** How many rows the file has, and what they count to. */
  async run(): Promise<{ readonly rows: number; readonly counted: readonly ColumnCount[] }> {
    const { path, time } = this.#options;
    const rows = await this.#pass(1, this.#selection, undefined, (chunk) => {
      for (const builder of [...this.#builders, ...this.#segments]) builder.look(chunk);
      for (const at of this.#timesOf(chunk)) if (at !== null && Number.isFinite(at)) this.#times?.record(at);
    });
    if (rows === 0) throw new DataFileError(`${path} has a header and no rows.`);
    this.#times?.cutInto(CHUNKS);
    if (this.#times?.isEmpty) throw new DataFileError(`${path}: no cell of column ${JSON.stringify(time)} is a time.`);
    const counted = this.#builders.map((builder) => builder.counter());
    await this.#pass(2, this.#selection, rows, (chunk) => {
      const timeChunks = this.#timesOf(chunk).map((at) => this.#timeChunkOf(at));
      for (const count of [...counted, ...this.#segments]) count.count(chunk, timeChunks);
      this.#coMoments ??= coMomentColumns(this.#builders, this.#options.outputs ?? []);
      if (this.#coMoments !== undefined) countRows(this.#coMoments, chunk, timeChunks);
    });
    return { rows, counted };
  }

  /** Two more, once it is known what is usual. */
  async score(scores: AnomalyScores, rows: number): Promise<BuiltColumn> {
    const selection = Object.fromEntries(scores.features.map((name) => [name, 'number' as const]));
    await this.#pass(3, selection, rows, (chunk) => scores.look(chunk));
    await this.#pass(4, selection, rows, (chunk) => {
      scores.count(
        chunk,
        this.#timesOf(chunk).map((at) => this.#timeChunkOf(at)),
      );
    });
    return scores.build(rows);
  }

  get #selection(): Selection {
    return Object.fromEntries([
      ...this.#segments.map(({ attribute, readAs }) => [attribute, readAs] as const),
      ...this.#builders.map(({ name, readAs }) => [name, readAs] as const),
    ]);
  }

  async #pass(
    pass: number,
    selection: Selection,
    totalRows: number | undefined,
    visit: (chunk: RowChunk) => void,
  ): Promise<number> {
    const { time, onProgress } = this.#options;
    const passes = this.#options.anomalyScores === true ? 4 : 2;
    let rows = 0;
    for await (const chunk of this.#file.read(time === undefined ? selection : { ...selection, [time]: 'time' })) {
      visit(chunk);
      rows += chunk.rows;
      onProgress?.({ pass, passes, rows, totalRows });
    }
    return rows;
  }

  #timeChunkOf(at: number | null): number {
    return at === null || Number.isNaN(at) ? -1 : (this.#times?.chunkOf(at) ?? -1);
  }

  #timesOf(chunk: RowChunk): readonly (number | null)[] {
    return this.#options.time === undefined ? [] : chunk.cells(this.#options.time, 'time');
  }
}

/** The first 50 numeric features, as the instrumentation takes them. */
function coMomentColumns(
  builders: readonly ColumnBuilder[],
  outputs: readonly string[],
): CoMomentReferenceCounter | undefined {
  const features = builders
    .flatMap((builder) => (builder instanceof NumericColumn && !outputs.includes(builder.name) ? [builder] : []))
    .map(({ name, moments: { mean, sd } }) => ({ name, mean, sd }))
    .slice(0, mostCoMomentFeatures);
  return features.length < 2 ? undefined : new CoMomentReferenceCounter(features, seededRandom(SEED));
}

function countRows(counter: CoMomentReferenceCounter, chunk: RowChunk, timeChunks: readonly number[]): void {
  const columns = counter.features.map(({ name }) => chunk.cells(name, 'number'));
  forEachRow(columns, chunk.rows, (row, i) => counter.record(row, timeChunks[i] ?? -1));
}
