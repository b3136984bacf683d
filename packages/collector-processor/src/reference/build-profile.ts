import {
  type CoMomentReference,
  type FeatureReference,
  mostCoMomentFeatures,
  profileFormat,
  type ReferenceProfile,
  withProfileId,
} from '@driftline/sketches';
import { LEAST_CHUNKS } from '../evaluate/drift/decision/overdispersion.ts';
import { guessKinds, type ColumnGuess, type ColumnKind } from '../files/column-kind.ts';
import { DataFile, type DifferentValues, type RowChunk } from '../files/data-file.ts';
import { DataFileError } from '../files/data-file-error.ts';
import { calibrate } from './calibration.ts';
import { CategoricalColumn } from './categorical-column.ts';
import { CoMomentReferenceCounter } from './co-moment-reference.ts';
import type { ColumnBuilder, ColumnCount, NamedReference } from './column-builder.ts';
import { checkOrders, type ColumnOrders } from './declared-order.ts';
import { EmbeddingColumn } from './embedding-column.ts';
import { checkImportances, type GivenImportances } from './importances.ts';
import { NumericColumn } from './numeric-column.ts';
import { seededRandom } from './seeded-random.ts';
import { SegmentColumns } from './segment-columns.ts';
import { LEAST_SEGMENT_ROWS, MOST_SEGMENTS } from './segment-references.ts';
import { TimeChunks } from './time-chunks.ts';
import { forEachRow } from './window-moments.ts';

export interface BuildProfileOptions {
  /** A CSV, Parquet or JSON Lines file. */
  readonly path: string;
  readonly model: { readonly name: string; readonly version: string };
  /** The column of time: with it the profile learns how far rows depend on each other. */
  readonly time?: string | undefined;
  /** Columns of codes that are categories, whatever they look like. */
  readonly categorical?: readonly string[] | undefined;
  /** Columns of categories that have an order: the categories from the lowest to the highest. */
  readonly ordinal?: ColumnOrders | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** How much the model heeds its features. */
  readonly importances?: GivenImportances | undefined;
  /** Columns that are the model's outputs. */
  readonly outputs?: readonly string[] | undefined;
  /** Attributes of which each large value gets a reference of its own; they need not be features. */
  readonly segments?: readonly string[] | undefined;
  /** When the profile was built; not part of its id. */
  readonly createdAt?: Date | undefined;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
}

export interface BuildProgress {
  readonly pass: 1 | 2;
  readonly rows: number;
  /** Known from the second pass on. */
  readonly totalRows: number | undefined;
}

export interface BuiltProfile {
  readonly profile: ReferenceProfile;
  /** Columns that are in the file and not in the profile, with the reason. */
  readonly skipped: readonly { readonly column: string; readonly reason: string }[];
  readonly notices: readonly string[];
}

const CHUNKS = 50;
/** Values of a column that choose its edges, and of all columns together: what the first pass holds in memory. */
const SAMPLED_VALUES = 100_000;
const SAMPLED_CELLS = 10_000_000;
/** The same file gives the same profile. */
const SEED = 3743;

/** Reads the file twice: a sample for the edges, then exact counts on them. Throws a DataFileError. */
export async function buildProfile(options: BuildProfileOptions): Promise<BuiltProfile> {
  using file = await DataFile.open(options.path);
  const guesses = await guessColumns(file, options);
  const sampled = Math.floor(Math.min(SAMPLED_VALUES, SAMPLED_CELLS / guesses.length));
  const builders = guesses.flatMap((guess) => ('kind' in guess ? [builderOf(guess, sampled, options.ordinal)] : []));
  if (builders.length === 0) throw new DataFileError(`${options.path} has no column that can be a feature.`);

  const isOutput = ({ name }: Pick<NamedReference, 'name'>) => options.outputs?.includes(name) === true;
  const { importances } = options;
  if (importances !== undefined) checkImportances(importances, namesOf(builders.filter((one) => !isOutput(one))));

  const segments = [...new Set(options.segments)].map((name) => new SegmentColumns(file.column(name).name, builders));
  const passes = new Passes(file, builders, segments, options);
  const { rows, counted } = await passes.run();
  const built = counted.map((column) => column.build(rows));
  const { calibration, columns } =
    passes.chunkCount >= LEAST_CHUNKS ? calibrate(built, passes.chunkCount, rows) : { columns: built };
  const { coMoments } = passes;

  const features = columns.filter((column) => !isOutput(column));
  const different = await file.countDifferent(
    Object.fromEntries(builders.filter(({ readAs }) => readAs !== 'vector').map(({ name, readAs }) => [name, readAs])),
    namesOf(features),
    rows,
  );
  const profile = withProfileId({
    format: profileFormat,
    ...(options.createdAt && { createdAt: options.createdAt.toISOString() }),
    model: options.model,
    rows,
    features: byName(features, different),
    outputs: byName(columns.filter(isOutput), different),
    ...(calibration && { calibration }),
    ...(segments.length > 0 && {
      segments: Object.fromEntries(segments.map((columns) => [columns.attribute, columns.build(isOutput)])),
    }),
    ...(different.repeatedRows !== undefined && { duplicates: different.repeatedRows }),
    ...(coMoments && { coMoments }),
    ...(importances && { importances: importances.byFeature }),
  });
  const skipped = guesses.flatMap((guess) =>
    'skipped' in guess ? [{ column: guess.name, reason: guess.skipped }] : [],
  );
  return {
    profile,
    skipped,
    notices: [
      ...notices(options, rows, passes.chunkCount),
      ...builders.flatMap((builder) => (builder instanceof CategoricalColumn ? [...builder.notices()] : [])),
      ...segments.flatMap((columns) => [...noticesOf(columns)]),
      ...(importances ? withoutImportance(importances, namesOf(features)) : []),
    ],
  };
}

async function guessColumns(file: DataFile, options: BuildProfileOptions): Promise<ColumnGuess[]> {
  const { categorical = [], exclude = [], outputs = [], ordinal = {}, time } = options;
  if (time !== undefined && options.segments?.includes(time) === true) {
    throw new DataFileError(`column ${JSON.stringify(time)} is the time of the rows, which cuts no segments.`);
  }
  for (const name of [...categorical, ...exclude, ...outputs, ...(time === undefined ? [] : [time])]) file.column(name);
  checkOrders(ordinal, file, options);
  const columns = file.columns.filter(({ name }) => name !== time && !exclude.includes(name));
  const guesses = await guessKinds(file, columns);
  const isCategorical = (name: string) => categorical.includes(name) || Object.hasOwn(ordinal, name);
  return guesses.map((guess) => (isCategorical(guess.name) ? { name: guess.name, kind: 'categorical' } : guess));
}

function builderOf(
  { name, kind }: { readonly name: string; readonly kind: ColumnKind },
  sampled: number,
  orders: ColumnOrders = {},
): ColumnBuilder {
  const sampling = { values: sampled, random: seededRandom(SEED) };
  switch (kind) {
    case 'numeric':
      return new NumericColumn(name, sampling);
    case 'categorical':
      return new CategoricalColumn(name, Object.hasOwn(orders, name) ? orders[name] : undefined);
    case 'embedding':
      return new EmbeddingColumn(name, sampling);
  }
}

/** The two passes over the file, and the time chunks that the first cuts for the second. */
class Passes {
  readonly #file: DataFile;
  readonly #builders: readonly ColumnBuilder[];
  readonly #segments: readonly SegmentColumns[];
  readonly #options: BuildProfileOptions;
  readonly #times: TimeChunks | undefined;
  #coMoments: CoMomentReferenceCounter | undefined;

  constructor(
    file: DataFile,
    builders: readonly ColumnBuilder[],
    segments: readonly SegmentColumns[],
    options: BuildProfileOptions,
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
    const rows = await this.#pass(1, undefined, (chunk) => {
      for (const builder of [...this.#builders, ...this.#segments]) builder.look(chunk);
      for (const at of this.#timesOf(chunk)) if (at !== null && Number.isFinite(at)) this.#times?.record(at);
    });
    if (rows === 0) throw new DataFileError(`${path} has a header and no rows.`);
    this.#times?.cutInto(CHUNKS);
    if (this.#times?.isEmpty) throw new DataFileError(`${path}: no cell of column ${JSON.stringify(time)} is a time.`);
    const counted = this.#builders.map((builder) => builder.counter());
    await this.#pass(2, rows, (chunk) => {
      const timeChunks = this.#timesOf(chunk).map((at) => this.#timeChunkOf(at));
      for (const count of [...counted, ...this.#segments]) count.count(chunk, timeChunks);
      this.#coMoments ??= coMomentColumns(this.#builders, this.#options.outputs ?? []);
      if (this.#coMoments !== undefined) countRows(this.#coMoments, chunk, timeChunks);
    });
    return { rows, counted };
  }

  async #pass(pass: 1 | 2, totalRows: number | undefined, visit: (chunk: RowChunk) => void): Promise<number> {
    const { time, onProgress } = this.#options;
    const selection = Object.fromEntries([
      ...this.#segments.map(({ attribute, readAs }) => [attribute, readAs] as const),
      ...this.#builders.map(({ name, readAs }) => [name, readAs] as const),
    ]);
    let rows = 0;
    for await (const chunk of this.#file.read(time === undefined ? selection : { ...selection, [time]: 'time' })) {
      visit(chunk);
      rows += chunk.rows;
      onProgress?.({ pass, rows, totalRows });
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

function* notices({ time }: BuildProfileOptions, rows: number, chunks: number): Generator<string> {
  if (rows < 1000)
    yield `${rows} rows are few for a reference: 10,000 find a shift of 0.3 sd, below 500 there is no verdict.`;
  if (time === undefined) {
    yield 'rows are taken for independent of each other. With --time COLUMN the profile learns how far they are not.';
  } else if (chunks < LEAST_CHUNKS) {
    yield `column ${JSON.stringify(time)} has only ${chunks} different times. ${LEAST_CHUNKS} are needed to learn how far rows depend on each other.`;
  }
}

function* noticesOf({ attribute, leftOut }: SegmentColumns): Generator<string> {
  const { rowsWithout, values, rowsOfValues } = leftOut;
  if (rowsWithout > 0) yield `${rowsWithout} rows have no ${attribute}, and belong to no segment.`;
  if (values === 0) return;
  yield `${values} values of ${attribute} with ${rowsOfValues} rows are no segments: each has fewer than ${LEAST_SEGMENT_ROWS} rows, or ${MOST_SEGMENTS} others have more.`;
}

function* withoutImportance({ from, byFeature }: GivenImportances, features: readonly string[]): Generator<string> {
  const without = features.filter((name) => !Object.hasOwn(byFeature, name));
  if (without.length > 0)
    yield `${from} has no importance of ${without.join(', ')}: they count for nothing in the ranking.`;
}

function namesOf(columns: readonly { readonly name: string }[]): readonly string[] {
  return columns.map(({ name }) => name);
}

function byName(
  columns: readonly NamedReference[],
  { distinct }: DifferentValues,
): Readonly<Record<string, FeatureReference>> {
  return Object.fromEntries(
    columns.map(({ name, reference }) => {
      const count = distinct.get(name);
      return [
        name,
        reference.kind === 'embedding' || count === undefined ? reference : { ...reference, distinct: count },
      ];
    }),
  );
}
