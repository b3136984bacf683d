import { styleText } from 'node:util';
import type { Comparison, FeatureVerdict, FixedLimits, QualityFinding } from '@driftline/collector-processor/compare';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { multivariateText } from './multivariate-text.ts';
import { names, rowCount } from './options.ts';
import { ProgressLine } from './progress.ts';
import { judgementCells, judgementHeading } from './judgement-cells.ts';
import { segmentTable } from './segment-table.ts';
import { inThousands, percent, printable, table } from './table.ts';

interface CompareOptions {
  readonly falseAlarmRate: number;
  readonly rowsPerEntity?: number;
  readonly segment: readonly string[];
  readonly config?: string;
  readonly limit: readonly string[];
  readonly sort: 'profile' | 'drift';
  readonly json?: boolean;
}

/** `driftline compare`: the decision of the drift service on a file. */
export function compare(program: Command): void {
  program
    .command('compare')
    .argument('<profile>', 'reference profile')
    .argument('<data>', 'CSV, Parquet or JSON Lines file')
    .description('Say whether data drifted from the profile, or their quality did: exit 0 no, 1 yes, 2 error')
    .option(
      '--false-alarm-rate <rate>',
      'how often data without drift may be called drifted; data quality has as much beside it',
      share,
      0.01,
    )
    .option(
      '--rows-per-entity <rows>',
      'rows that one user or session has, if you know: they count for fewer',
      rowCount,
    )
    .option(
      '--segment <columns>',
      'columns whose values are compared apart; the profile needs the same ones',
      names,
      [],
    )
    .option(
      '--config <file>',
      'take constraints, orders, importances, features to ignore and limits of data quality from these settings',
    )
    .option(
      '--limit <method=limit>',
      'let a fixed limit decide, psi=0.25 or "chi-squared=p<0.01"; repeatable',
      (limit: string, before: readonly string[]) => [...before, limit],
      [],
    )
    .addOption(
      new Option('--sort <order>', 'order of the table: of the profile, or what moved farthest first')
        .choices(['profile', 'drift'])
        .default('profile'),
    )
    .option('--json', 'print JSON')
    .action(run);
}

async function run(profilePath: string, path: string, options: CompareOptions): Promise<void> {
  const { falseAlarmRate, rowsPerEntity, segment, limit, sort, json } = options;
  const { compareFile, driftMethodNames, noNumbersInWords, parseLimit, readProfile, timesItsLimit } = await import(
    '@driftline/collector-processor/compare'
  );
  const limits = fixedLimits(limit, driftMethodNames, parseLimit);
  const profile = await readProfile(profilePath);
  const settings = options.config === undefined ? undefined : await settingsFor(profile.model.name, options.config);
  using progress = new ProgressLine(process.stderr);
  const comparison = await compareFile({
    profile,
    path,
    falseAlarmRate,
    rowsPerEntity,
    segments: segment,
    quality: settings?.quality,
    constraints: settings?.constraints,
    minRows: settings?.window.minRows,
    ignored: settings && ignoredIn(settings.features),
    correlation: settings?.quality.correlation,
    limits,
    declared: settings?.features,
    onProgress: ({ rows }) => progress.show(`reading ${path}`, rows),
  });
  progress[Symbol.dispose]();
  for (const line of whatIsMissing(comparison, noNumbersInWords)) process.stderr.write(`driftline: ${line}\n`);
  process.stdout.write(`${json === true ? asJson(comparison) : asTable(comparison, sort, timesItsLimit)}\n`);
  process.exitCode = comparison.drifted || isViolated(comparison) ? exitCodes.finding : exitCodes.ok;
}

async function settingsFor(model: string, config: string) {
  const { modelSettings, readSettings } = await import('@driftline/collector-processor/settings');
  return modelSettings(readSettings(config, process.env), model);
}

function ignoredIn(features: Readonly<Record<string, { readonly ignore: boolean }>>): readonly string[] {
  return Object.keys(features).filter((name) => features[name]?.ignore === true);
}

function isViolated({ quality }: Comparison): boolean {
  return quality.some(({ state }) => state === 'violated');
}

function* whatIsMissing(
  { features, absentOutputs, noNumbers }: Comparison,
  inWords: (one: Comparison['noNumbers'][number]) => string,
): Generator<string> {
  for (const one of noNumbers) yield inWords(one);
  const insufficient = features.filter(({ state }) => state === 'insufficient_data').map(({ name }) => name);
  if (insufficient.length > 0) {
    yield `too few rows to judge ${insufficient.join(', ')}: 100 with a value are needed, and 500 in the profile.`;
  }
  if (absentOutputs.length > 0) yield `the data has no column for the output ${absentOutputs.join(', ')}.`;
}

function asJson(comparison: Comparison): string {
  const { features, segments, drifted, rows, states, ranking, quality, noNumbers } = comparison;
  const { correlation, reconstruction } = comparison;
  const apart = segments?.map(({ features, ...segment }) => ({ ...segment, features: shownOf(features) }));
  const judged = { drifted, rows, states, ranking, features: shownOf(features), quality, noNumbers };
  const whole = { ...judged, correlation, reconstruction };
  return JSON.stringify({ ...whole, segments: apart }, undefined, 2);
}

const shownFields = [
  'name',
  'state',
  'part',
  'direction',
  'size',
  'pAdjusted',
  'threshold',
  'detectableSize',
  'rows',
  'scores',
  'scorePValues',
  'scoreBounds',
  'judgedBy',
] as const satisfies readonly (keyof FeatureVerdict)[];

function shownOf(features: readonly FeatureVerdict[]) {
  return features.map((feature) => Object.fromEntries(shownFields.map((field) => [field, feature[field]])));
}

function asTable(
  comparison: Comparison,
  sort: CompareOptions['sort'],
  timesItsLimit: Parameters<typeof segmentTable>[1],
): string {
  const { rows, features, ranking, quality, segments = [], correlation } = comparison;
  const count = (wanted: FeatureVerdict['state']) => features.filter(({ state }) => state === wanted).length;
  const isUnjudged = count('insufficient_data') === features.length;
  const quiet = isUnjudged ? 'too few to judge' : 'no drift';
  const drifts = [
    ...(count('drift') > 0 ? [`${count('drift')} of ${features.length} features drifted`] : []),
    ...(correlation?.state === 'drift' ? ['correlations changed'] : []),
  ];
  const verdict = drifts.length > 0 ? drifts.join(', ') : quiet;
  const places = new Map(ranking.byDrift.map((name, place) => [name, place]));
  const place = ({ name }: FeatureVerdict) => places.get(name) ?? features.length;
  const shownInOrder = sort === 'drift' ? features.toSorted((a, b) => place(a) - place(b)) : features;
  const ofFeatures = table([
    ['feature', ...judgementHeading],
    ...shownInOrder.map((one) => [printable(one.name), ...judgementCells(one)]),
  ]);
  const tables = [ofFeatures, ...qualityTable(quality), ...multivariateText(comparison)];
  const whole = `${tables.join('\n\n')}\n\n${inThousands(rows)} rows: ${verdict}${violationsIn(quality)}`;
  return segments.length === 0 ? whole : `${whole}\n\n${segmentTable(segments, timesItsLimit)}`;
}

function violationsIn(quality: readonly QualityFinding[]): string {
  const violated = quality.filter(({ state }) => state === 'violated').length;
  if (violated === 0) return '';
  return `, ${violated} ${violated === 1 ? 'violation' : 'violations'} of data quality`;
}

/** What is violated, and what was declared; shares within their limits are in the JSON. */
function qualityTable(quality: readonly QualityFinding[]): string[] {
  const shown = quality.filter(({ state, isDeclared }) => state === 'violated' || isDeclared === true);
  if (shown.length === 0) return [];
  return [
    table([
      ['quality', 'rule', 'state', 'share', 'limit', 'why'],
      ...shown.map(({ name, rule, state, ratio, upperRatio, limit, detail, why }) => [
        printable(name ?? 'rows'),
        rule,
        styleText(state === 'violated' ? 'red' : state === 'ok' ? 'green' : 'dim', state),
        upperRatio === undefined ? percent(ratio) : `${percent(ratio)} to ${percent(upperRatio)}`,
        percent(limit),
        printable(why ?? detail ?? ''),
      ]),
    ]),
  ];
}

function fixedLimits(
  written: readonly string[],
  known: readonly string[],
  parse: (text: string) => FixedLimits[string] | undefined,
): FixedLimits | undefined {
  if (written.length === 0) return undefined;
  return Object.fromEntries(
    written.map((text) => {
      const [method = '', ...rest] = text.split('=');
      const limit = parse(rest.join('='));
      if (!known.includes(method)) throw new Error(`--limit: ${method} is unknown; known: ${known.join(', ')}`);
      if (limit === undefined) throw new Error(`--limit: ${text} must be like psi=0.25 or "chi-squared=p<0.01"`);
      return [method, limit];
    }),
  );
}

function share(text: string): number {
  const rate = Number(text);
  if (rate > 0 && rate < 1) return rate;
  throw new InvalidArgumentError('A share between 0 and 1 is needed, 0.01 for instance.');
}
