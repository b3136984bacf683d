import { writeFile } from 'node:fs/promises';
import type { ColumnOrders } from '@driftline/collector-processor/profile';
import {
  type FeatureReference,
  type ReferenceProfile,
  type SegmentReferences,
  withProfileId,
} from '@driftline/sketches';
import type { Command } from 'commander';
import { names } from './options.ts';
import { jsonOption, objectOption } from './profile/json-option.ts';
import { ordered, ordinalHelp } from './profile/ordinal-option.ts';
import { ProgressLine } from './progress.ts';
import { inShort, inThousands, percent, printable, table } from './table.ts';

interface BuildOptions {
  readonly model: string;
  readonly modelVersion: string;
  readonly out?: string;
  readonly time?: string;
  readonly categorical: readonly string[];
  readonly ordinal: ColumnOrders;
  readonly exclude: readonly string[];
  readonly output: readonly string[];
  readonly segment: readonly string[];
  readonly anomalyScores?: boolean;
  readonly importances?: string;
  readonly binding?: string;
  readonly json?: boolean;
}

/** `driftline profile build`, `show` and `merge`. */
export function profile(program: Command): void {
  const command = program.command('profile').description('Build and look at reference profiles of training data');

  command
    .command('build')
    .argument('<data>', 'CSV, Parquet or JSON Lines file')
    .description('Learn what the columns of a file look like')
    .requiredOption('--model <name>', 'name that the model reports')
    .requiredOption('--model-version <version>', 'version that the model reports')
    .option('--out <file>', 'profile to write (default: NAME.profile.json)')
    .option('--time <column>', 'time of the rows: tells how far rows depend on each other')
    .option('--categorical <columns>', 'columns of codes that are categories, separated by commas', names, [])
    .option('--ordinal <column=order>', ordinalHelp, ordered, {})
    .option('--exclude <columns>', 'columns to leave out', names, [])
    .option('--output <columns>', "columns that are the model's outputs", names, [])
    .option('--segment <columns>', 'columns whose values each get a reference of their own', names, [])
    .option('--anomaly-scores', 'score every row by how unusual it is: a reference for rowAnomalies')
    .option('--importances <json>', 'how much the model heeds its features, {"age": 0.4}: JSON, or a file of it')
    .option('--binding <json>', 'which tensors of the model are features and answer: JSON, or a file of it')
    .option('--json', 'print JSON')
    .action(build);

  command
    .command('show')
    .argument('<profile>')
    .description('Print what a profile holds')
    .option('--json', 'print JSON')
    .action(show);

  command
    .command('merge')
    .argument('<profiles...>', 'profiles on the same edges')
    .description('Add up profiles of parts of the data')
    .requiredOption('--out <file>', 'profile to write')
    .option('--json', 'print JSON')
    .action(merge);
}

async function build(path: string, options: BuildOptions): Promise<void> {
  const { buildProfile, parseImportances } = await import('@driftline/collector-processor/profile');
  const { model, modelVersion, time, categorical, ordinal, exclude, output, segment } = options;
  const { out = `${model}.profile.json` } = options;
  const binding = options.binding === undefined ? undefined : await bindingIn(options.binding);
  const given = options.importances === undefined ? undefined : await jsonOption('--importances', options.importances);
  using progress = new ProgressLine(process.stderr);
  const {
    profile: built,
    skipped,
    notices,
  } = await buildProfile({
    path,
    model: { name: model, version: modelVersion },
    time,
    categorical,
    ordinal,
    exclude,
    anomalyScores: options.anomalyScores,
    importances: given && parseImportances(given.json, given.from),
    outputs: output,
    segments: segment,
    createdAt: new Date(),
    onProgress: ({ pass, passes, rows, totalRows }) =>
      progress.show(`reading ${path}, pass ${pass} of ${passes}`, rows, totalRows),
  });
  const profile = binding === undefined ? built : withProfileId({ ...built, binding });
  await write(out, profile);
  progress[Symbol.dispose]();
  for (const { column, reason } of skipped) warn(`column ${JSON.stringify(column)} is left out: ${reason}.`);
  for (const notice of notices) warn(notice);
  print(options.json === true ? { out, ...summary(profile), skipped, notices } : `Wrote ${out}: ${inWords(profile)}`);
}

async function show(path: string, { json }: { readonly json?: boolean }): Promise<void> {
  const { readProfile } = await import('@driftline/collector-processor/profile');
  const profile = await readProfile(path);
  if (json === true) return print(summary(profile));
  const { name, version } = profile.model;
  print(`${name} ${version}: ${inWords(profile)}\n`);
  const { importances } = profile;
  print(
    table([
      ['column', 'kind', 'missing', 'phi', ...(importances ? ['importance'] : []), 'values'],
      ...Object.entries({ ...profile.features, ...profile.outputs }).map(([column, reference]) => [
        printable(column),
        kindOf(reference),
        percent(reference.missing / profile.rows),
        reference.phi === undefined ? '' : inShort(reference.phi),
        ...(importances ? [importanceIn(importances, column)] : []),
        valuesOf(reference),
      ]),
    ]),
  );
  for (const [name, values] of Object.entries(profile.segments ?? {})) {
    print(`\nsegments of ${printable(name)}, each compared with its own rows\n`);
    print(
      table([
        ['value', 'rows', 'share'],
        ...Object.entries(values).map(([value, { rows }]) => [
          printable(value),
          inThousands(rows),
          percent(rows / profile.rows),
        ]),
      ]),
    );
  }
  print(`\n${togetherOf(profile)}`);
}

async function merge(
  [first = '', ...others]: readonly string[],
  { out, json }: { readonly out: string; readonly json?: boolean },
): Promise<void> {
  const { mergeProfiles, readProfile } = await import('@driftline/collector-processor/profile');
  const merged = mergeProfiles([await readProfile(first), ...(await Promise.all(others.map(readProfile)))]);
  await write(out, merged);
  print(json === true ? { out, ...summary(merged) } : `Wrote ${out}: ${inWords(merged)}`);
}

/** Throws an error that names the part of the binding which is wrong. */
async function bindingIn(option: string): Promise<Readonly<Record<string, unknown>>> {
  const { boundTensors } = await import('@driftline/instrumentation/auto/module');
  const binding = objectOption('--binding', await jsonOption('--binding', option));
  boundTensors(binding);
  return binding;
}

function write(path: string, profile: ReferenceProfile): Promise<void> {
  return writeFile(path, `${JSON.stringify(profile)}\n`);
}

function inWords({ features, outputs, rows, id, segments = {} }: ReferenceProfile): string {
  const outputCount = Object.keys(outputs).length;
  return [
    `${Object.keys(features).length} features`,
    ...(outputCount === 0 ? [] : [`${outputCount} outputs`]),
    ...Object.entries(segments).map(([name, values]) => `${Object.keys(values).length} segments of ${printable(name)}`),
    `${inThousands(rows)} rows`,
    id,
  ].join(', ');
}

function summary({
  id,
  model,
  rows,
  createdAt,
  calibration,
  coMoments,
  importances,
  features,
  outputs,
  segments,
}: ReferenceProfile) {
  const together = coMoments && { features: coMoments.features.length, rows: coMoments.count };
  return {
    id,
    model,
    rows,
    createdAt,
    calibration,
    ...(together && { coMoments: together }),
    features: kindsOf(features),
    outputs: kindsOf(outputs),
    ...(importances && { importances }),
    ...(segments && { segments: Object.entries(segments).flatMap(([name, values]) => segmentsOf(name, values)) }),
  };
}

function togetherOf({ coMoments }: ReferenceProfile): string {
  if (coMoments === undefined)
    return 'No co-moments: fewer than two numeric features, or an older profile. Correlations are not judged.';
  const { features, count, reconstruction } = coMoments;
  const components = reconstruction && `, ${reconstruction.components} principal components`;
  return `Co-moments of ${features.length} numeric features over ${inThousands(count)} complete rows${components ?? ''}.`;
}

function segmentsOf(name: string, values: SegmentReferences) {
  return Object.entries(values).map(([value, { rows }]) => ({ name, value, rows }));
}

function kindsOf(references: Readonly<Record<string, FeatureReference>>) {
  return Object.entries(references).map(([name, reference]) => {
    const { kind, missing, phi } = reference;
    return { name, kind, ...('order' in reference && { order: reference.order }), missing, phi };
  });
}

function importanceIn(importances: Readonly<Record<string, number>>, column: string): string {
  return Object.hasOwn(importances, column) ? inShort(importances[column] ?? 0) : '';
}

function kindOf(reference: FeatureReference): string {
  return 'order' in reference ? 'ordinal' : reference.kind;
}

function valuesOf(reference: FeatureReference): string {
  switch (reference.kind) {
    case 'numeric': {
      const { min, max, mean, sd } = reference;
      return `${inShort(min)} to ${inShort(max)}, mean ${inShort(mean)}, sd ${inShort(sd)}`;
    }
    case 'categorical': {
      const categories = reference.order ?? Object.keys(reference.categories);
      const shown = categories.slice(0, 5).map((category) => JSON.stringify(category));
      const between = reference.order === undefined ? ', ' : ' < ';
      return `${categories.length} categories: ${[...shown, ...(categories.length > 5 ? ['...'] : [])].join(between)}`;
    }
    case 'embedding':
      return `${reference.dimensions} dimensions`;
  }
}

function warn(line: string): void {
  process.stderr.write(`driftline: ${line}\n`);
}

function print(content: unknown): void {
  process.stdout.write(`${typeof content === 'string' ? content : JSON.stringify(content, undefined, 2)}\n`);
}
