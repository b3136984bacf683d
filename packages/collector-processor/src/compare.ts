import { LEAST_ROWS } from './evaluate/drift/decision/least-rows.ts';
import { ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE } from '@driftline/semantic-conventions';
import type { FeatureReference, ReferenceProfile } from '@driftline/sketches';
import type { Constraint } from './evaluate/data-quality/constraints/constraint.ts';
import { judgeFileQuality } from './evaluate/data-quality/judgement/file-quality.ts';
import { qualityRules } from './evaluate/data-quality/index.ts';
import type { QualityQuestion } from './evaluate/data-quality/judgement/judge-quality.ts';
import type { FixedLimits } from './evaluate/drift/decision/fixed-limit.ts';
import { type FeatureVerdict, judge } from './evaluate/drift/decision/judge.ts';
import { driftMethodNames } from './evaluate/drift/index.ts';
import type {
  CorrelationMeasurement,
  QualityFinding,
  RankingMeasurement,
  ReconstructionMeasurement,
  RoleStates,
  SegmentMeasurement,
} from './evaluate/measurement.ts';
import { rankFeatures, statesByRole } from './evaluate/ranking.ts';
import { judgeMultivariate, levelsOf, pairMoments } from './evaluate/multivariate/multivariate.ts';
import { designEffect } from './evaluate/drift/decision/overdispersion.ts';
import { worstState } from './evaluate/drift/decision/state.ts';
import { SHARE_OF_WHOLE } from './evaluate/segment-measurements.ts';
import { DataFile } from './files/data-file.ts';
import { type NoNumbers, withExamples } from './files/no-numbers.ts';
import { DataFileError } from './files/data-file-error.ts';
import { importancesOf } from './reference/importances.ts';
import { withOrders } from './reference/known-shapes.ts';
import { momentsOfProfile } from './reference/model-references.ts';
import { segmentReading } from './reference/segment-rows.ts';
import { windowCounter } from './reference/window-counts.ts';
import { windowScores } from './reference/window-scores.ts';
import { windowMoments } from './reference/window-moments.ts';
import { type CountedSegment, WindowSegments } from './reference/window-segments.ts';

export { DataFileError } from './files/data-file-error.ts';
export { readProfile } from './files/profile-file.ts';
export { noNumbersInWords } from './files/no-numbers.ts';
export type { QualityFinding } from './evaluate/measurement.ts';
export { type FixedLimits, parseLimit } from './evaluate/drift/decision/fixed-limit.ts';
export { driftMethodNames } from './evaluate/drift/index.ts';
export { timesItsLimit } from './evaluate/drift/decision/times-its-limit.ts';
export type { FeatureVerdict } from './evaluate/drift/decision/judge.ts';
export type { CorrelationMeasurement, ReconstructionMeasurement } from './evaluate/measurement.ts';

export interface CompareOptions {
  readonly profile: ReferenceProfile;
  /** A CSV, Parquet or JSON Lines file with a column for each feature of the profile. */
  readonly path: string;
  /** How often a comparison without drift may find some; 0.01 by default. */
  readonly falseAlarmRate?: number | undefined;
  /** Rows that one user or session has, where that is known: they count for fewer. Replaces the profile's calibration. */
  readonly rowsPerEntity?: number | undefined;
  /** Attributes of which each value is compared apart, with its own part of the profile. */
  readonly segments?: readonly string[] | undefined;
  /** As settings say; every rule with its defaults, and no constraints, without. */
  readonly quality?: Pick<QualityQuestion, 'rules' | 'limits' | 'margins'> | undefined;
  readonly constraints?: readonly Constraint[] | undefined;
  readonly minRows?: number | undefined;
  /** Features that are left out of every judgement. */
  readonly ignored?: readonly string[] | undefined;
  /** Whether how features go together is judged; true by default. */
  readonly correlation?: boolean | undefined;
  /** By method; where one of them reads a column, it decides in place of the budgeted test. */
  readonly limits?: FixedLimits | undefined;
  /** What settings say of features and outputs, by name: importances and orders, over those of the profile. */
  readonly declared?: Readonly<Record<string, DeclaredFeature>> | undefined;
  readonly onProgress?: ((progress: { readonly rows: number }) => void) | undefined;
}

export interface DeclaredFeature {
  readonly order?: readonly string[];
  readonly importance?: number;
}

/** One segment of the file. */
export interface SegmentComparison extends Pick<SegmentMeasurement, 'name' | 'value' | 'rows' | 'share' | 'state'> {
  /** Of the profile's rows. */
  readonly referenceShare?: number;
  /** Why it was not judged. */
  readonly reason?: string;
  readonly features: readonly FeatureVerdict[];
}

export interface Comparison {
  /** Of the whole or of a segment. */
  readonly drifted: boolean;
  readonly rows: number;
  readonly features: readonly FeatureVerdict[];
  readonly states: RoleStates;
  readonly ranking: RankingMeasurement;
  /** Violations of data quality, other shares that are not zero, and declared constraints. */
  readonly quality: readonly QualityFinding[];
  /** Absent where the profile says nothing of how features go together. */
  readonly correlation?: CorrelationMeasurement;
  readonly reconstruction?: ReconstructionMeasurement;
  /** Outputs of the profile that the file lacks: they were not compared. */
  readonly absentOutputs: readonly string[];
  /** Columns of numbers with cells that are none, and that are not empty either. */
  readonly noNumbers: readonly NoNumbers[];
  /** Absent where none were asked for. */
  readonly segments?: readonly SegmentComparison[];
}

/** The decision of the drift service on a whole file, as one window with one horizon. Throws a DataFileError. */
export async function compareFile(options: CompareOptions): Promise<Comparison> {
  const {
    path,
    falseAlarmRate = 0.01,
    rowsPerEntity,
    limits,
    onProgress,
    minRows = LEAST_ROWS,
    declared = {},
  } = options;
  const profile = withOrders(options.profile, declared);
  using file = await DataFile.open(path);
  const { columns, absentOutputs: withoutColumn } = comparedColumns(profile, file);
  const scores = windowScores(profile);
  const absentOutputs = withoutColumn.filter((name) => name !== scores?.name);
  const counters = columns.map(([name, reference]) => ({ name, reference, counter: windowCounter(name, reference) }));
  const read = counters.map(({ name, counter }) => ({ name, readAs: counter.readAs }));
  const segments = (options.segments ?? []).map((attribute) => {
    const { name } = file.column(attribute);
    const columns = read.map(({ name }) => name);
    return new WindowSegments(profile, { attribute: name, readAs: segmentReading(name, read), columns });
  });
  const selection = Object.fromEntries([
    ...segments.map(({ attribute, readAs }) => [attribute, readAs] as const),
    ...read.map(({ name, readAs }) => [name, readAs] as const),
  ]);
  const moments = options.correlation === false ? undefined : windowMoments(profile);
  let rows = 0;
  for await (const chunk of file.read(selection)) {
    for (const { counter } of counters) counter.count(chunk);
    scores?.counter.count(chunk);
    moments?.count(chunk);
    for (const bySegment of segments) bySegment.count(chunk);
    rows += chunk.rows;
    onProgress?.({ rows });
  }
  if (rows === 0) throw new DataFileError(`${path} has a header and no rows.`);
  const counted = segments.flatMap((bySegment) => bySegment.segments);
  const isIgnored = (name: string) => options.ignored?.includes(name) === true;
  const judgedColumns = [...counters, ...(scores ? [scores] : [])].filter(({ name }) => !isIgnored(name));
  const isSegmented = counted.some(({ features }) => features.length > 0);
  const dependence: { readonly designEffect?: number } =
    rowsPerEntity === undefined ? {} : { designEffect: designEffect(rowsPerEntity) };
  const levels = levelsOf(falseAlarmRate * (isSegmented ? SHARE_OF_WHOLE : 1), moments !== undefined);
  const features = judge({
    features: judgedColumns.map(({ name, reference, counter }) => ({
      name,
      reference,
      current: counter.counts,
      limits,
    })),
    methods: driftMethodNames,
    alpha: levels.features,
    calibration: profile.calibration,
    minRows,
    ...dependence,
  });
  const ofFeatures = features.filter(({ name }) => Object.hasOwn(profile.features, name));
  const different = await differentValues(file, options, rows);
  const noNumbers = await withExamples(
    file,
    judgedColumns.map(({ name, counter: { unusable } }) => {
      return { column: name, cells: unusable === undefined ? 0 : unusable.noNumber + unusable.notFinite };
    }),
  );
  const quality = judgeFileQuality({
    profile,
    columns: judgedColumns.map(({ name, reference, counter }) => ({
      name,
      role: Object.hasOwn(profile.features, name) ? 'feature' : 'output',
      reference,
      counts: counter.counts,
      unusable: counter.unusable,
      distinct: different?.distinct.get(name),
    })),
    rows,
    repeatedRows: different?.repeatedRows,
    settings: options.quality ?? defaultQuality,
    constraints: options.constraints ?? [],
    alpha: falseAlarmRate,
    minRows,
    calibration: profile.calibration,
    ...dependence,
  });
  const apart = judgeSegments(counted, {
    rows,
    alpha: falseAlarmRate * (1 - SHARE_OF_WHOLE),
    limits,
    minRows,
    isIgnored,
    ...dependence,
  });
  const multivariate = judgeMultivariate(
    pairMoments(moments === undefined ? [] : [moments.reported], {
      horizon: 'window',
      isIgnored,
      designEffect: dependence.designEffect,
      referenceOf: () => momentsOfProfile(profile),
    }),
    { alpha: levels.correlation, minRows },
  );
  const importances = importancesOf(declared, profile);
  const judged = [...features, ...apart, ...(multivariate ? [multivariate.correlation] : [])];
  return {
    drifted: judged.some(({ state }) => state === 'drift'),
    rows,
    features,
    states: statesByRole(
      features.map((one) => ({ role: ofFeatures.includes(one) ? 'feature' : 'output', state: one.state })),
    ),
    ranking: rankFeatures(ofFeatures, (name) => importances.get(name)),
    quality,
    ...(multivariate && { correlation: multivariate.correlation }),
    ...(multivariate?.reconstruction && { reconstruction: multivariate.reconstruction }),
    absentOutputs,
    noNumbers,
    ...(segments.length > 0 && { segments: apart }),
  };
}

/** All segments together share one level. */
function judgeSegments(
  counted: readonly CountedSegment[],
  {
    rows: all,
    alpha,
    limits,
    minRows,
    isIgnored,
    designEffect,
  }: {
    readonly rows: number;
    readonly alpha: number;
    readonly limits: FixedLimits | undefined;
    readonly minRows: number;
    readonly isIgnored: (name: string) => boolean;
    readonly designEffect?: number;
  },
): readonly SegmentComparison[] {
  const segments = counted.map((segment) => ({
    ...segment,
    features: segment.features.filter(({ name }) => !isIgnored(name)),
  }));
  const judged = segments.flatMap(({ features }) => features.map((feature) => ({ ...feature, limits })));
  const verdicts = judge({
    features: designEffect === undefined ? judged : judged.map((feature) => ({ ...feature, dependence: undefined })),
    alpha,
    methods: [],
    minRows,
    designEffect,
  });
  let next = 0;
  return segments.map(({ name, value, rows, standing, features }) => {
    const own = verdicts.slice(next, (next += features.length));
    const seen = { name, value, rows, share: rows / all, features: own };
    if ('reason' in standing) return { ...seen, state: 'no_reference', reason: standing.reason };
    const states = own.map(({ state }) => state);
    const state = rows === 0 || states.length === 0 ? 'insufficient_data' : worstState(states);
    return { ...seen, state, referenceShare: standing.share };
  });
}

const defaultQuality = { rules: qualityRules.map(({ name }) => name), limits: {}, margins: {} };

/** One more pass over the file, only where something was counted that it can be compared with, or a limit declared. */
async function differentValues(
  file: DataFile,
  { profile, quality = defaultQuality, constraints = [] }: CompareOptions,
  rows: number,
) {
  const isAsked = (rule: string) => quality.rules.includes(rule);
  const isCounted = isAsked('cardinality')
    ? Object.entries({ ...profile.features, ...profile.outputs }).filter(([, { distinct }]) => distinct !== undefined)
    : [];
  const isDeclared = constraints
    .filter(({ distinctAtMost, distinctAtLeast }) => distinctAtMost !== undefined || distinctAtLeast !== undefined)
    .map(({ feature, output }) => feature ?? output);
  const named = new Set([...isCounted.map(([name]) => name), ...isDeclared]);
  const comparesRows =
    (isAsked('duplicate_rows') && (profile.duplicates !== undefined || quality.limits.duplicate_rows !== undefined)) ||
    constraints.some(({ duplicatesAtMost }) => duplicatesAtMost !== undefined);
  if (named.size === 0 && !comparesRows) return undefined;
  const inRow = comparesRows ? Object.keys(profile.features) : [];
  const read = Object.entries({ ...profile.features, ...profile.outputs })
    // An output may be absent; it is not compared.
    .filter(([name]) => file.columns.some((column) => column.name === name))
    .filter(([name, { kind }]) => kind !== 'embedding' && (named.has(name) || inRow.includes(name)))
    .map(([name, { kind }]) => [name, kind === 'numeric' ? 'number' : 'text'] as const);
  return file.countDifferent(Object.fromEntries(read), inRow, rows);
}

function comparedColumns(profile: ReferenceProfile, file: DataFile) {
  const isScored = (name: string) => profile.rowScores === true && name === ML_OUTPUT_NAME_VALUE_ANOMALY_SCORE;
  const has = (name: string) => !isScored(name) && file.columns.some((column) => column.name === name);
  const absent = Object.keys(profile.features).filter((name) => !has(name));
  if (absent.length > 0) {
    const known = file.columns.map(({ name }) => name).join(', ');
    throw new DataFileError(
      `${file.path} lacks ${absent.map((name) => JSON.stringify(name)).join(', ')} of the profile; it has ${known}.`,
    );
  }
  const outputs = Object.entries(profile.outputs);
  const columns: [string, FeatureReference][] = [
    ...Object.entries(profile.features),
    ...outputs.filter(([name]) => has(name)),
  ];
  return { columns, absentOutputs: outputs.map(([name]) => name).filter((name) => !has(name)) };
}
