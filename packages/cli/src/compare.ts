import type { Comparison, FeatureVerdict } from '@driftline/collector-processor/compare';
import { type Command, InvalidArgumentError } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { ProgressLine } from './progress.ts';
import { judgementCells, judgementHeading } from './judgement-cells.ts';
import { segmentTable } from './segment-table.ts';
import { inThousands, printable, table } from './table.ts';

interface CompareOptions {
  readonly falseAlarmRate: number;
  readonly rowsPerEntity?: number;
  readonly segment: readonly string[];
  readonly json?: boolean;
}

/** `driftline compare`: the decision of the drift service on a file. */
export function compare(program: Command): void {
  program
    .command('compare')
    .argument('<profile>', 'reference profile')
    .argument('<data>', 'CSV, Parquet or JSON Lines file')
    .description('Say whether the data drifted from the profile: exit 0 no, 1 yes, 2 error')
    .option('--false-alarm-rate <rate>', 'how often data without drift may be called drifted', share, 0.01)
    .option(
      '--rows-per-entity <rows>',
      'rows that one user or session has, if you know: they count for fewer',
      rowCount,
    )
    .option(
      '--segment <columns>',
      'columns whose values are compared apart; the profile needs the same ones',
      (columns: string, before: readonly string[]) => [...before, ...columns.split(',')],
      [],
    )
    .option('--json', 'print JSON')
    .action(run);
}

async function run(profilePath: string, path: string, options: CompareOptions): Promise<void> {
  const { falseAlarmRate, rowsPerEntity, segment, json } = options;
  const { compareFile, readProfile } = await import('@driftline/collector-processor/compare');
  const profile = await readProfile(profilePath);
  using progress = new ProgressLine(process.stderr);
  const comparison = await compareFile({
    profile,
    path,
    falseAlarmRate,
    rowsPerEntity,
    segments: segment,
    onProgress: ({ rows }) => progress.show(`reading ${path}`, rows),
  });
  progress[Symbol.dispose]();
  for (const line of whatIsMissing(comparison)) process.stderr.write(`driftline: ${line}\n`);
  process.stdout.write(`${json === true ? asJson(comparison) : asTable(comparison)}\n`);
  process.exitCode = comparison.drifted ? exitCodes.finding : exitCodes.ok;
}

function* whatIsMissing({ features, absentOutputs }: Comparison): Generator<string> {
  const insufficient = features.filter(({ state }) => state === 'insufficient_data').map(({ name }) => name);
  if (insufficient.length > 0) {
    yield `too few rows to judge ${insufficient.join(', ')}: 100 with a value are needed, and 500 in the profile.`;
  }
  if (absentOutputs.length > 0) yield `the data has no column for the output ${absentOutputs.join(', ')}.`;
}

function asJson({ drifted, rows, features, segments }: Comparison): string {
  const apart = segments?.map(({ features, ...segment }) => ({ ...segment, features: shownOf(features) }));
  return JSON.stringify({ drifted, rows, features: shownOf(features), segments: apart }, undefined, 2);
}

function shownOf(features: readonly FeatureVerdict[]) {
  return features.map(
    ({
      name,
      state,
      part,
      direction,
      size,
      pAdjusted,
      threshold,
      detectableSize,
      rows,
      scores,
      scorePValues,
      scoreBounds,
    }) => ({
      name,
      state,
      part,
      direction,
      size,
      pAdjusted,
      threshold,
      detectableSize,
      rows,
      scores,
      scorePValues,
      scoreBounds,
    }),
  );
}

function asTable({ rows, features, segments = [] }: Comparison): string {
  const count = (wanted: FeatureVerdict['state']) => features.filter(({ state }) => state === wanted).length;
  const isUnjudged = count('insufficient_data') === features.length;
  const quiet = isUnjudged ? 'too few to judge' : 'no drift';
  const verdict = count('drift') > 0 ? `${count('drift')} of ${features.length} features drifted` : quiet;
  const whole = `${table([['feature', ...judgementHeading], ...features.map((one) => [printable(one.name), ...judgementCells(one)])])}\n\n${inThousands(rows)} rows: ${verdict}`;
  return segments.length === 0 ? whole : `${whole}\n\n${segmentTable(segments)}`;
}

function share(text: string): number {
  const rate = Number(text);
  if (rate > 0 && rate < 1) return rate;
  throw new InvalidArgumentError('A share between 0 and 1 is needed, 0.01 for instance.');
}

function rowCount(text: string): number {
  const rows = Number(text);
  if (rows >= 1) return rows;
  throw new InvalidArgumentError('A number of rows, at least 1, is needed.');
}
