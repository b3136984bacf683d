import type { FeatureReference, ReferenceProfile } from '@driftline/sketches';
import { type FeatureVerdict, judge } from './evaluate/drift/decision/judge.ts';
import { driftMethodNames } from './evaluate/drift/index.ts';
import { designEffect } from './evaluate/drift/decision/overdispersion.ts';
import { DataFile } from './files/data-file.ts';
import { DataFileError } from './files/data-file-error.ts';
import { windowCounter } from './reference/window-counts.ts';

export { DataFileError } from './files/data-file-error.ts';
export { readProfile } from './files/profile-file.ts';
export type { FeatureVerdict } from './evaluate/drift/decision/judge.ts';

export interface CompareOptions {
  readonly profile: ReferenceProfile;
  /** A CSV, Parquet or JSON Lines file with a column for each feature of the profile. */
  readonly path: string;
  /** How often a comparison without drift may find some; 0.01 by default. */
  readonly falseAlarmRate?: number | undefined;
  /** Rows that one user or session has, where that is known: they count for fewer. Replaces the profile's calibration. */
  readonly rowsPerEntity?: number | undefined;
  readonly onProgress?: ((progress: { readonly rows: number }) => void) | undefined;
}

export interface Comparison {
  readonly drifted: boolean;
  readonly rows: number;
  readonly features: readonly FeatureVerdict[];
  /** Outputs of the profile that the file lacks: they were not compared. */
  readonly absentOutputs: readonly string[];
}

/** The decision of the drift service on a whole file, as one window with one horizon. Throws a DataFileError. */
export async function compareFile(options: CompareOptions): Promise<Comparison> {
  const { profile, path, falseAlarmRate = 0.01, rowsPerEntity, onProgress } = options;
  using file = await DataFile.open(path);
  const { columns, absentOutputs } = comparedColumns(profile, file);
  const counters = columns.map(([name, reference]) => ({ name, reference, counter: windowCounter(name, reference) }));
  const selection = Object.fromEntries(counters.map(({ name, counter }) => [name, counter.readAs]));
  let rows = 0;
  for await (const chunk of file.read(selection)) {
    for (const { counter } of counters) counter.count(chunk);
    rows += chunk.rows;
    onProgress?.({ rows });
  }
  if (rows === 0) throw new DataFileError(`${path} has a header and no rows.`);
  const features = judge({
    features: counters.map(({ name, reference, counter }) => ({ name, reference, current: counter.counts })),
    alpha: falseAlarmRate,
    methods: driftMethodNames,
    calibration: profile.calibration,
    designEffect: rowsPerEntity === undefined ? undefined : designEffect(rowsPerEntity),
  });
  return { drifted: features.some(({ state }) => state === 'drift'), rows, features, absentOutputs };
}

function comparedColumns(profile: ReferenceProfile, file: DataFile) {
  const has = (name: string) => file.columns.some((column) => column.name === name);
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
