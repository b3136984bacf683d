import { styleText } from 'node:util';
import type {
  AlertChange,
  Backtest,
  History,
  TimeUnit,
  WindowMeasurement,
} from '@driftline/collector-processor/backtest';
import { type Command, Option } from 'commander';
import { JsonReport } from './backtest/json.ts';
import { moment, type PredictionOption, predictionColumns } from './backtest/options.ts';
import { Screen } from './backtest/screen.ts';
import { Courses, type TimesItsLimit } from './backtest/sparkline.ts';
import { assumptionsOf, coursesOf, headingOf, summaryOf } from './backtest/text.ts';
import { suggestionLines } from './backtest/suggestions.ts';
import { exitCodes } from './exit-codes.ts';
import { names, positive } from './options.ts';
import { ProgressLine } from './progress.ts';

interface Options {
  readonly time: string;
  readonly timeUnit?: TimeUnit;
  readonly config?: string;
  readonly model?: string;
  readonly prediction: PredictionOption;
  readonly truth?: string;
  readonly truthTime?: string;
  readonly duplicates?: boolean;
  readonly distinct: readonly string[];
  readonly exclude: readonly string[];
  readonly categorical: readonly string[];
  readonly from?: number;
  readonly until?: number;
  readonly quietUntil?: number;
  readonly falseAlarmsPerMonth?: number;
  readonly json?: boolean;
}

/** `driftline backtest`: what the drift service would have said of the past. */
export function backtest(program: Command): void {
  program
    .command('backtest')
    .argument('<data>', 'CSV, Parquet or JSON Lines file')
    .description('Say which alerts would have fired over history: exit 0 none, 1 some, 2 error')
    .requiredOption('--time <column>', 'time of the rows')
    .addOption(
      new Option('--time-unit <unit>', 'of times that are numbers (default: by their size)').choices([
        's',
        'ms',
        'us',
        'ns',
      ]),
    )
    .option('--config <file>', 'settings to try (default: driftline.yaml)')
    .option('--model <name>', 'model whose rows they are, where the settings name several')
    .option(
      '--prediction <columns>',
      'what the model said: score=COLUMN, value=COLUMN, class=COLUMN',
      predictionColumns,
      {},
    )
    .option('--truth <column>', 'what became true')
    .option('--truth-time <column>', 'when that was known (default: with the row)')
    .option('--duplicates', 'senders count repeated rows: quality: { duplicates: true } there')
    .option(
      '--distinct <columns>',
      'senders count different values of these, or of all: quality: { distinct }',
      names,
      [],
    )
    .option('--exclude <columns>', 'columns to leave out', names, [])
    .option('--categorical <columns>', 'columns of codes that are categories, where there is no profile', names, [])
    .option('--from <time>', 'leave out what is older', moment)
    .option('--until <time>', 'leave out what is not older', moment)
    .option('--quiet-until <time>', 'nothing changed until then: limits are suggested from it (default: all)', moment)
    .option('--false-alarms-per-month <rate>', 'that limits are suggested for (default: as the settings say)', positive)
    .option('--json', 'print JSON')
    .action(run);
}

async function run(path: string, { config, json, duplicates, distinct, ...options }: Options): Promise<void> {
  const { readSettings } = await import('@driftline/collector-processor/settings');
  const settings = readSettings(config, process.env);
  if (settings.rules.length === 0)
    warn('the settings have no rules, so no alert can fire; drift is shown all the same.');
  using progress = new ProgressLine(process.stderr);
  const fired = new Map<string, number>();
  const print = (text: string): void => {
    progress[Symbol.dispose]();
    process.stdout.write(text);
  };
  const { backtestFile, formatDuration, timesItsLimit } = await import('@driftline/collector-processor/backtest');
  const report =
    json === true ? jsonReport(print) : textReport(print, { formatDuration, timesItsLimit }, options.quietUntil);
  const past = await backtestFile({
    ...options,
    quality: { duplicates, distinct: distinct.includes('all') ? 'all' : distinct },
    path,
    settings,
    now: Date.now(),
    onNotice: (line) => warn(line),
    onBegin: (history) => {
      for (const line of assumptionsOf(history, options.time)) warn(line);
      report.begin(history);
    },
    onWindow: (window) => report.window(window),
    onAlertChange: (change) => {
      const { rule, state } = change.alert;
      if (state === 'firing') fired.set(rule, (fired.get(rule) ?? 0) + 1);
      report.alert(change);
    },
    onProgress: ({ phase, rows, totalRows }) =>
      progress.show(phase === 'times' ? `reading the times of ${path}` : `judging ${path}`, rows, totalRows),
  });
  progress[Symbol.dispose]();
  report.end(past, fired);
  process.exitCode = fired.size > 0 ? exitCodes.finding : exitCodes.ok;
}

/** What stands to the left and to the right of a feature's picture. */
const BESIDE_PICTURE = 44;

/** One of two ways to tell the same. */
interface Report {
  begin(history: History): void;
  window(window: WindowMeasurement): void;
  alert(change: AlertChange): void;
  end(past: Backtest, fired: ReadonlyMap<string, number>): void;
}

function jsonReport(print: (text: string) => void): Report {
  const json = new JsonReport(print);
  return {
    begin: () => {},
    window: (window) => json.window(window),
    alert: (change) => json.alert(change),
    end: (past) => json.end(past),
  };
}

function textReport(
  print: (text: string) => void,
  { formatDuration, timesItsLimit }: { formatDuration: (ms: number) => string; timesItsLimit: TimesItsLimit },
  quietUntil: number | undefined,
): Report {
  const say = (line: string): void => print(`${line}\n`);
  const counts = { windows: 0, drifted: 0, unjudged: 0 };
  let screen: Screen | undefined;
  let courses: Courses | undefined;
  return {
    begin(history) {
      say(headingOf(history, formatDuration));
      say('');
      screen = new Screen(history, timesItsLimit, say);
      const { span, windowMs, subjects } = history;
      const nameWidth = Math.max(...subjects.map((name) => name.length));
      const width = Math.max(10, (process.stdout.columns ?? 80) - nameWidth - BESIDE_PICTURE);
      const start = Math.floor(span.from / windowMs) * windowMs;
      courses = new Courses({ start, end: span.until, windowMs, width }, timesItsLimit);
    },
    window(window) {
      counts.windows++;
      if (window.state === 'drift') counts.drifted++;
      if (window.state === 'insufficient_data' || window.state === 'no_reference') counts.unjudged++;
      screen?.window(window);
      courses?.add(window);
    },
    alert: (change) => screen?.alert(change),
    end(past, fired) {
      screen?.end();
      for (const line of coursesOf(courses?.all() ?? [])) say(line);
      for (const line of summaryOf(past, counts, fired)) say(line);
      for (const line of suggestionLines(past, quietUntil)) say(line);
    },
  };
}

function warn(line: string): void {
  process.stderr.write(`${styleText('dim', 'driftline:')} ${line}\n`);
}
