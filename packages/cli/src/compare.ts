import { styleText } from 'node:util';
import type { Comparison, FeatureVerdict } from '@driftline/collector-processor/compare';
import { type Command, InvalidArgumentError } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { ProgressLine } from './progress.ts';
import { inShort, inThousands, printable, table } from './table.ts';

interface CompareOptions {
  readonly falseAlarmRate: number;
  readonly rowsPerEntity?: number;
  readonly json?: boolean;
}

/** A window that could not see half a standard deviation says little with its "ok". */
const BLIND_ABOVE = 0.5;

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
    .option('--json', 'print JSON')
    .action(run);
}

async function run(profilePath: string, path: string, options: CompareOptions): Promise<void> {
  const { falseAlarmRate, rowsPerEntity, json } = options;
  const { compareFile, readProfile } = await import('@driftline/collector-processor/compare');
  const profile = await readProfile(profilePath);
  using progress = new ProgressLine(process.stderr);
  const comparison = await compareFile({
    profile,
    path,
    falseAlarmRate,
    rowsPerEntity,
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

function asJson({ drifted, rows, features }: Comparison): string {
  const shown = features.map(
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
  return JSON.stringify({ drifted, rows, features: shown }, undefined, 2);
}

function asTable({ drifted, rows, features }: Comparison): string {
  const heading = ['feature', 'state', 'size', 'limit', 'detectable', 'p', 'rows', 'change'];
  const count = (wanted: FeatureVerdict['state']) => features.filter(({ state }) => state === wanted).length;
  const isUnjudged = count('insufficient_data') === features.length;
  const quiet = isUnjudged ? 'too few to judge' : 'no drift';
  const verdict = drifted ? `${count('drift')} of ${features.length} features drifted` : quiet;
  return `${table([heading, ...features.map(cellsOf)])}\n\n${inThousands(rows)} rows: ${verdict}`;
}

function cellsOf(feature: FeatureVerdict): string[] {
  const { name, state, size, threshold, detectableSize, pAdjusted, rows, part } = feature;
  const isSeen = state !== 'insufficient_data' && state !== 'no_reference';
  const inUnits = (value: number) =>
    part === 'distribution' ? `${inShort(value)} sd` : `${inShort(100 * value)} points`;
  return [
    printable(name),
    coloured(state),
    isSeen ? inUnits(size) : '',
    inUnits(threshold),
    `${inShort(detectableSize)} sd`,
    isSeen ? inShort(pAdjusted) : '',
    inThousands(rows),
    isSeen ? changeOf(feature) : '',
  ];
}

function changeOf({ state, detectableSize, direction }: FeatureVerdict): string {
  if (state === 'ok' && detectableSize > BLIND_ABOVE)
    return `too few rows to see less than ${inShort(detectableSize)} sd`;
  return printable(direction);
}

function coloured(state: FeatureVerdict['state']): string {
  switch (state) {
    case 'drift':
      return styleText('red', state);
    case 'warning':
      return styleText('yellow', state);
    case 'ok':
      return styleText('green', state);
    case 'insufficient_data':
    case 'no_reference':
      return styleText('dim', state);
  }
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
