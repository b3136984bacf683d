import { ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE as ANOMALY_SCORE } from '@driftline/semantic-conventions';
import { type FeatureReference, profileFormat, type ReferenceProfile, withProfileId } from '@driftline/sketches';
import { LEAST_CHUNKS } from '../evaluate/drift/decision/overdispersion.ts';
import { guessKinds, type ColumnGuess, type ColumnKind } from '../files/column-kind.ts';
import { DataFile, type DifferentValues } from '../files/data-file.ts';
import { DataFileError } from '../files/data-file-error.ts';
import { AnomalyScores } from './anomaly-scores.ts';
import { calibrate } from './calibration.ts';
import { CategoricalColumn } from './categorical-column.ts';
import type { ColumnBuilder, NamedReference } from './column-builder.ts';
import { checkOrders, type ColumnOrders } from './declared-order.ts';
import { EmbeddingColumn } from './embedding-column.ts';
import { type BuildProgress, FilePasses, SEED } from './file-passes.ts';
import { checkImportances, type GivenImportances } from './importances.ts';
import { NumericColumn, type Sampling } from './numeric-column.ts';
import { noNumbersInWords, withExamples } from '../files/no-numbers.ts';
import { seededRandom } from './seeded-random.ts';
import { SegmentColumns } from './segment-columns.ts';
import { LEAST_SEGMENT_ROWS, MOST_SEGMENTS } from './segment-references.ts';

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
  /** Score every row by how unusual it is, in two more passes: a reference of what `rowAnomalies` reports. */
  readonly anomalyScores?: boolean | undefined;
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

export interface BuiltProfile {
  readonly profile: ReferenceProfile;
  /** Columns that are in the file and not in the profile, with the reason. */
  readonly skipped: readonly { readonly column: string; readonly reason: string }[];
  readonly notices: readonly string[];
}

/** Values of a column that choose its edges, and of all columns together: what the first pass holds in memory. */
const SAMPLED_VALUES = 100_000;
const SAMPLED_CELLS = 10_000_000;
/** Reads the file twice: a sample for the edges, then exact counts on them. Throws a DataFileError. */
export async function buildProfile(options: BuildProfileOptions): Promise<BuiltProfile> {
  using file = await DataFile.open(options.path);
  const guesses = await guessColumns(file, options);
  const sampled = Math.floor(Math.min(SAMPLED_VALUES, SAMPLED_CELLS / guesses.length));
  const builders = guesses.flatMap((guess) => ('kind' in guess ? [builderOf(guess, sampled, options.ordinal)] : []));
  if (builders.length === 0) throw new DataFileError(`${options.path} has no column that can be a feature.`);

  const outputs = outputsOf(options, builders);
  const isOutput = ({ name }: Pick<NamedReference, 'name'>) => outputs.includes(name);
  const { importances } = options;
  if (importances !== undefined) checkImportances(importances, namesOf(builders.filter((one) => !isOutput(one))));

  const segments = [...new Set(options.segments)].map((name) => new SegmentColumns(file.column(name).name, builders));
  const passes = new FilePasses(file, builders, segments, options);
  const { rows, counted } = await passes.run();
  const { coMoments } = passes;
  const built = counted.map((column) => column.build(rows));
  if (options.anomalyScores === true) {
    const features = references(built.filter((column) => !isOutput(column)));
    const scores = new AnomalyScores({ features, ...(coMoments && { coMoments }) }, samplingOf(sampled));
    built.push(await passes.score(scores, rows));
  }
  const { calibration, columns } =
    passes.chunkCount >= LEAST_CHUNKS ? calibrate(built, passes.chunkCount, rows) : { columns: built };

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
    ...(options.anomalyScores === true && { rowScores: true }),
    ...(importances && { importances: importances.byFeature }),
  });
  const noNumbers = await withExamples(
    file,
    builders.flatMap((one) => (one instanceof NumericColumn ? [{ column: one.name, cells: one.noNumbers }] : [])),
  );
  const skipped = guesses.flatMap((guess) =>
    'skipped' in guess ? [{ column: guess.name, reason: guess.skipped }] : [],
  );
  return {
    profile,
    skipped,
    notices: [
      ...notices(options, rows, passes.chunkCount),
      ...noNumbers.map(noNumbersInWords),
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
  const sampling = samplingOf(sampled);
  switch (kind) {
    case 'numeric':
      return new NumericColumn(name, sampling);
    case 'categorical':
      return new CategoricalColumn(name, Object.hasOwn(orders, name) ? orders[name] : undefined);
    case 'embedding':
      return new EmbeddingColumn(name, sampling);
  }
}

function samplingOf(values: number): Sampling {
  return { values, random: seededRandom(SEED) };
}

function outputsOf(
  { path, outputs = [], anomalyScores }: BuildProfileOptions,
  builders: readonly ColumnBuilder[],
): readonly string[] {
  if (anomalyScores !== true) return outputs;
  if (outputs.includes(ANOMALY_SCORE)) {
    throw new DataFileError(`${ANOMALY_SCORE} is an output of the model itself. Leave out --anomaly-scores.`);
  }
  if (builders.some(({ name }) => name === ANOMALY_SCORE)) {
    throw new DataFileError(
      `${path} has a column ${ANOMALY_SCORE}, as the scores of --anomaly-scores are called. Add --exclude ${ANOMALY_SCORE}, or leave out --anomaly-scores.`,
    );
  }
  return [...outputs, ANOMALY_SCORE];
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

function references(columns: readonly NamedReference[]): Readonly<Record<string, FeatureReference>> {
  return Object.fromEntries(columns.map(({ name, reference }) => [name, reference]));
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
